using DasSearch.Core;
using DasSearch.Data;
using DasSearch.Data.Batches;
using DasSearch.Data.Tasks.Retrieval;
using DasSearch.Models.Backbones;
using DasSearch.Worker.Networks;
using static TorchSharp.torch;

namespace DasSearch.Worker.Training;

/// <summary>Recall over a gallery: every image is scored with every caption.</summary>
/// <remarks>
/// TR@k is the share of images of which a caption is among the k best captions, IR@k that of captions whose image is among the
/// k best images (papers' part A.8). What is false and scores as much as the counterpart counts as better, so that a network that
/// tells nothing apart finds nothing. Captions are scored in parts, so that memory does not grow with the gallery.
/// </remarks>
public static class GalleryRecall
{
    private const int TextsOfAPart = 256;

    private static readonly int[] _ranks = [1, 5, 10];

    /// <summary>Figures by name, such as <c>text_recall@5</c> and <c>image_recall@1</c>, each in [0, 1].</summary>
    /// <param name="network">A network that ranks.</param>
    /// <param name="task">The task.</param>
    /// <param name="split">Where the photos come from.</param>
    /// <param name="size">Images of the gallery, with all their captions.</param>
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
        var texts = new Texts(gallery.Texts.Ids.to(network.Device), gallery.Texts.Mask.to(network.Device));
        var scores = network.Backbone.HasSharedSpace
            ? Apart(network, gallery, texts, skipped, told, cancellation)
            : Pairwise(network, gallery, texts, skipped, told, cancellation);
        network.Train(true);
        return Recall(scores, gallery.Owners);
    }

    // Where texts and images see nothing of each other each is read once: an image with so many of the captions, whosever they are.
    private static double[,] Apart(TransferNetwork network, Gallery gallery, Texts texts, Subnetwork skipped, Action<int> told, CancellationToken cancellation)
    {
        var (captions, each) = (gallery.Owners.Count, (gallery.Owners.Count + gallery.Images - 1) / gallery.Images);
        var (ofTexts, ofImages) = (new List<Tensor>(), new List<Tensor>());
        Tensor? scale = null;
        for (var image = 0; image < gallery.Images; image++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var inner = NewDisposeScope();
            using var made = gallery.Image(image);
            var begin = Math.Min(image * each, captions - 1); // the last ones may have none left, and read one again
            var count = Math.Min(each, captions - begin);
            var shared = network.Shared(new BackboneInput(texts.Ids.narrow(0, begin, count), texts.Mask.narrow(0, begin, count), made.to(network.Device)), skipped);
            ofImages.Add(shared.Images.MoveToOuterDisposeScope());
            scale ??= shared.Scale.MoveToOuterDisposeScope();
            if (image * each < captions)
            {
                ofTexts.Add(shared.Texts.MoveToOuterDisposeScope());
            }

            told(image + 1);
        }

        var all = new SharedSpace(cat(ofTexts), cat(ofImages), scale!).Scores().cpu().data<float>().ToArray();
        var scores = new double[gallery.Images, captions];
        for (var i = 0; i < all.Length; i++)
        {
            scores[i / captions, i % captions] = all[i];
        }

        return scores;
    }

    private static double[,] Pairwise(TransferNetwork network, Gallery gallery, Texts texts, Subnetwork skipped, Action<int> told, CancellationToken cancellation)
    {
        var first = zeros(1, int64, network.Device);
        var scores = new double[gallery.Images, gallery.Owners.Count];
        for (var image = 0; image < gallery.Images; image++)
        {
            using var inner = NewDisposeScope();
            using var made = gallery.Image(image);
            var pixels = made.to(network.Device);
            for (var begin = 0; begin < gallery.Owners.Count; begin += TextsOfAPart)
            {
                cancellation.ThrowIfCancellationRequested();
                using var innermost = NewDisposeScope();

                // One sample, whose candidates are some of the captions.
                var count = Math.Min(TextsOfAPart, gallery.Owners.Count - begin);
                var candidates = new Texts(texts.Ids.narrow(0, begin, count).unsqueeze(0), texts.Mask.narrow(0, begin, count).unsqueeze(0));
                var row = network.Logits(new Batch([pixels], candidates, first, Targets: null, [image]), skipped).cpu().data<float>().ToArray();
                for (var text = 0; text < count; text++)
                {
                    scores[image, begin + text] = row[text];
                }
            }

            told(image + 1);
        }

        return scores;
    }

    /// <summary>Recall from scores [images, texts].</summary>
    /// <param name="scores">The scores.</param>
    /// <param name="owners">The image that each text belongs to.</param>
    internal static IReadOnlyDictionary<string, double> Recall(double[,] scores, IReadOnlyList<int> owners)
    {
        var (images, texts) = (scores.GetLength(0), scores.GetLength(1));
        var ranksOfImages = owners.Select((owner, text) => Enumerable.Range(0, images).Count(image => image != owner && !(scores[image, text] < scores[owner, text]))).ToList();

        // Of an image's captions the one that is found first counts, among those of other images.
        var ranksOfTexts = new int[images];
        Array.Fill(ranksOfTexts, texts);
        foreach (var (text, owner) in owners.Index())
        {
            var better = Enumerable.Range(0, texts).Count(other => owners[other] != owner && !(scores[owner, other] < scores[owner, text]));
            ranksOfTexts[owner] = Math.Min(ranksOfTexts[owner], better);
        }

        var result = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var rank in _ranks)
        {
            result[$"text_recall@{rank}"] = (double)ranksOfTexts.Count(better => better < rank) / images;
            result[$"image_recall@{rank}"] = (double)ranksOfImages.Count(better => better < rank) / texts;
        }

        return result;
    }
}
