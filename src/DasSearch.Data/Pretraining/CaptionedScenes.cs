using DasSearch.Core;
using DasSearch.Data.Captions;
using DasSearch.Data.Tasks;
using DasSearch.Data.Text;

namespace DasSearch.Data.Pretraining;

/// <summary>A benchmark's scenes with captions, whatever they show.</summary>
internal interface ICaptionedScenes
{
    /// <summary>The benchmark's name.</summary>
    string Benchmark { get; }

    /// <summary>Height and width of an image, in pixels.</summary>
    int Side { get; }

    ITokenizer Tokenizer { get; }

    /// <summary>The tokens that things' names are made of, and nothing else that a caption says.</summary>
    IReadOnlySet<long> NameTokens { get; }

    /// <summary>Tokens of the longest caption.</summary>
    int TextLength { get; }

    /// <summary>Draws a scene, as <see cref="PretrainingSample{TItem}.Draw"/> does, and shows it.</summary>
    /// <param name="split">Where it comes from.</param>
    /// <param name="random">The stream.</param>
    /// <param name="easyShare">The probability of a false caption that tells of an unrelated scene.</param>
    /// <param name="isPlain">Whether the caption names every cell by its position.</param>
    /// <param name="image">[3, side, side], overwritten.</param>
    CaptionPair Draw(Split split, SeededRandom random, double easyShare, bool isPlain, Span<float> image);

    /// <summary>Draws what is said of a scene that several samples show, as <see cref="PretrainingSample{TItem}.DrawOfScene"/> does, and shows it.</summary>
    CaptionPair DrawOfScene(Split split, SeededRandom scene, SeededRandom text, double easyShare, bool isPlain, Span<float> image);
}

/// <summary>A caption that is true of a scene, and one that is not.</summary>
internal readonly record struct CaptionPair(string True, string False);

/// <summary>The captioned scenes of a benchmark.</summary>
internal sealed class CaptionedScenes<TItem>(Benchmark<TItem> benchmark) : ICaptionedScenes
    where TItem : IEquatable<TItem>
{
    public string Benchmark => benchmark.Name;

    public int Side => benchmark.Renderer.Side;

    public ITokenizer Tokenizer => benchmark.Tokenizer;

    public IReadOnlySet<long> NameTokens { get; } = benchmark.NameTokens();

    public int TextLength { get; } = benchmark.LengthOf(CaptionText.Longest(benchmark.Longest(), Enum.GetValues<CaptionForm>()));

    public CaptionPair Draw(Split split, SeededRandom random, double easyShare, bool isPlain, Span<float> image) =>
        Show(PretrainingSample<TItem>.Draw(benchmark.Worlds(split), random, easyShare, isPlain), split, random, image);

    public CaptionPair DrawOfScene(Split split, SeededRandom scene, SeededRandom text, double easyShare, bool isPlain, Span<float> image) =>
        Show(PretrainingSample<TItem>.DrawOfScene(benchmark.Worlds(split), scene, text, easyShare, isPlain), split, scene, image);

    private CaptionPair Show(PretrainingSample<TItem> sample, Split split, SeededRandom random, Span<float> image)
    {
        benchmark.Renderer.Render(sample.Change.Original, split, random, image);
        return new CaptionPair(sample.TrueCaption, sample.FalseCaption);
    }
}
