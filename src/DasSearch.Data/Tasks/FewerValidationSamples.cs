using DasSearch.Data.Batches;

namespace DasSearch.Data.Tasks;

/// <summary>A task with some batches of its validation split alone, spread evenly over it; the first of them is among them.</summary>
public sealed class FewerValidationSamples : IVisionLanguageTask
{
    private readonly IVisionLanguageTask _task;

    /// <param name="task">The task; all its splits but validation are as they are.</param>
    /// <param name="samples">How many validation samples are left, at least <paramref name="size"/>; what makes no whole batch is left out.</param>
    /// <param name="size">Samples of a validation batch.</param>
    /// <exception cref="ArgumentOutOfRangeException">There would be no batch, or there are not so many samples.</exception>
    public FewerValidationSamples(IVisionLanguageTask task, int samples, int size)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, size);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(samples, task.Facts.SizeOf(Split.Validation));
        _task = task;
        Facts = task.Facts with { Sizes = [task.Facts.SizeOf(Split.Train), samples / size * size, task.Facts.SizeOf(Split.Test)] };
    }

    /// <inheritdoc/>
    public TaskFacts Facts { get; }

    /// <inheritdoc/>
    public Batch Batch(Split split, long epoch, int index, int size)
    {
        if (split != Split.Validation)
        {
            return _task.Batch(split, epoch, index, size);
        }

        var batches = Facts.BatchesOf(Split.Validation, size);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)batches, nameof(index));
        return _task.Batch(split, epoch, (int)((long)index * _task.Facts.BatchesOf(Split.Validation, size) / batches), size);
    }
}
