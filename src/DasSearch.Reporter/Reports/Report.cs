using System.Globalization;
using DasSearch.Core;
using DasSearch.Reporter.Comparison;
using DasSearch.Reporter.Importance;
using DasSearch.Store;

namespace DasSearch.Reporter.Reports;

/// <summary>All that a report says: of each run, and of several together.</summary>
/// <param name="Runs">The runs, in the order asked for.</param>
/// <param name="Comparison">What they are beside each other; null for a single one.</param>
/// <param name="Figures">Figures of all runs together; none for a single one.</param>
public sealed record Report(IReadOnlyList<RunReport> Runs, RunComparison? Comparison, IReadOnlyList<Figure> Figures)
{
    private const int MostNames = 3;

    /// <summary>What runs come to together; null for a single one.</summary>
    public Verdict? Verdict => Comparison is null ? null : Reports.Verdict.Of(Comparison);

    public string Title => Comparison is null
        ? TitleOf(Runs[0].Run)
        : $"{Runs.Count} runs: {string.Join(", ", Names.Take(MostNames))}{(Names.Count > MostNames ? " …" : "")}";

    private List<string> Names => [.. Runs.Select(run => run.Run.Details.Summary.Name).Distinct()];

    internal static IEnumerable<Figure> Some(Figure? figure) => figure is null ? [] : [figure];

    internal static string TitleOf(ComparedRun run) => FormattableString.Invariant($"{run.Details.Summary.Name} · run {run.Number}");

    /// <summary>Accuracy against cost of the plans of some runs that were trained.</summary>
    public static Figure Front(IReadOnlyList<TrainedRun> runs) => CostFigure.Draw(runs);

    /// <summary>Reads runs and computes what there is to be said: their evaluations are walked and not held.</summary>
    /// <param name="runs">Their numbers or names, at least one; several are of one backbone.</param>
    /// <exception cref="StoreException">There is no such run, or the database fails.</exception>
    /// <exception cref="DasSearchException">A run is named twice, or runs are of different backbones.</exception>
    public static Report Read(IRunReader store, IReadOnlyList<string> runs)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(runs);
        ArgumentOutOfRangeException.ThrowIfZero(runs.Count);
        if (runs is [var single])
        {
            return new Report([RunReport.Read(store, ComparedRun.Read(store, store.Find(single)))], Comparison: null, []);
        }

        return Compare(RunComparison.Of(store, runs, countsPairs: true), run => RunReport.Read(store, run));
    }

    /// <summary>Reads runs side by side, without the figures of each alone, which take most of the time.</summary>
    /// <param name="runs">Their numbers or names, at least two, of one backbone.</param>
    /// <exception cref="StoreException">There is no such run, or the database fails.</exception>
    /// <exception cref="DasSearchException">A run is named twice, or runs are of different backbones.</exception>
    public static Report ReadTogether(IRunReader store, IReadOnlyList<string> runs)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(runs);
        return Compare(RunComparison.Of(store, runs), static run => new RunReport(run, [], []));
    }

    private static Report Compare(RunComparison comparison, Func<ComparedRun, RunReport> read) => new(
        [.. comparison.Runs.Select(read)],
        comparison,
        [
            ConsensusFigure.Draw(comparison),
            .. Some(StreamFigure.Draw(comparison)),
            AgreementFigure.Draw(comparison),
            CostFigure.Draw([.. comparison.Runs.Select(static run => new TrainedRun(run.Number, run.Trained))]),
            SettingsTable.Of(comparison),
        ]);
}

/// <summary>A run with its plans that were trained.</summary>
public sealed record TrainedRun(long Run, IReadOnlyList<TrainedPlan> Trained);

/// <summary>All that a report says of one run: computed here, written elsewhere.</summary>
/// <param name="Figures">Its figures, in the order of the story.</param>
/// <param name="Events">What became of it and of its plans, in the order of time.</param>
public sealed record RunReport(ComparedRun Run, IReadOnlyList<Figure> Figures, IReadOnlyList<LoggedEvent> Events)
{
    // More points than a figure has pixels for would only make the page heavy.
    private const int MostPoints = 250;

