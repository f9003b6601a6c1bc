using DasSearch.Core;
using DasSearch.Reporter.Analyses;
using DasSearch.Reporter.Reports;
using DasSearch.Worker.Analyses;

namespace DasSearch.App.Analyses;

/// <summary>How far tuning has moved each norm (TTC, arXiv:2303.07910, Fig. 7).</summary>
internal sealed class DriftAnalysis : IAnalysis
{
    /// <inheritdoc/>
    public string Name => "drift";

    /// <inheritdoc/>
    public string Summary => "how far each norm's weight and bias moved from the checkpoint, for methods that train norms (TTC, Fig. 7)";

    /// <inheritdoc/>
    public IReadOnlyList<FigureKind> Figures => [DriftFigure.Kind];

    /// <inheritdoc/>
    public IReadOnlyList<Figure> Run(AnalysisWork work, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(work);
        var plan = AnalysedPlan.Open(work.Environment, work.Plan);
        using var network = plan.Untrained();
        var drift = NormDrift.From(network);
        if (drift.IsEmpty)
        {
            throw new DasSearchException($"{work.Plan.Plan} was trained with {plan.Method}, which trains no norms: drift is of methods that do, such as layer-norm");
        }

        plan.Load(network);
        return [DriftFigure.Draw([.. drift.Of(network).Select(static norm => new NormMove(norm.Norm, norm.Parameter, norm.MeanAbsolute, norm.RootMeanSquare, norm.Largest))], plan.Method)];
    }
}
