using DasSearch.Core;

namespace DasSearch.Models.Backbones;

/// <summary>The sizes of a Swin (Liu et al., arXiv:2103.14030); the defaults are those of Swin-B at 224 pixels.</summary>
public sealed record SwinConfig
{
    internal const string Stages = "layers.";
    internal const string Patches = "patch_embed.proj";
    internal const string PatchNorm = "patch_embed.norm";
    internal const string LastNorm = "norm";
    internal const string Head = "head";
    internal const double Eps = 1e-5;
    internal const int FeedForwardRatio = 4;

    /// <summary>Width of a token's vector in the first stage; each later one has twice the width of the one before.</summary>
    public int Width { get; init; } = 128;

    /// <summary>Blocks of each stage.</summary>
    public IReadOnlyList<int> Depths { get; init; } = [2, 2, 18, 2];

    /// <summary>Attention heads of each stage; a divisor of its width.</summary>
    public IReadOnlyList<int> Heads { get; init; } = [4, 8, 16, 32];

    /// <summary>Side of a window in tokens, or all of a stage's where that has fewer.</summary>
    public int Window { get; init; } = 7;

    /// <summary>Side of a patch, in pixels.</summary>
    public int PatchSize { get; init; } = 4;

    /// <summary>Side of an image, in pixels.</summary>
    public int Side { get; init; } = 224;

    /// <summary>Probability of dropout after embeddings, projections and feed-forward.</summary>
    public double Dropout { get; init; }

    /// <summary>The ranks of Linears of blocks that are two of a low rank each, by name, such as <c>layers.2.blocks.3.attn.qkv</c>.</summary>
    public IReadOnlyDictionary<string, int> Ranks { get; init; } = PreNormSizes.FullRank;

    /// <summary>Width of the last stage, and of a summary.</summary>
    internal int LastWidth => WidthOf(Depths.Count - 1);

    /// <summary>Why images of that side cannot be divided into the stages' windows, as a sentence's end; null where they can.</summary>
    internal string? Misfit => Side % (PatchSize << (Depths.Count - 1)) != 0
        ? $"reads images whose side is so many times {PatchSize << (Depths.Count - 1)} pixels, and the task's are of {Side}"
        : Enumerable.Range(0, Depths.Count).Select(SideOf).FirstOrDefault(side => side > Window && side % Window != 0) is > 0 and var side
        ? $"has windows of {Window} tokens, which do not divide the {side} of a side that images of {Side} pixels come to"
        : null;

    internal int WidthOf(int stage) => Width << stage;

    /// <summary>Side of a stage's square of tokens.</summary>
    internal int SideOf(int stage) => Side / (PatchSize << stage);

    internal int WindowOf(int stage) => Math.Min(Window, SideOf(stage));

    internal PreNormSizes Block(int stage) =>
        new(WidthOf(stage), Heads[stage], FeedForwardRatio * WidthOf(stage), Dropout, Ranks) { Eps = Eps, Window = WindowOf(stage) };

    /// <summary>The modules of a stage in order of computation.</summary>
    internal IReadOnlyList<BlockModule> Modules(int stage, Granularity granularity) => BlockModule.All($"{Stages}{stage}.blocks.", Depths[stage], granularity);

    /// <summary>What stands before the names of the layers by which a stage's tokens become those of the next one.</summary>
    internal static string Merging(int stage) => $"{Stages}{stage}.downsample";

    /// <summary>The same with each Linear of the blocks but attention's last as two of PELA's rank (arXiv:2310.10700), κ times smaller.</summary>
    public SwinConfig Compressed(double kappa) => this with
    {
        Ranks = Enumerable.Range(0, Depths.Count).SelectMany(stage => Modules(stage, Granularity.Layers).SelectMany(module => module.Projections(Block(stage), module: null, tokens: 0)))
            .Where(static place => place.Role is ProjectionRole.QueryKeyValue or ProjectionRole.Expand or ProjectionRole.Contract)
            .ToDictionary(static place => place.Name, place => LowRank.RankOf(place.In, place.Out, kappa), StringComparer.Ordinal),
    };

    /// <summary>Every parameter outside the blocks.</summary>
    internal IEnumerable<ParameterShape> Outside() =>
    [
        new(Patches + ".weight", [Width, 3, PatchSize, PatchSize]),
        new(Patches + ".bias", [Width]),
        .. Norm(PatchNorm, Width),
        .. Enumerable.Range(0, Depths.Count - 1).SelectMany(stage => Norm(Merging(stage) + ".norm", 4 * WidthOf(stage)).Append(
            new ParameterShape(Merging(stage) + ".reduction.weight", [2 * WidthOf(stage), 4 * WidthOf(stage)]))),
        .. Norm(LastNorm, LastWidth),
    ];

    private static ParameterShape[] Norm(string name, long width) => [new(name + ".weight", [width]), new(name + ".bias", [width])];
}

/// <summary>What a Swin's parts cost: parameters, and multiply-accumulates a sample.</summary>
public static class SwinCosts
{
    /// <summary>The whole backbone in numbers.</summary>
    public static BackboneDescription Describe(SwinConfig config, Granularity granularity = Granularity.Layers)
    {
        ArgumentNullException.ThrowIfNull(config);
        var stages = new List<BlockList>();
        for (var stage = 0; stage < config.Depths.Count; stage++)
        {
            var side = config.SideOf(stage);
            stages.Add(new BlockList(config.Block(stage), config.Modules(stage, granularity), side * side, "image") { First = stages.Sum(static before => before.Modules.Count) });
        }

        var (pixels, merging) = (3 * config.PatchSize * config.PatchSize, Enumerable.Range(0, config.Depths.Count - 1).ToList());
        return new BackboneDescription
        {
            Modules = [.. stages.SelectMany(static stage => stage.Infos)],
            Shapes = [.. stages.SelectMany(static stage => stage.Shapes)],
            SubLayers = [.. stages.SelectMany(static stage => stage.SubLayers)],
            Projections =
            [
                new(SwinConfig.Patches, null, pixels, config.Width, stages[0].Tokens, ProjectionRole.Patches),
                new(SwinConfig.PatchNorm, null, config.Width, config.Width, stages[0].Tokens, ProjectionRole.Norm),
                .. stages.SelectMany(static stage => stage.Projections),
                .. merging.Select(stage => new ProjectionPlace(
                    SwinConfig.Merging(stage) + ".norm", null, 4 * config.WidthOf(stage), 4 * config.WidthOf(stage), stages[stage + 1].Tokens, ProjectionRole.Norm)),
                new(SwinConfig.LastNorm, null, config.LastWidth, config.LastWidth, stages[^1].Tokens, ProjectionRole.Norm),
            ],
            Parameters = [.. config.Outside().Select(static shape => new ParameterInfo(shape.Name, shape.Count, null)), .. stages.SelectMany(static stage => stage.Parameters)],
            AlwaysTrained = [],
            SummaryWidth = config.LastWidth,
            SummaryReadsAllTokens = true,
            TakesMoreTokens = false,
            LinearClassifier = SwinConfig.Head,
            OutsideMultiplyAccumulates = ((long)stages[0].Tokens * pixels * config.Width)
                + merging.Sum(stage => stages[stage + 1].Tokens * 8L * config.WidthOf(stage) * config.WidthOf(stage)),
        };
    }

    /// <summary>Swin-B on images of 224 pixels.</summary>
    public static BackboneDescription DescribeProfiled() => Describe(new SwinConfig());
}
