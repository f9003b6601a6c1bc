using System.Runtime.InteropServices;
using DasSearch.Data.Batches;
using DasSearch.Data.Tasks;

namespace DasSearch.Data.Tests.Support;

/// <summary>What can be had without looking: to each text, the label that it had most often in training.</summary>
/// <remarks>Texts never met get the label that was most frequent overall. Ties go to the lower label.</remarks>
internal static class TextOnlyBaseline
{
    private const int BatchSize = 500;

    /// <summary>Learns on the training split and gives the share of right answers, in [0, 1], on another.</summary>
    /// <param name="task">A task with one text a sample.</param>
    /// <param name="split">Where it is measured.</param>
    /// <exception cref="ArgumentException">The task ranks texts, so that the text is the answer.</exception>
    public static double Accuracy(IVisionLanguageTask task, Split split)
    {
        ArgumentNullException.ThrowIfNull(task);
        if (task.Facts.Kind == TaskKind.Ranking)
        {
            throw new ArgumentException($"{task.Facts.Name} ranks texts: they cannot be what the answer is guessed from.", nameof(task));
        }

        var labelsOf = Samples(task, Split.Train).ToLookup(sample => sample.Text, sample => sample.Label);
        var overall = MostFrequent(labelsOf.SelectMany(labels => labels));
        var guesses = labelsOf.ToDictionary(labels => labels.Key, MostFrequent, StringComparer.Ordinal);
        return Samples(task, split).Average(sample => guesses.GetValueOrDefault(sample.Text, overall) == sample.Label ? 1.0 : 0.0);
    }

    private static long MostFrequent(IEnumerable<long> labels) =>
        labels.CountBy(label => label).OrderByDescending(entry => entry.Value).ThenBy(entry => entry.Key).First().Key;

    private static IEnumerable<(string Text, long Label)> Samples(IVisionLanguageTask task, Split split)
    {
        for (var index = 0; index < task.Facts.BatchesOf(split, BatchSize); index++)
        {
            using var batch = task.Batch(split, epoch: 0, index, BatchSize);
            for (var row = 0; row < batch.Size; row++)
            {
                var ids = BatchTensors.Elements<long>(batch.Texts.Ids).Slice(row * task.Facts.TextLength, task.Facts.TextLength);
                yield return (new string(MemoryMarshal.Cast<long, char>(ids)), BatchTensors.Elements<long>(batch.Labels)[row]);
            }
        }
    }
}
