using DasSearch.Core;
using DasSearch.Data;
using DasSearch.Data.Batches;
using DasSearch.Data.Tasks.Retrieval;
using DasSearch.Worker.Networks;
using static TorchSharp.torch;

namespace DasSearch.Worker.Training;

/// <summary>Recall over a gallery: every image is scored with every caption.</summary>
/// <remarks>
/// TR@k is the share of images whose caption is among the k best captions, IR@k that of captions whose image is among the
/// k best images (papers' part A.8). What scores as much as the counterpart counts as better, so that a network that
/// tells nothing apart finds nothing.
/// </remarks>
public static class GalleryRecall
{
    private static readonly int[] _ranks = [1, 5, 10];

    /// <summary>Figures by name, such as <c>text_recall@5</c> and <c>image_recall@1</c>, each in [0, 1].</summary>
    /// <param name="network">A network that ranks.</param>
    /// <param name="task">The task.</param>
    /// <param name="split">Where the photos come from.</param>
    /// <param name="size">Images and captions of the gallery.</param>
    /// <param name="skipped">What is skipped.</param>
    /// <param name="told">Told how many images are done.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="OperationCanceledException">It was ended early.</exception>
    public static IReadOnlyDictionary<string, double> Of(
        TransferNetwork network, IGalleryTask task, Split split, int size, Subnetwork skipped, Action<int> told, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(told);
        using var unrecorded = no_grad();
        using var scope = NewDisposeScope();
        network.Train(false);
        using var gallery = task.Gallery(split, size);
        var texts = new Texts(gallery.Texts.Ids.to(network.Device).unsqueeze(0), gallery.Texts.Mask.to(network.Device).unsqueeze(0));
        var images = gallery.Images.to(network.Device);
        var first = zeros(1, int64, network.Device);
        var scores = new double[size, size];
        for (var image = 0; image < size; image++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var inner = NewDisposeScope();

            // One sample, whose candidates are all captions.
            var sample = new Batch([images.narrow(0, image, 1)], texts, first, Targets: null, [image]);
            var row = network.Logits(sample, skipped).cpu().data<float>().ToArray();
            for (var text = 0; text < size; text++)
            {
                scores[image, text] = row[text];
            }

            told(image + 1);
        }

        network.Train(true);
        return Recall(scores);
    }

    /// <summary>Recall from a square matrix of scores [images, texts] whose counterparts are on the diagonal.</summary>
    internal static IReadOnlyDictionary<string, double> Recall(double[,] scores)
    {
        var size = scores.GetLength(0);
        var result = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var rank in _ranks)
        {
            var (texts, images) = (0, 0);
            for (var i = 0; i < size; i++)
            {
                var (betterTexts, betterImages) = (0, 0);
                for (var j = 0; j < size; j++)
                {
                    betterTexts += j != i && !(scores[i, j] < scores[i, i]) ? 1 : 0;
                    betterImages += j != i && !(scores[j, i] < scores[i, i]) ? 1 : 0;
                }

                texts += betterTexts < rank ? 1 : 0;
                images += betterImages < rank ? 1 : 0;
            }

            result[$"text_recall@{rank}"] = (double)texts / size;
            result[$"image_recall@{rank}"] = (double)images / size;
        }

        return result;
    }
}
