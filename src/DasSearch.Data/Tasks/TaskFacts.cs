namespace DasSearch.Data.Tasks;

/// <summary>What a worker has to know of a task before it sees a sample.</summary>
/// <param name="Name">The task's name within its benchmark, such as <c>vqa</c>.</param>
/// <param name="Kind">What is asked of a model.</param>
/// <param name="Answers">The answers or classes by index; empty for <see cref="TaskKind.Ranking"/>.</param>
/// <param name="Images">Images of a sample, 1 or 2.</param>
/// <param name="Texts">Texts of a sample: 1, or the candidates of <see cref="TaskKind.Ranking"/>.</param>
/// <param name="Vocabulary">Words of the tokenizer, special ones included.</param>
/// <param name="TextLength">Tokens of every text, padding included.</param>
/// <param name="ImageSide">Height and width of an image, in pixels; it has three channels.</param>
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
