using DasSearch.Reporter.Comparison;
using DasSearch.Reporter.Reports.Figures;
using DasSearch.Reporter.Reports.Series;
using DasSearch.Store;

namespace DasSearch.Reporter.Reports;

/// <summary>All that a report says of one run: computed here, written elsewhere.</summary>
/// <param name="Run">The run.</param>
/// <param name="Figures">Its figures, in the order of the story.</param>
public sealed record RunReport(ComparedRun Run, IReadOnlyList<Figure> Figures)
{
    // More points than a figure has pixels for would only make the page heavy.
    private const int MostPoints = 250;

    /// <summary>Its verdict.</summary>
    internal Verdict Verdict => RunVerdict.Of(Run);

    /// <summary>Draws a run's figures.</summary>
    /// <exception cref="StoreException">The database fails.</exception>
    internal static RunReport Read(RunReader store, ComparedRun run)
    {
        var (number, rounds) = (run.Number, run.Details.Summary.Rounds);
        var modules = run.Details.Costs.Modules.Select(costs => costs.Module).ToList();
        return new RunReport(
            run,
            [
                ImportanceFigure.Draw(run, modules),
                GateFigure.Draw(GateCurve.Read(store, number, rounds, MostPoints), rounds, modules, run.Plan),
                RewardFigure.Draw(RewardCurve.Read(store, number, rounds, MostPoints)),
                SkipCountFigure.Draw(run.Importance, modules, run.Plan),
                InteractionFigure.Draw(run.Importance, modules),
                CostFigure.Draw([run]),
            ]);
    }
}
