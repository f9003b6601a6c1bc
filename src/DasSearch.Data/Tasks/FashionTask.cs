using DasSearch.Core;
using DasSearch.Data.Batches;
using DasSearch.Data.FashionMnist;
using DasSearch.Data.Scenes;
using static TorchSharp.torch;

namespace DasSearch.Data.Tasks;

/// <summary>Makes batches of a source's samples.</summary>
internal sealed class FashionTask(ISampleSource source, FashionPhotos photos, TaskSettings settings) : IVisionLanguageTask
{
    private readonly EpochOrder _order = new(settings.OrderSeed, source.Facts.SizeOf(Split.Train));

    public TaskFacts Facts { get; } = source.Facts with { Vocabulary = settings.Tokenizer.Count };

    public Batch Batch(Split split, long epoch, int index, int size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Facts.BatchesOf(split, size));
        var first = index * size;
        return Batch(split, SamplesOf(split, epoch, first, Math.Min(size, Facts.SizeOf(split) - first)));
    }

    /// <summary>The sample as it was drawn, and the stream that its photos continue.</summary>
    internal SampleDraft Draft(Split split, int sample, out SeededRandom random)
    {
        random = SeededRandom.Derive(settings.DataSeed, $"fashionvl/{Facts.Name}/{split}", sample);
        return source.Draw(random);
    }

    private int[] SamplesOf(Split split, long epoch, int first, int count) =>
        split == Split.Train ? _order.Of(epoch).Slice(first, count).ToArray() : [.. Enumerable.Range(first, count)];

    private Batch Batch(Split split, int[] samples)
    {
        var size = samples.Length;
        var batch = new Batch(
            [.. Enumerable.Range(0, Facts.Images).Select(_ => SceneImages.Make(size))],
            Facts.Texts == 1 ? Texts.Make(size, Facts.TextLength) : Texts.Make(size, Facts.Texts, Facts.TextLength),
            BatchTensors.Make(ScalarType.Int64, size),
            Facts.Kind == TaskKind.Answering ? BatchTensors.Make(ScalarType.Float32, size, Facts.Answers.Count) : null,
            samples);
        for (var row = 0; row < size; row++)
        {
            Write(batch, row, Draft(split, samples[row], out var random), photos.Of(split), random);
        }

        return batch;
    }

    private void Write(Batch batch, int row, SampleDraft sample, PhotoSet set, SeededRandom random)
    {
        for (var image = 0; image < sample.Scenes.Count; image++)
        {
            SceneRenderer.Render(sample.Scenes[image], set, random, SceneImages.Row(batch.Images[image], row));
        }

        for (var text = 0; text < sample.Texts.Count; text++)
        {
            batch.Texts.Write((row * Facts.Texts) + text, sample.Texts[text], settings.Tokenizer);
        }

        BatchTensors.Elements<long>(batch.Labels)[row] = sample.Label;
        if (batch.Targets is { } targets)
        {
            var scores = BatchTensors.Elements<float>(targets).Slice(row * Facts.Answers.Count, Facts.Answers.Count);
            scores.Clear();
            scores[sample.Label] = 1;
        }
    }
}

/// <summary>What makes a task: everything else is common to all of them.</summary>
internal interface ISampleSource
{
    /// <summary>What does not change from sample to sample.</summary>
    TaskFacts Facts { get; }

    /// <summary>Draws a sample. Pure: whatever is random comes out of the stream.</summary>
    SampleDraft Draw(Random random);
}

/// <summary>A sample before it becomes numbers.</summary>
/// <param name="Scenes">What is to be seen, one scene an image.</param>
/// <param name="Texts">What is said or asked.</param>
/// <param name="Label">The answer's or class's index, or the true text's.</param>
internal sealed record SampleDraft(IReadOnlyList<Scene> Scenes, IReadOnlyList<string> Texts, int Label);

/// <summary>In which order an epoch goes through a split. Threads may share it.</summary>
/// <param name="seed">The seed of all epochs' orders.</param>
/// <param name="size">Samples of the split.</param>
internal sealed class EpochOrder(long seed, int size)
{
    // The epoch asked for last; whoever replaces it computes the same, so that a race costs time only.
    private volatile Memo? _last;

    /// <summary>The permutation of an epoch.</summary>
    public ReadOnlySpan<int> Of(long epoch)
    {
        if (_last is { } last && last.Epoch == epoch)
        {
            return last.Order;
        }

        var order = Enumerable.Range(0, size).ToArray();
        Shuffler.Shuffle(order.AsSpan(), SeededRandom.Derive(seed, "fashionvl/order", epoch));
        _last = new Memo(epoch, order);
        return order;
    }

    private sealed record Memo(long Epoch, int[] Order);
}
