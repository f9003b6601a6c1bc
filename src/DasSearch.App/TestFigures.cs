using DasSearch.Core;
using DasSearch.Data;
using DasSearch.Data.Tasks;
using DasSearch.Data.Tasks.Retrieval;
using DasSearch.Worker.Networks;
using DasSearch.Worker.Training;

namespace DasSearch.App;

/// <summary>Final figures of a network by name, such as <c>test.accuracy</c>.</summary>
internal static class TestFigures
{
    private const int ImagesBetweenLines = 100;

    /// <summary>Takes them; ranking tasks have recall over a gallery besides.</summary>
    internal static SortedDictionary<string, double> Take(
        TransferNetwork network,
        IVisionLanguageTask task,
        Split split,
        Subnetwork skipped,
        int batchSize,
        int gallery,
        Action<string> told,
        CancellationToken cancellation)
    {
        var name = EnumNames.NameOf(split);
        told($"evaluating on the {name} split");
        var score = TaskEvaluation.Score(network, task, split, skipped, batchSize, cancellation);
        var figures = new SortedDictionary<string, double>(StringComparer.Ordinal)
        {
            [$"{name}.accuracy"] = score.Accuracy,
            [$"{name}.loss"] = score.Loss,
        };
        if (task is IGalleryTask ranking && gallery > 0)
        {
            told($"recall over a gallery of {gallery} images and captions");
            var recall = GalleryRecall.Of(network, ranking, split, gallery, skipped, Tell, cancellation);
            foreach (var (measure, value) in recall)
            {
                figures[$"{name}.{measure}"] = value;
            }
        }

        return figures;

        void Tell(int images)
        {
            if (images % ImagesBetweenLines == 0)
            {
                told($"image {images} of {gallery}");
            }
        }
    }
}
