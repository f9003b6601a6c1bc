using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Data;
using DasSearch.Data.Tasks;
using DasSearch.Data.Tasks.Retrieval;
using DasSearch.Exports;
using DasSearch.Transfer;
using DasSearch.Worker.Networks;
using DasSearch.Worker.Training;

namespace DasSearch.App;

/// <summary>Evaluates a trained plan anew.</summary>
public static class PlanEvaluation
{
    /// <summary>Final figures by name, such as <c>test.accuracy</c>.</summary>
    /// <remarks>A plan that was not trained is evaluated as it is where that needs no weights but the checkpoint's, as CLIP's zero-shot classification.</remarks>
    /// <param name="environment">Where its task comes from.</param>
    /// <param name="source">Where the plan is.</param>
    /// <param name="split">The samples.</param>
    /// <param name="gallery">Images of the gallery for recall, where the task ranks; 0 for none.</param>
    /// <param name="told">Told what happens.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="DasSearchException">The plan was not trained, or what it needs is missing.</exception>
    public static SortedDictionary<string, double> Run(
        AppEnvironment environment, PlanSource source, Split split, int gallery, Action<string> told, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(source);
        var work = PlannedWork.Open(environment, source);
        var files = new PlanFiles(work.Plan, source.Plan, source.Database);
        var isAsItIs = work.Plan.Result is null && NeedsNoTraining(environment, work.Plan);
        work = isAsItIs ? PlannedWork.ToTrain(environment, source, new LinearTransfer().Name) : work;
        var weights = isAsItIs ? null : files.Trained();
        var config = work.Settings.Values;
        var seed = work.Plan.Result?.Seed ?? config.Seed;
        var device = ComputeDevice.Prepare(config.Device, config.Threads);
        var task = environment.OpenTask(work.Settings, seed);
        using var network = TransferNetwork.Build(work.Planned(environment, task, device, seed) with { IsRestored = true });
        if (weights is null && network.Trained.Count == 0)
        {
            told($"{source.Plan} is not trained: evaluated as it is, with nothing attached or in place of skipped modules");
        }
        else
        {
            TrainedWeights.Load(network, weights ?? files.Trained());
        }

        return TestFigures.Take(
            network, task, split, work.Plan.Subnetwork, TrainingSession.BatchSize(config), gallery, told, cancellation);
    }

    // As far as it can be told before anything is built.
    private static bool NeedsNoTraining(AppEnvironment environment, SkipPlan plan) =>
        environment.Tasks(plan.Task).Kind is TaskKind.Classification or TaskKind.Ranking
        && environment.Tables.Backbones.Named(plan.Backbone).DescribeProfiled().HasSharedSpace;
}

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
        foreach (var (naming, accuracy) in score.ByNaming)
        {
            figures[$"{name}.accuracy_{EnumNames.NameOf(naming)}_names"] = accuracy;
        }

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
