using System.Text.Json;
using DasSearch.Core;
using DasSearch.Reporter.Reports;
using DasSearch.Store;

namespace DasSearch.Dashboard;

/// <summary>What the pages of a run show: the words and numbers of its report, and what a report has no room for.</summary>
/// <param name="Json">All of it, for the pages' scripts.</param>
/// <param name="Tables">The numbers behind each chart, by name.</param>
internal sealed record RunAnswer(byte[] Json, IReadOnlyDictionary<string, DataTable> Tables)
{
    // As many points as a curve has pixels to show.
    private const int MostPoints = 250;
    private const int MostSpans = 400;

    /// <summary>Reads a run, and computes what there is to be said of it.</summary>
    /// <exception cref="StoreException">There is no such run, or the database fails.</exception>
    internal static RunAnswer Read(IRunReader read, long run)
    {
        var report = Report.Read(read, [FormattableString.Invariant($"{run}")]).Runs[0];
        var details = report.Run.Details;
        var choices = ChoiceTable(ChoiceCurve.Read(read, run, MostSpans));
        var curves = read.Metrics(run).GroupBy(static metric => metric.Name).Where(static curve => curve.Skip(2).Any()).Select(static curve => new Curve([.. curve]))
            .GroupBy(static curve => curve.Measure).OrderBy(static curves => curves.Key, StringComparer.Ordinal).ToList();
        var content = new
        {
            Summary = RunLine.Of(details.Summary),
            Progress = RunProgress.Read(read, details.Summary),
            report.Title,
            report.Searched,
            Verdict = Shown.Of(report.Verdict),
            Modules = Shown.ModulesOf(details),
            report.Reliability,
            Figures = report.Figures.Select(Shown.Of),
            Choices = Shown.Cells(choices),
            Curves = curves.Select(static curves => new
            {
                Name = curves.Key, Lines = curves.Select(static curve => new { curve.Of, Points = Shown.Cells(curve.Table.Thinned(MostPoints)) }),
            }),
            Metrics = read.LastMetrics(run).Select(static metric => new Fact(metric.Name, Numbers.Value(metric.Value))),
            Plans = Shown.Texts(PlanTable(read.Plans(run))),
            report.Provenance,
            Settings = details.ConfigText,
            SettingsFile = details.ConfigPath,
            report.Events,
        };
        var tables = report.Figures.ToDictionary(static figure => figure.Name, static figure => figure.Table);
        tables["choices"] = choices;
        foreach (var measure in curves)
        {
            tables.TryAdd(measure.Key, new DataTable(
                [new Column("of", "of"), .. Curve.Columns],
                [.. measure.SelectMany(static curve => curve.Table.Rows.Select(row => (IReadOnlyList<object?>)[curve.Of, .. row]))]));
        }

        return new RunAnswer(JsonSerializer.SerializeToUtf8Bytes(content, JsonSerializerOptions.Web), tables);
    }

    private static DataTable ChoiceTable(ChoiceCurve curve) => new(
        [new Column("first_round", "from round", Numbers.Whole), new Column("last_round", "to round", Numbers.Whole), new Column("skip", "would skip")],
        [.. curve.Spans.Select(static span => (IReadOnlyList<object?>)[span.First, span.Last, span.Chosen.ToString()])]);

    private static DataTable PlanTable(IReadOnlyList<StoredPlan> plans) => new(
        [
            new Column("skip", "skips"), new Column("change", "multiply-accumulates", Numbers.Change), new Column("trainable", "trained parameters", Numbers.Count),
            new Column("method", "trained with"), new Column("accuracy", "test accuracy", Numbers.Value), new Column("recorded", "recorded"),
        ],
        [
            .. plans.Select(static stored => (IReadOnlyList<object?>)
            [
                stored.Plan.Subnetwork.ToString(),
                stored.Plan.Accounting?.ChangePercent,
                stored.Plan.Accounting?.TrainableParameters,
                stored.Plan.Result is { } result ? FormattableString.Invariant($"{result.Method}, seed {result.Seed}, {result.Epochs} epochs") : "not yet",
                stored.Plan.Result?.Metrics.TryGetValue("test.accuracy", out var accuracy) is true ? accuracy : null,
                stored.RecordedAt.ToString("u", System.Globalization.CultureInfo.InvariantCulture),
            ]),
        ]);
}

/// <summary>A metric over the batches of a search, or of a training afterwards, whose metrics are named <c>das:2,5,7:0/train.loss</c>.</summary>
/// <param name="points">Its values, all of one name.</param>
internal sealed class Curve(IReadOnlyList<Metric> points)
{
    private readonly int _slash = points[0].Name.LastIndexOf('/');

    internal static IReadOnlyList<Column> Columns { get; } = [new("step", "batches", Numbers.Count), new("value", "value", Numbers.Value)];

    /// <summary>Whose it is.</summary>
    internal string Of => _slash < 0 ? "search" : points[0].Name[.._slash];

    /// <summary>What was measured.</summary>
    internal string Measure => points[0].Name[(_slash + 1)..];

    internal DataTable Table { get; } = new(Columns, [.. points.Select(static metric => (IReadOnlyList<object?>)[metric.Step, metric.Value])]);
}

/// <summary>A run as lists show it.</summary>
/// <param name="Took">How long it was at work, for a person.</param>
/// <param name="Share">The share of its rounds that it has; null where it does not go on, or nobody knows.</param>
/// <param name="Best">Its best reward, for a person.</param>
internal sealed record RunLine(
    long Run,
    string Name,
    string Task,
    string Backbone,
    string Controller,
    int Skip,
    long Seed,
    string Status,
    string? Problem,
    DateTimeOffset StartedAt,
    DateTimeOffset UpdatedAt,
    int Rounds,
    long Evaluations,
    string Took,
    int? PlannedRounds,
    double? Share,
    string Best,
    IReadOnlyList<string> Tags,
    string Notes)
{
    internal static RunLine Of(RunSummary run) => new(
        run.Run,
        run.Name,
        run.Task,
        run.Backbone,
        run.Controller,
        run.Skip,
        run.Seed,
        EnumNames.NameOf(run.Status),
        run.Problem,
        run.StartedAt,
        run.UpdatedAt,
        run.Rounds,
        run.Evaluations,
        run.Took,
        run.PlannedRounds,
        run.ShareDone,
        Numbers.Value(run.BestReward),
        run.TagList,
        run.Notes);
}
