using DasSearch.Core;
using DasSearch.Reporter.Analyses;
using DasSearch.Reporter.Reports;
using DasSearch.Worker.Analyses;
using DasSearch.Worker.Networks;

namespace DasSearch.App.Analyses;

/// <summary>How like each other features of different samples become, layer by layer (PELA, arXiv:2310.10700, Fig. 2).</summary>
internal sealed class SimilarityAnalysis : IAnalysis
{
    /// <inheritdoc/>
    public string Name => "similarity";

    /// <inheritdoc/>
    public string Summary => "how like each other features of different samples are in each layer, beside the untouched backbone and --against a compressed one (PELA, Fig. 2)";

    /// <inheritdoc/>
    public IReadOnlyList<FigureKind> Figures => [SimilarityFigure.Kind];

    /// <inheritdoc/>
    public AnalysisSettings Heeds => AnalysisSettings.Against;

    /// <inheritdoc/>
    public IReadOnlyList<Figure> Run(AnalysisWork work, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(work);
        var plan = AnalysedPlan.Open(work.Environment, work.Plan);
        var samples = plan.Samples(work.Request);
        var networks = new List<NetworkSimilarity> { Measure("plan", plan.Trained, plan.Skipped), Measure("untouched", () => plan.Untouched(), Subnetwork.Whole(plan.Skipped.Modules)) };
        if (work.Request.Against is { } checkpoint)
        {
            networks.Add(Measure(Path.GetFileName(checkpoint), () => plan.Untouched(Path.GetFullPath(checkpoint)), Subnetwork.Whole(plan.Skipped.Modules)));
        }

        return [SimilarityFigure.Draw(networks, samples.Samples)];

        NetworkSimilarity Measure(string name, Func<TransferNetwork> build, Subnetwork skipped)
        {
            work.Told($"looking at {name}");
            using var network = build();
            var layers = FeatureReader.Similarity(network, skipped, samples, work.Progress, cancellation);
            return new NetworkSimilarity(name, [.. layers.Select((cosine, i) => new LayerSimilarity(
                i == 0 ? "embeddings" : network.Backbone.Modules[i - 1].Name, i > 0 && skipped.Contains(i - 1), cosine.FirstToken, cosine.MeanToken))]);
        }
    }
}