    public string Title => Report.TitleOf(Run);

    public Verdict Verdict => Verdict.Of(Run);

    /// <summary>Where its numbers come from.</summary>
    public IReadOnlyList<Fact> Provenance => ProvenanceOf(Run);

    /// <summary>What was searched, in a line.</summary>
    public string Searched
    {
        get
        {
            var (summary, modules) = (Run.Details.Summary, Run.Details.Costs.Modules);
            var what = modules.All(static costs => costs.Module.Kind.IsLayer())
                ? "layers"
                : $"parts of layers (layer 0 below is {modules[0].Module.Name}, 1 is {modules[1].Module.Name}, and so on)";
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{summary.Task} on {summary.Backbone}: {summary.Controller} skips {summary.Skip} of {modules.Count} {what}, seed {summary.Seed}, "
                + $"{Numbers.Count(summary.Rounds)} rounds, {Numbers.Count(summary.Evaluations)} evaluations");
        }
    }

    /// <summary>How far the ranking of its layers can be relied on, in a sentence or two.</summary>
    public string Reliability => Run.Importance.SplitHalf() is { } half
        ? $"Reliability of the ranking: {Numbers.Decimals(half.Reliability, 2)}. " + ImportanceMethod.Reliability
        : "The run is too short for its halves to be compared.";

    /// <summary>Draws a run's figures.</summary>
    /// <exception cref="StoreException">The database fails.</exception>
    internal static RunReport Read(IRunReader store, ComparedRun run)
    {
        var (number, rounds) = (run.Number, run.Details.Summary.Rounds);
        var modules = run.Details.Costs.Modules.Select(costs => costs.Module).ToList();
        return new RunReport(
            run,
            [
                ImportanceFigure.Draw(run, modules),
                .. Report.Some(StreamFigure.Draw(run.Importance, modules)),
                GateFigure.Draw(GateCurve.Read(store, number, rounds, MostPoints), rounds, modules, run.Plan),
                RewardFigure.Draw(RewardCurve.Read(store, number, rounds, MostPoints)),
                SkipCountFigure.Draw(run.Importance, modules, run.Plan),
                InteractionFigure.Draw(run.Importance, modules),
                CostFigure.Draw([new TrainedRun(number, run.Trained)]),
            ],
            LoggedEvent.Of(run.Details.Summary, store.Events(number), store.Plans(number)));
    }

    private static IReadOnlyList<Fact> ProvenanceOf(ComparedRun compared)
    {
        var (run, summary, environment) = (compared.Details, compared.Details.Summary, compared.Details.Environment);
        return
        [
            new("run", $"{summary.Run} {summary.Name}"),
            new("status", EnumNames.NameOf(summary.Status) + (summary.Problem is null ? "" : $": {summary.Problem}")),
            new("task", summary.Task),
            new("backbone", $"{summary.Backbone}, {run.Costs.Modules.Count} modules"),
            new("checkpoint", run.Checkpoint is null ? "none: fresh weights" : $"{run.Checkpoint}, SHA-256 {run.CheckpointSha256}"),
            new("controller", $"{summary.Controller}, skips {summary.Skip} of {run.Costs.Modules.Count}"),
            new("seed", summary.Seed.ToString(CultureInfo.InvariantCulture)),
            new("rounds", $"{Text(summary.Rounds)}, {Text(summary.Evaluations)} evaluations"),
            new("validation mode", compared.Importance.Rewards.Mode is { } mode ? EnumNames.NameOf(mode) : "–"),
            new("begun", Time(summary.StartedAt)),
            new("ended", summary.FinishedAt is { } end ? Time(end) : "–"),
            new("took", summary.Took),
            new("das", environment.ToolVersion),
            new("libtorch", $"{environment.TorchVersion} ({environment.TorchBackend}) on {environment.Device}, {Text(environment.Threads)} threads"),
            new("machine", environment.Machine),
            new("settings", $"{run.ConfigPath ?? "–"}, SHA-256 {run.ConfigSha256}"),
        ];
    }

    private static string Text(long number) => Numbers.Count(number);

    internal static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
