using DasSearch.Core;
using DasSearch.Reporter.Analyses;
using DasSearch.Reporter.Reports;
using DasSearch.Worker.Analyses;

namespace DasSearch.App.Analyses;

/// <summary>How far tuning has moved what the network makes of each image (TTC, arXiv:2303.07910, eq. 5 and Fig. 4).</summary>
internal sealed class JsdAnalysis : IAnalysis
{
    /// <inheritdoc/>
    public string Name => "jsd";

    /// <inheritdoc/>
    public string Summary => "how far final features of each image moved from the untouched backbone's, as a Jensen-Shannon divergence (TTC, eq. 5 and Fig. 4)";

    /// <inheritdoc/>
    public IReadOnlyList<FigureKind> Figures => [DivergenceFigure.Kind];

    /// <inheritdoc/>
    public AnalysisSettings Heeds => AnalysisSettings.Form;

    /// <inheritdoc/>
    public IReadOnlyList<Figure> Run(AnalysisWork work, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(work);
        var plan = AnalysedPlan.Open(work.Environment, work.Plan);
        var samples = plan.Samples(work.Request);
        work.Told("looking at the plan's network");
        using var trained = plan.Trained();
        var tuned = FeatureReader.Final(trained, plan.Skipped, samples, work.Progress, cancellation);
        work.Told("looking at the untouched backbone");
        using var untouched = plan.Untouched();
        var original = FeatureReader.Final(untouched, Subnetwork.Whole(plan.Skipped.Modules), samples, work.Progress, cancellation);
        var form = work.Request.Form ?? DivergenceForm.True;
        return [DivergenceFigure.Draw([.. original.Zip(tuned, (one, other) => Divergence.Of(one, other, form))], form, plan.Method)];
    }
}
