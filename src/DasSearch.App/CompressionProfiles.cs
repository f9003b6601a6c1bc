using DasSearch.Models.Backbones;

namespace DasSearch.App;

/// <summary>What a backbone costs, with its classifier, before and after PELA (arXiv:2310.10700) makes its Linears two of a low rank each.</summary>
/// <param name="Network">Which network.</param>
/// <param name="Kappa">κ, how many times smaller each Linear is then.</param>
/// <param name="Ranks">The ranks that there are, ascending.</param>
/// <param name="FullParameters">Parameters before.</param>
/// <param name="Parameters">Parameters after.</param>
/// <param name="FullMultiplyAccumulates">Multiply-accumulates of a sample before.</param>
/// <param name="MultiplyAccumulates">Multiply-accumulates of a sample after.</param>
/// <param name="Published">What the paper says of it.</param>
public sealed record CompressionProfile(
    string Network, double Kappa, IReadOnlyList<int> Ranks, long FullParameters, long Parameters, long FullMultiplyAccumulates, long MultiplyAccumulates, string Published)
{
    private const int Classes = 1000; // ImageNet's

    /// <summary>The networks of the paper that are of a backbone's kind; none where it has none.</summary>
    public static IReadOnlyList<CompressionProfile> Of(string backbone) => backbone switch
    {
        "vit" =>
        [
            OfVit("DeiT-B", new VitConfig(), "1/2 of the size, −0.8 points"),
            OfVit("DeiT-III-L", new VitConfig { Width = 1024, Layers = 24, Heads = 16, InnerWidth = 4096, HasPatchPositionsOnly = true, HasLayerScale = true }, "1/2 of the size, −1.0 points"),
        ],
        "swin" => [Make("Swin-B", 1.5, SwinCosts.Describe(new SwinConfig()), SwinCosts.Describe(new SwinConfig().Compressed(1.5)), "2/3 of the size, −30 % of the operations, −1.0 points")],
        _ => [],
    };

    private static CompressionProfile OfVit(string network, VitConfig config, string published) =>
        Make(network, 2, VitCosts.Describe(config), VitCosts.Describe(config.Compressed(2)), published);

    private static CompressionProfile Make(string network, double kappa, BackboneDescription full, BackboneDescription compressed, string published)
    {
        long classifier = full.SummaryWidth * Classes;
        return new CompressionProfile(
            network,
            kappa,
            [.. compressed.Projections.Select(static place => place.Rank).OfType<int>().Distinct().Order()],
            Parameters(full),
            Parameters(compressed),
            Operations(full),
            Operations(compressed),
            published);

        long Parameters(BackboneDescription description) => description.Parameters.Sum(static parameter => parameter.Count) + classifier + Classes;

        long Operations(BackboneDescription description) =>
            description.OutsideMultiplyAccumulates + description.Modules.Sum(static module => module.MultiplyAccumulates) + classifier;
    }
}
