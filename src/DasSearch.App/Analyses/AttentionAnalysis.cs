using DasSearch.Core;
using DasSearch.Reporter.Analyses;
using DasSearch.Reporter.Reports;
using DasSearch.Worker.Analyses;

namespace DasSearch.App.Analyses;

/// <summary>Which tokens look at which prompts, layer by layer (APT, arXiv:2306.15706, Fig. 3).</summary>
internal sealed class AttentionAnalysis : IAnalysis
{
    /// <inheritdoc/>
    public string Name => "attention";

    /// <inheritdoc/>
    public string Summary => "where texts' and images' tokens look in each layer, at each other and at prompts, for methods that have prompts (APT, Fig. 3)";

    /// <inheritdoc/>
    public IReadOnlyList<FigureKind> Figures => [AttentionFigures.Kind, AttentionFigures.MapKind];

    /// <inheritdoc/>
    public AnalysisSettings Heeds => AnalysisSettings.Weighed;

    /// <inheritdoc/>
    public IReadOnlyList<Figure> Run(AnalysisWork work, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(work);
        var plan = AnalysedPlan.Open(work.Environment, work.Plan);
        using var network = plan.Trained();
        if (network.Backbone.Shapes.Any(static shape => shape.Stream > 0))
        {
            throw new DasSearchException($"{work.Plan.Plan} is on a backbone that has texts and images in streams of their own: attention is of those that have both in one, such as vilt");
        }

        if (AttentionReader.Read(network, plan.Skipped, plan.Samples(work.Request) with { Samples = 1 }, isWeighed: false, static (_, _) => { }, cancellation).Shares.All(static layer => layer.Prompts == 0))
        {
            throw new DasSearchException($"{work.Plan.Plan} was trained with {plan.Method}, which has no prompts: attention is of methods that do, such as apt and prompt-deep");
        }

        var samples = plan.Samples(work.Request);
        var reader = AttentionReader.Read(network, plan.Skipped, samples, work.Request.IsWeighed, work.Progress, cancellation);
        return AttentionFigures.Draw(
            [.. reader.Shares.Select(static layer => new LayerAttention(layer.Place, layer.Prompts, Of(layer.Text), Of(layer.Image)))],
            [.. reader.Maps.Select(static map => new TokenAttention(map.Place, map.Texts, map.Images, map.Prompts, map.Weights))],
            plan.Method,
            samples.Samples);
    }

    private static TokenShares Of(GroupShares shares) => new(shares.Text, shares.Image, shares.Prompt);
}
