using DasSearch.Data.Batches;

namespace DasSearch.Data.Tasks;

/// <summary>A downstream task: samples in three splits, given out in batches.</summary>
/// <remarks>
/// A batch is a pure function of the task and the arguments, so batches may be asked for in any order, again after an
/// interruption, and by several threads at once.
/// </remarks>
public interface IVisionLanguageTask
{
    /// <summary>What does not change from sample to sample.</summary>
    TaskFacts Facts { get; }

    /// <summary>Makes one batch; the caller disposes it.</summary>
    /// <param name="split">Which split.</param>
    /// <param name="epoch">From 0: each has its own order of the training split. The others are always in the same order.</param>
    /// <param name="index">Which batch of the epoch, from 0 to <see cref="TaskFacts.BatchesOf"/> − 1.</param>
    /// <param name="size">Samples of a batch, at least 1; the last batch has what is left.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    Batch Batch(Split split, long epoch, int index, int size);
}
