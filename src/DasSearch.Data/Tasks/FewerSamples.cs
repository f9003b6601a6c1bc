using DasSearch.Core;
using DasSearch.Data.Batches;

namespace DasSearch.Data.Tasks;

/// <summary>A task with the first batches of its training split alone, which come in another order each epoch.</summary>
/// <remarks>
/// Batches stay as they are, so that what frozen encoders make of their pictures and texts is computed once. Of another size than the
/// training's they are whole, too: where it does not divide the samples, an earlier one comes again in the place of the last.
/// </remarks>
public sealed class FewerSamples : IVisionLanguageTask
{
    private readonly IVisionLanguageTask _task;
    private readonly long _seed;

    /// <param name="task">The task; all its splits but training are as they are.</param>
    /// <param name="samples">How many training samples are left, at least <paramref name="size"/>; what makes no whole batch is left out.</param>
    /// <param name="size">Samples of a training batch.</param>
    /// <param name="seed">Of the order.</param>
    /// <exception cref="ArgumentOutOfRangeException">There would be no batch, or there are not so many samples.</exception>
    public FewerSamples(IVisionLanguageTask task, int samples, int size, long seed)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, size);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(samples, task.Facts.SizeOf(Split.Train));
        (_task, _seed) = (task, seed);
        Facts = task.Facts with { Sizes = [samples / size * size, task.Facts.SizeOf(Split.Validation), task.Facts.SizeOf(Split.Test)] };
    }

    /// <inheritdoc/>
    public TaskFacts Facts { get; }

    /// <inheritdoc/>
    public IVisionLanguageTask Unvaried => new FewerSamples(_task.Unvaried, Facts.SizeOf(Split.Train), size: 1, _seed);

    /// <inheritdoc/>
    public Batch Batch(Split split, long epoch, int index, int size)
    {
        if (split != Split.Train)
        {
            return _task.Batch(split, epoch, index, size);
        }

        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Facts.BatchesOf(Split.Train, size), nameof(index));
        var samples = Facts.SizeOf(Split.Train);
        size = Math.Min(size, samples);
        var order = Enumerable.Range(0, samples / size).ToArray();
        Shuffler.Shuffle(order.AsSpan(), SeededRandom.Derive(_seed, "fewer-samples", epoch));
        return _task.Batch(split, epoch: 0, order[index % order.Length], size);
    }
}
