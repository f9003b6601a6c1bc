using DasSearch.Data.Tasks;
using DasSearch.Data.Text;

namespace DasSearch.Data.FashionVl;

/// <summary>FashionVL: scenes of tinted photos.</summary>
internal static class FashionBenchmark
{
    public const string Name = "fashionvl";

    public static Benchmark<Cell> Of(DataSources sources, BackboneView view) => new(
        Name,
        static _ => FashionWorld.Instance,
        new FashionRenderer(sources.Photos, view.Style ?? FashionRenderer.Natural),
        view.Tokenizer ?? TokenizerTable.FashionVl);
}
