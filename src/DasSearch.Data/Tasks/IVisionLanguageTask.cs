using DasSearch.Core.Configuration;
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

    /// <summary>The same with the training split's pictures as they are; this one where nothing varies them.</summary>
    IVisionLanguageTask Unvaried => this;
}

/// <summary>A task whose texts name things, some of which no training sample names or shows.</summary>
public interface INamingTask : IVisionLanguageTask
{
    /// <summary>What a sample's text names.</summary>
    /// <param name="split">Which split.</param>
    /// <param name="sample">Its number within the split, from 0.</param>
    Naming NamingOf(Split split, int sample);
}

/// <summary>What a text names.</summary>
public enum Naming
{
    /// <summary>Nothing by its own name.</summary>
    None,

    /// <summary>Things that training names, too.</summary>
    Seen,

    /// <summary>A thing that training never names or shows, at least.</summary>
    Unseen,
}

/// <summary>What a worker has to know of a task before it sees a sample.</summary>
/// <param name="Name">The task's name within its benchmark, such as <c>vqa</c>.</param>
/// <param name="Kind">What is asked of a model.</param>
/// <param name="Answers">The answers or classes by index; empty for <see cref="TaskKind.Ranking"/> and <see cref="TaskKind.Continuation"/>.</param>
/// <param name="Images">Images of a sample: 0, 1 or 2.</param>
/// <param name="Texts">Texts of a sample: 1, or the candidates of <see cref="TaskKind.Ranking"/> and <see cref="TaskKind.Continuation"/>.</param>
/// <param name="Vocabulary">Words of the tokenizer, special ones included.</param>
/// <param name="TextLength">Tokens of every text, padding included.</param>
/// <param name="ImageSide">Height and width of an image, in pixels; it has three channels. 0 where there is none.</param>
/// <param name="Sizes">Samples of the train, validation and test split, in this order.</param>
public sealed record TaskFacts(
    string Name,
    TaskKind Kind,
    IReadOnlyList<string> Answers,
    int Images,
    int Texts,
    int Vocabulary,
    int TextLength,
    int ImageSide,
    IReadOnlyList<int> Sizes)
{
    /// <summary>What is said of a picture of each class, as tokens without padding; none where classes have no names.</summary>
    public IReadOnlyList<IReadOnlyList<long>> Prompts { get; init; } = [];

    /// <summary>What is asked to tell classes; null for what the backbone has for that.</summary>
    public ClassHead? Head { get; init; }

    /// <summary>Whether samples have different texts; else all have one, which says nothing of them.</summary>
    public bool TextsDiffer { get; init; } = true;

    /// <summary>How often a backbone reads a sample: once for each image, or once where there is none.</summary>
    public int Passes => Math.Max(Images, 1);

    /// <summary>How many samples a split has.</summary>
    public int SizeOf(Split split) => Sizes[(int)split];

    /// <summary>How many batches a split has; the last may be smaller.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The size is not positive.</exception>
    public int BatchesOf(Split split, int size)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        return (SizeOf(split) / size) + (SizeOf(split) % size == 0 ? 0 : 1);
    }
}

/// <summary>What is asked of a model, and with it which head and loss fit.</summary>
public enum TaskKind
{
    /// <summary>Score every answer of a closed list; several may be partly right (VQA: binary cross-entropy).</summary>
    Answering,

    /// <summary>Choose one of a few classes (NLVR2: cross-entropy).</summary>
    Classification,

    /// <summary>Score several texts of one image, of which the first is the true one (retrieval: cross-entropy over the texts).</summary>
    Ranking,

    /// <summary>Say which of several texts follows; learnt by the tokens of the true one (LaVIN: cross-entropy over the words).</summary>
    Continuation,
}
