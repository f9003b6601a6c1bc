using System.Globalization;
using Dapper;
using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Formats;
using DasSearch.Store.Rewards;

namespace DasSearch.Store.Sqlite;

/// <summary>Reads runs from an SQLite file, row by row as lists are walked.</summary>
internal sealed class SqliteReader(Database database, RunFolders folders) : IRunReader
{
    private const string SelectRun = """
        SELECT r.id AS run, r.name, r.task, r.backbone, r.controller, r.skip_count AS skip, r.seed, r.status, r.problem, r.started_at, r.updated_at, r.finished_at,
               coalesce((SELECT max(round) + 1 FROM round WHERE run_id = r.id), 0) AS rounds,
               (SELECT count(*) FROM evaluation WHERE run_id = r.id) AS evaluations, r.worked_milliseconds, r.planned_rounds,
               (SELECT max(reward) FROM evaluation WHERE run_id = r.id) AS best_reward, r.notes,
               (SELECT coalesce(group_concat(tag, ' '), '') FROM (SELECT tag FROM run_tag WHERE run_id = r.id ORDER BY tag)) AS tags
        FROM run AS r
        """;

    /// <inheritdoc/>
    public IEnumerable<RunSummary> Runs() => Query<RunSummary>($"{SelectRun} ORDER BY r.id").Select(AsItIs);

    /// <inheritdoc/>
    public RunDetails Find(string run)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(run);
        if (long.TryParse(run, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return Run(number);
        }

        var ids = Query<long>("SELECT id FROM run WHERE name = @run ORDER BY id DESC LIMIT 1", new { run }).ToList();
        return ids.Count > 0 ? Run(ids[0]) : throw NoSuchRun($"named '{run}'");
    }

    /// <inheritdoc/>
    public RunDetails Run(long run)
    {
        var summary = Query<RunSummary>($"{SelectRun} WHERE r.id = @run", new { run }).Select(AsItIs).SingleOrDefault()
            ?? throw NoSuchRun(run.ToString(CultureInfo.InvariantCulture));
        var modules = Query<ModuleRow, ModuleCosts>(ModuleRow.Select, row => row.ToCosts(), new { run }).ToList();
        return Query<RunRow, RunDetails>(RunRow.Select, row => row.ToDetails(summary, modules), new { run }).Single() with { Latency = Latency(run) };
    }

    /// <inheritdoc/>
    public IEnumerable<Round> RoundsSince(long run, int number)
    {
        var modules = Modules(run);

        // The first of three lists to be opened, and the last to be closed: while one is open, all see the same state.
        using var rounds = Query<RoundRow>(RoundRow.Select, new { run, number }).GetEnumerator();
        if (!rounds.MoveNext())
        {
            yield break;
        }

        using var evaluations = Evaluations(run, number, modules).GetEnumerator();
        using var gates = Gates(run, number).GetEnumerator();
        var (hasEvaluation, hasGate) = (evaluations.MoveNext(), gates.MoveNext());
        do
        {
            // Both lists are in the rounds' order, too, so each is walked once.
            var round = rounds.Current;
            var itsEvaluations = new List<Evaluation>();
            for (; hasEvaluation && evaluations.Current.Round == round.Round; hasEvaluation = evaluations.MoveNext())
            {
                itsEvaluations.Add(evaluations.Current.Evaluation);
            }

            var itsGates = new List<StoredGate>(modules);
            for (; hasGate && gates.Current.Round == round.Round; hasGate = gates.MoveNext())
            {
                itsGates.Add(gates.Current);
            }

            yield return database.Failures.Sound(() => round.ToRound(itsEvaluations, itsGates));
        }
        while (rounds.MoveNext());
    }

    /// <inheritdoc/>
    public IEnumerable<RoundSummary> RoundSummariesSince(long run, int number)
    {
        _ = Modules(run);
        return Query<RoundSummary>(
            """
            SELECT round, step, epoch, evaluations, coalesce(scored, 0) AS scored, mean_loss, mean_reward, best_reward, milliseconds, recorded_at
            FROM v_rounds WHERE run_id = @run AND round >= @number ORDER BY round
            """,
            new { run, number });
    }

    /// <inheritdoc/>
    public IEnumerable<StoredChoice> Choices(long run)
    {
        var modules = Modules(run);
        return Query<(int Round, string Recommended), StoredChoice>(
            "SELECT round, recommended FROM round WHERE run_id = @run AND recommended IS NOT NULL ORDER BY round",
            row => new StoredChoice(row.Round, Subnetwork.Parse(row.Recommended, modules)),
            new { run });
    }

    /// <inheritdoc/>
    public IEnumerable<StoredEvaluation> Evaluations(long run) => Evaluations(run, 0, Modules(run));

