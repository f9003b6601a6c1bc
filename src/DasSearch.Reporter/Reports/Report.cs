using DasSearch.Core;
using DasSearch.Reporter.Comparison;
using DasSearch.Reporter.Reports.Figures;
using DasSearch.Store;

namespace DasSearch.Reporter.Reports;

/// <summary>All that a report says: of each run, and of several together.</summary>
/// <param name="Runs">The runs, in the order asked for.</param>
/// <param name="Comparison">What they are beside each other; null for a single one.</param>
/// <param name="Figures">Figures of all runs together; none for a single one.</param>
public sealed record Report(IReadOnlyList<RunReport> Runs, RunComparison? Comparison, IReadOnlyList<Figure> Figures)
{
    /// <summary>What it is called.</summary>
    internal string Title => Comparison is null ? TitleOf(Runs[0].Run) : $"{Runs.Count} runs: {string.Join(", ", Names.Take(MostNames))}{(Names.Count > MostNames ? " …" : "")}";

    private const int MostNames = 3;

    private List<string> Names => [.. Runs.Select(run => run.Run.Details.Summary.Name).Distinct()];

    /// <summary>What a run is called.</summary>
    internal static string TitleOf(ComparedRun run) => FormattableString.Invariant($"{run.Details.Summary.Name} · run {run.Number}");

    /// <summary>Reads runs and computes what there is to be said: their evaluations are walked and not held.</summary>
    /// <param name="store">The database.</param>
    /// <param name="runs">Their numbers or names, at least one; several are of one backbone.</param>
    /// <exception cref="StoreException">There is no such run, or the database fails.</exception>
    /// <exception cref="DasSearchException">A run is named twice, or runs are of different backbones.</exception>
    public static Report Read(RunReader store, IReadOnlyList<string> runs)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(runs);
        ArgumentOutOfRangeException.ThrowIfZero(runs.Count);
        if (runs is [var single])
        {
            return new Report([RunReport.Read(store, ComparedRun.Read(store, store.Find(single)))], Comparison: null, []);
        }

        var comparison = RunComparison.Of(store, runs);
        return new Report(
            [.. comparison.Runs.Select(run => RunReport.Read(store, run))],
            comparison,
            [
                ConsensusFigure.Draw(comparison),
                AgreementFigure.Draw(comparison),
                CostFigure.Draw(comparison.Runs),
                SettingsTable.Of(comparison),
            ]);
    }
}
