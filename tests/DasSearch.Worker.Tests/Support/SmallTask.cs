using DasSearch.Data;
using DasSearch.Data.Batches;
using DasSearch.Data.Tasks;

namespace DasSearch.Worker.Tests.Support;

/// <summary>A real task with few samples: an epoch takes a moment.</summary>
internal sealed class SmallTask(string name, int train = 24, int heldOut = 12) : IVisionLanguageTask
{
    private readonly IVisionLanguageTask _whole = TaskTable.Named(name).Open(Photos.Source, new TaskSettings(Candidates: 3));

    public TaskFacts Facts => _whole.Facts with { Sizes = [train, heldOut, heldOut] };

    public Batch Batch(Split split, long epoch, int index, int size)
    {
        // The first epoch's order, whatever the epoch: the samples would otherwise be others of the whole task.
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Facts.BatchesOf(split, size));
        var batch = _whole.Batch(split, split == Split.Train ? 0 : epoch, index, size);
        var left = Facts.SizeOf(split) - (index * size);
        if (left >= size)
        {
            return batch;
        }

        using (batch)
        {
            return batch.Part([.. Enumerable.Range(0, left)]);
        }
    }
}