    /// <inheritdoc/>
    public IEnumerable<StoredGate> Gates(long run)
    {
        _ = Modules(run);
        return Gates(run, 0);
    }

    /// <inheritdoc/>
    public IReadOnlyList<StoredGate> LastGates(long run)
    {
        _ = Modules(run);
        return [.. Gates(run, Query<int?>("SELECT max(round) FROM round WHERE run_id = @run", new { run }).Single() ?? 0)];
    }

    /// <inheritdoc/>
    public IReadOnlyList<LayerReward> LayerRewards(long run)
    {
        _ = Modules(run);
        return LayerRewards(run, Evidence.All);
    }

    /// <inheritdoc/>
    public IEnumerable<SubnetworkReward> Subnetworks(long run)
    {
        var modules = Modules(run);
        return Query<(string Subnetwork, long Evaluations, double Mean, double Best, int First, int Last), SubnetworkReward>(
            """
            SELECT subnetwork, n, mean_reward, best_reward, first_round, last_round
            FROM v_subnetworks WHERE run_id = @run ORDER BY mean_reward DESC, subnetwork
            """,
            row => new SubnetworkReward(Subnetwork.Parse(row.Subnetwork, modules), row.Evaluations, row.Mean, row.Best, row.First, row.Last),
            new { run });
    }

    /// <inheritdoc/>
    public RewardRows Rewards(long run, RewardQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        query.Evidence.CheckAgainst(run, Modules(run));
        if (query.By == RewardGrouping.Layer)
        {
            return RewardRows.Of(query, LayerRewards(run, query.Evidence).Select(layer => layer.ToRow(run)));
        }

        var statement = new RewardStatement(query, run);
        return new RewardRows(statement.Columns, database.Failures.Guard(Rows(statement)));
    }

    /// <inheritdoc/>
    public IEnumerable<Metric> Metrics(long run, string? name = null)
    {
        _ = Modules(run);
        return Metrics("SELECT name, step, value FROM metric WHERE run_id = @run AND (@name IS NULL OR name = @name) ORDER BY name, step", new { run, name });
    }

    /// <inheritdoc/>
    public IReadOnlyList<Metric> LastMetrics(long run)
    {
        // Beside max(step), value is that of its row: https://www.sqlite.org/lang_select.html#bareagg
        _ = Modules(run);
        return [.. Metrics("SELECT name, max(step) AS step, value FROM metric WHERE run_id = @run GROUP BY name ORDER BY name", new { run })];
    }

    /// <inheritdoc/>
    public IReadOnlyList<RunEvent> Events(long run)
    {
        var stored = Query<(RunEventKind Kind, int Rounds, string? Problem, DateTimeOffset At), RunEvent>(
            "SELECT what, rounds, problem, recorded_at FROM run_event WHERE run_id = @run ORDER BY id",
            row => new RunEvent(row.Kind, row.Rounds, row.Problem, row.At),
            new { run });
        return RunEvent.Of(Run(run).Summary, stored);
    }

    /// <inheritdoc/>
    public IReadOnlyList<StoredPlan> Plans(long run)
    {
        _ = Modules(run);
        return [.. Query<(string Json, DateTimeOffset RecordedAt), StoredPlan>(
            "SELECT json, recorded_at FROM plan WHERE run_id = @run ORDER BY recorded_at, id",
            row => new StoredPlan(PlanFile.Parse(row.Json, $"a plan of run {run}"), row.RecordedAt),
            new { run })];
    }

    /// <inheritdoc/>
    public IReadOnlyList<ExhaustiveScore> ExhaustiveScores(long run, string split)
    {
        var modules = Modules(run);
        return [.. Query<(string Subnetwork, double Accuracy, long Samples, byte[] Losses), ExhaustiveScore>(
            "SELECT subnetwork, accuracy, samples, losses FROM truth WHERE run_id = @run AND split = @split",
            row => new ExhaustiveScore(Subnetwork.Parse(row.Subnetwork, modules), row.Accuracy * row.Samples, FloatBlob.Read(row.Losses)),
            new { run, split }).OrderBy(score => score.Subnetwork)];
    }

    /// <inheritdoc/>
    public IReadOnlyList<AdapterEvidence> Adapters(long run)
    {
        _ = Modules(run);
        const string Units = "SELECT module, placement, site, saliency FROM adapter_unit WHERE run_id = @run ORDER BY unit";
        var units = Query<(int Module, Placement Placement, string Site, double Saliency)>(Units, new { run })
            .ToLookup(row => (row.Module, row.Placement, row.Site), row => row.Saliency);
        return [.. Query<AdapterRow, AdapterEvidence>(AdapterRow.Select, row => row.ToEvidence(units[(row.Module, row.Placement, row.Site)]), new { run })];
    }

