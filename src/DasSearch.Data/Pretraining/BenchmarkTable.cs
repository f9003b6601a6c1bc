using DasSearch.Core.Configuration;
using DasSearch.Data.Emoji;
using DasSearch.Data.EmojiVl;
using DasSearch.Data.FashionVl;
using DasSearch.Data.Tasks;

namespace DasSearch.Data.Pretraining;

/// <summary>Every benchmark whose scenes and captions a backbone can be pre-trained on. A new one is one line here.</summary>
internal static class BenchmarkTable
{
    private static readonly BenchmarkEntry[] All =
    [
        new(
            FashionBenchmark.Name,
            "FashionVL: scenes of photos from Fashion-MNIST (MIT licence), with captions",
            static (sources, view) => new CaptionedScenes<Cell>(FashionBenchmark.Of(sources, view))),
        new(
            EmojiBenchmark.Name,
            "EmojiVL: scenes of Noto Emoji (Apache licence 2.0), with captions; tested on Twemoji (CC BY 4.0)",
            static (sources, view) => new CaptionedScenes<Thing>(sources.Emoji.Seen(view))),
    ];

    /// <summary>The benchmark of a name.</summary>
    /// <exception cref="ConfigException">There is none; the message lists the names.</exception>
    public static BenchmarkEntry Named(string name) => Array.Find(All, entry => entry.Name == name)
        ?? throw new ConfigException("benchmark", $"must be {string.Join(" or ", All.Select(static entry => entry.Name))}, not '{name}'");
}

/// <summary>A line of the table.</summary>
/// <param name="Name">What a configuration calls it.</param>
/// <param name="Summary">What it is made of, and under which licences.</param>
/// <param name="Open">Makes its captioned scenes, as a backbone reads them.</param>
internal sealed record BenchmarkEntry(string Name, string Summary, Func<DataSources, BackboneView, ICaptionedScenes> Open);
