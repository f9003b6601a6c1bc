using DasSearch.Core;
using DasSearch.Data.Batches;
using DasSearch.Data.Scenes;
using static TorchSharp.torch;

namespace DasSearch.Data.Tasks;

/// <summary>Makes batches of a source's samples.</summary>
internal sealed class SceneTask<TItem> : INamingTask
    where TItem : IEquatable<TItem>
{
    private static readonly int[] Sizes = [20_000, 4_000, 4_000];

    private readonly ISampleSource<TItem> _source;
    private readonly Benchmark<TItem> _benchmark;
    private readonly long _seed;
    private readonly EpochOrder _order;

    public SceneTask(ISampleSource<TItem> source, Benchmark<TItem> benchmark, TaskSettings settings)
    {
        (_source, _benchmark, _seed) = (source, benchmark, settings.DataSeed);
        _order = new EpochOrder(benchmark.Name, settings.OrderSeed, Sizes[(int)Split.Train]);
        var facts = source.Facts;
        var (tokenizer, length) = (benchmark.Tokenizer, benchmark.LengthOf(source.Longest(benchmark.Longest())));
        Facts = new TaskFacts(
            facts.Name, facts.Kind, facts.Answers, facts.Images, facts.Texts, tokenizer.Count, length, benchmark.Renderer.Side, Sizes);
    }

    public TaskFacts Facts { get; }

    public Batch Batch(Split split, long epoch, int index, int size) => Batch(split, _order.Rows(Facts, split, epoch, index, size));

    public Naming NamingOf(Split split, int sample)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sample);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(sample, Facts.SizeOf(split));
        if (_benchmark.IsUnseen is not { } isUnseen)
        {
            return Naming.None;
        }

        var named = Draft(split, sample, out _).Named;
        return named.Count == 0 ? Naming.None : named.Any(isUnseen) ? Naming.Unseen : Naming.Seen;
    }

    /// <summary>The sample as it was drawn, and the stream that its pictures continue.</summary>
    internal SampleDraft<TItem> Draft(Split split, int sample, out SeededRandom random)
    {
        random = SeededRandom.Derive(_seed, $"{_benchmark.Name}/{Facts.Name}/{split}", sample);
        return _source.Draw(split, random);
    }

    private Batch Batch(Split split, int[] samples)
    {
        var size = samples.Length;
        var batch = new Batch(
            [.. Enumerable.Range(0, Facts.Images).Select(_ => SceneImages.Make(size, Facts.ImageSide))],
            Facts.Texts == 1 ? Texts.Make(size, Facts.TextLength) : Texts.Make(size, Facts.Texts, Facts.TextLength),
            BatchTensors.Make(ScalarType.Int64, size),
            Facts.Kind == TaskKind.Answering ? BatchTensors.Make(ScalarType.Float32, size, Facts.Answers.Count) : null,
            samples);
        for (var row = 0; row < size; row++)
        {
            Write(batch, row, Draft(split, samples[row], out var random), split, random);
        }

        return batch;
    }

    private void Write(Batch batch, int row, SampleDraft<TItem> sample, Split split, SeededRandom random)
    {
        for (var image = 0; image < sample.Scenes.Count; image++)
        {
            _benchmark.Renderer.Render(sample.Scenes[image], split, random, SceneImages.Row(batch.Images[image], row));
        }

        for (var text = 0; text < sample.Texts.Count; text++)
        {
            batch.Texts.Write((row * Facts.Texts) + text, sample.Texts[text], _benchmark.Tokenizer);
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
internal interface ISampleSource<TItem>
    where TItem : IEquatable<TItem>
{
    /// <summary>What does not change from sample to sample.</summary>
    SourceFacts Facts { get; }

    /// <summary>Draws a sample of a split. Pure: whatever is random comes out of the stream.</summary>
    SampleDraft<TItem> Draw(Split split, Random random);

    /// <summary>Some texts, of which one has as many tokens as any that is drawn.</summary>
    IEnumerable<string> Longest(LongestNames<TItem> names);
}

/// <summary>The part of a task's facts that depends on neither tokenizer nor images; see <see cref="TaskFacts"/>.</summary>
internal sealed record SourceFacts(string Name, TaskKind Kind, IReadOnlyList<string> Answers, int Images = 1, int Texts = 1);

/// <summary>A sample before it becomes numbers.</summary>
/// <param name="Scenes">What is to be seen, one scene an image.</param>
/// <param name="Texts">What is said or asked.</param>
/// <param name="Label">The answer's or class's index, or the true text's.</param>
internal sealed record SampleDraft<TItem>(IReadOnlyList<Scene<TItem>> Scenes, IReadOnlyList<string> Texts, int Label)
    where TItem : IEquatable<TItem>
{
    /// <summary>The items that the text calls by their names, where that is told apart.</summary>
    public IReadOnlyList<TItem> Named { get; init; } = [];
}

/// <summary>In which order an epoch goes through a split. Threads may share it.</summary>
/// <param name="benchmark">What the order belongs to.</param>
/// <param name="seed">The seed of all epochs' orders.</param>
/// <param name="size">Samples of the split.</param>
internal sealed class EpochOrder(string benchmark, long seed, int size)
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
        Shuffler.Shuffle(order.AsSpan(), SeededRandom.Derive(seed, $"{benchmark}/order", epoch));
        _last = new Memo(epoch, order);
        return order;
    }

    /// <summary>The samples of a batch: of the training split in the epoch's order, of others in their own; the last one may be smaller.</summary>
    /// <param name="task">How large splits are.</param>
    /// <exception cref="ArgumentOutOfRangeException">The epoch or the index is negative, or there are no so many batches.</exception>
    internal int[] Rows(TaskFacts task, Split split, long epoch, int index, int size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, task.BatchesOf(split, size));
        var (first, count) = (index * size, Math.Min(size, task.SizeOf(split) - (index * size)));
        return split == Split.Train ? Of(epoch).Slice(first, count).ToArray() : [.. Enumerable.Range(first, count)];
    }

    private sealed record Memo(long Epoch, int[] Order);
}
