using DasSearch.Core;
using DasSearch.Data;
using DasSearch.Data.Batches;
using DasSearch.Data.Tasks;
using DasSearch.Worker.Networks;
using static TorchSharp.torch;

namespace DasSearch.Worker.Training;

/// <summary>How a network does on a split.</summary>
/// <param name="Loss">The mean loss of a sample.</param>
/// <param name="Accuracy">The share of samples that are correct, in [0, 1]; where texts are ranked, of true texts that come first.</param>
/// <param name="ByNaming">The same share among the samples that name something, where the task tells them apart; else empty.</param>
public sealed record TaskScore(double Loss, double Accuracy, IReadOnlyDictionary<Naming, double> ByNaming);

/// <summary>Evaluates a network on a whole split, in evaluation mode and without gradients.</summary>
public static class TaskEvaluation
{
    /// <summary>Scores a subnetwork.</summary>
    /// <exception cref="OperationCanceledException">It was ended early.</exception>
    public static TaskScore Score(
        TransferNetwork network, IVisionLanguageTask task, Split split, Subnetwork skipped, int batchSize, CancellationToken cancellation) =>
        Score(network, task, split, skipped, batchSize, threads: null, cancellation);

    /// <summary>Scores a subnetwork.</summary>
    /// <param name="network">The network; in training mode afterwards.</param>
    /// <param name="task">The task.</param>
    /// <param name="split">The split.</param>
    /// <param name="skipped">What is skipped.</param>
    /// <param name="batchSize">Samples of a batch; the result depends on it by rounding only.</param>
    /// <param name="threads">What shares out the parts of a batch; null: it makes its own.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="OperationCanceledException">It was ended early.</exception>
    internal static TaskScore Score(
        TransferNetwork network,
        IVisionLanguageTask task,
        Split split,
        Subnetwork skipped,
        int batchSize,
        TwoThreads? threads,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(task);
        using var own = threads is null ? new TwoThreads(network.Device) : null;
        var shared = threads ?? own!;
        network.Train(false);
        var loss = 0.0;
        var right = new List<(int Sample, float Share)>();
        var batches = task.Facts.BatchesOf(split, batchSize);
        using var ahead = new Prefetcher<Batch>(batches, i => task.Batch(split, epoch: 0, (int)i, batchSize));
        while (ahead.Next(cancellation) is { } next)
        {
            cancellation.ThrowIfCancellationRequested();
            using var batch = next.MoveTo(network.Device);
            var parts = BatchParts.Of(batch, network.Backbone);
            var (losses, rights) = (new double[parts.Count], new (int Sample, float Share)[parts.Count][]);
            shared.Run(half =>
            {
                using var unrecorded = no_grad();
                for (var i = half; i < parts.Count; i += shared.Count)
                {
                    using var part = parts[i];
                    (losses[i], rights[i]) = LostScalar.Retry(() => ScoreOf(part));
                }
            });
            loss += losses.Sum();
            right.AddRange(rights.SelectMany(static part => part));
        }

        network.Train(true);
        return new TaskScore(loss / right.Count, right.Average(static sample => (double)sample.Share), ByNaming(task as INamingTask, split, right));

        (double Loss, (int Sample, float Share)[] Right) ScoreOf(Batch part)
        {
            using var scope = NewDisposeScope();
            var logits = network.Logits(part, skipped);
            return (network.Loss(logits, part).item<float>() * part.Size, [.. part.Samples.Zip(network.Right(logits, part).cpu().data<float>().ToArray())]);
        }
    }

    private static Dictionary<Naming, double> ByNaming(INamingTask? task, Split split, List<(int Sample, float Share)> right) => task is null ? [] : right
        .GroupBy(sample => task.NamingOf(split, sample.Sample))
        .Where(static samples => samples.Key != Naming.None)
        .ToDictionary(static samples => samples.Key, static samples => samples.Average(static sample => (double)sample.Share));
}