    private NetworkLatency? Latency(long run)
    {
        var saved = Query<double>("SELECT saved_milliseconds FROM module_latency WHERE run_id = @run ORDER BY module", new { run }).ToList();
        return Query<(int Batch, double Full, double Kept, byte[]? Turns), NetworkLatency>(
            "SELECT batch, full_milliseconds, kept_milliseconds, turns FROM latency WHERE run_id = @run",
            row => row.Turns is { } turns ? new NetworkLatency(row.Batch, LatencyBlob.Read(turns, saved.Count)) : new NetworkLatency(row.Batch, row.Full, row.Kept, saved),
            new { run }).SingleOrDefault();
    }

    // Of evaluations there are many, of subnetworks few: what they have in common is summed up where they are.
    private List<LayerReward> LayerRewards(long run, Evidence evidence)
    {
        var (costs, filter) = (Query<ModuleRow, ModuleCosts>(ModuleRow.Select, row => row.ToCosts(), new { run }).ToList(), new EvidenceFilter(run, evidence));
        var origin = Query<double?>($"SELECT reward FROM v_credit WHERE {filter.Sql} ORDER BY round, candidate LIMIT 1", filter.Values).SingleOrDefault() ?? 0;
        var statistics = new LayerStatistics(costs.Count, origin);
        filter.Values.Add("origin", origin);
        var sums = Query<(string Subnetwork, long Count, double Distances, double Squares)>(
            $"""
            SELECT subnetwork, count(*), total(d), total(d * d)
            FROM (SELECT subnetwork, reward - @origin AS d FROM v_credit WHERE {filter.Sql}) GROUP BY subnetwork
            """,
            filter.Values);
        foreach (var (subnetwork, count, distances, squares) in sums)
        {
            statistics.Add(database.Failures.Sound(() => Subnetwork.Parse(subnetwork, costs.Count)), count, distances, squares);
        }

        var last = Query<int?>("SELECT max(round) FROM round WHERE run_id = @run AND round BETWEEN @first AND @last", filter.Values).Single();
        var gates = Query<StoredGate>("SELECT round, module, gate, probability FROM gate WHERE run_id = @run AND round = @last ORDER BY module", new { run, last })
            .ToDictionary(gate => gate.Module);
        return [.. costs.Select(module => statistics.Of(module.Module, gates.GetValueOrDefault(module.Module.Index)))];
    }

    private IEnumerable<StoredEvaluation> Evaluations(long run, int number, int modules) =>
        Query<EvaluationRow, StoredEvaluation>(EvaluationRow.Select, row => row.ToEvaluation(modules), new { run, number });

    private IEnumerable<StoredGate> Gates(long run, int number) => Query<StoredGate>(
        "SELECT round, module, gate, probability FROM gate WHERE run_id = @run AND round >= @number ORDER BY round, module", new { run, number });

    private IEnumerable<Metric> Metrics(string sql, object values) =>
        Query<(string Name, long Step, double? Value), Metric>(sql, row => new Metric(row.Name, row.Step, row.Value), values);

    /// <summary>How many modules a run has, which also tells whether there is such a run.</summary>
    private int Modules(long run)
    {
        const string Sql = "SELECT (SELECT count(*) FROM module WHERE run_id = r.id) FROM run AS r WHERE r.id = @run";
        var counts = Query<int>(Sql, new { run }).ToList();
        return counts.Count > 0 ? counts[0] : throw NoSuchRun(run.ToString(CultureInfo.InvariantCulture));
    }

    private IEnumerable<IReadOnlyList<object?>> Rows(RewardStatement statement)
    {
        using var reader = database.Connection.ExecuteReader(statement.Text, statement.Values);
        while (reader.Read())
        {
            var row = new object?[statement.Columns.Count];
            for (var i = 0; i < row.Length; i++)
            {
                row[i] = reader.IsDBNull(i) ? null : reader.GetValue(i);
            }

            yield return row;
        }
    }

    private IEnumerable<T> Query<TRow, T>(string sql, Func<TRow, T> convert, object values) =>
        Query<TRow>(sql, values).Select(row => database.Failures.Sound(() => convert(row)));

    private IEnumerable<T> Query<T>(string sql, object? values = null) =>
        database.Failures.Guard(database.Connection.Query<T>(sql, values, buffered: false));

    private RunSummary AsItIs(RunSummary run) => folders.AsItIs(run) with { Database = folders.Database };

    private StoreException NoSuchRun(string run)
    {
        var latest = Query<long?>("SELECT max(id) FROM run").Single();
        var file = database.Path;
        return new StoreException(
            latest is null
                ? $"there is no run {run} in {file}, which has none at all"
                : $"there is no run {run} in {file}, whose latest is {latest}: {ShellLine.Das(folders.Database, "runs")} lists them all");
    }
}
