using System.Globalization;
using Dapper;
using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Store.Connections;
using DasSearch.Store.Results;
using DasSearch.Store.Rewards;

namespace DasSearch.Store;

/// <summary>What is in a database. Lists come row by row as they are asked for, so that a million fit into little memory.</summary>
/// <remarks>
/// Every method, or the list it gives as it is walked, throws a <see cref="StoreException"/> where the database fails or
/// has no such run.
/// </remarks>
public sealed class RunReader
{
    private readonly Database _database;

    internal RunReader(Database database) => _database = database;

    /// <summary>All runs, the oldest first.</summary>
    public IEnumerable<RunSummary> Runs() =>
        Query<RunRow, RunSummary>($"SELECT {RunRow.Columns} FROM run AS r ORDER BY r.id", row => row.ToSummary());

    /// <summary>A run by its number, or the latest run of a name.</summary>
    /// <param name="run">Digits alone are a number.</param>
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

    /// <summary>A run by its number.</summary>
    public RunDetails Run(long run)
    {
        const string Of = "FROM run AS r WHERE r.id = @run";
        var summary = Query<RunRow, RunSummary>($"SELECT {RunRow.Columns} {Of}", row => row.ToSummary(), new { run }).SingleOrDefault()
            ?? throw NoSuchRun(run.ToString(CultureInfo.InvariantCulture));
        var modules = Query<ModuleRow, ModuleCosts>(
            $"SELECT {ModuleRow.Columns} FROM module WHERE run_id = @run ORDER BY module", row => row.ToCosts(), new { run }).ToList();
        return Query<DetailsRow, RunDetails>($"SELECT {DetailsRow.Columns} {Of}", row => row.ToDetails(summary, modules), new { run }).Single() with
        {
            Latency = Latency(run),
        };
    }

    /// <summary>A run's rounds as they were recorded, in their order.</summary>
    public IEnumerable<Round> Rounds(long run) => RoundsSince(run, 0);

    /// <summary>The rounds from a number on, for whoever has seen those before it.</summary>
    public IEnumerable<Round> RoundsSince(long run, int number)
    {
        var modules = Modules(run);

        // The first of three lists to be opened, and the last to be closed: while one is open, all see the same state.
        using var rounds = Query<RoundRow>($"SELECT {RoundRow.Columns} FROM round WHERE run_id = @run AND round >= @number ORDER BY round", new { run, number })
            .GetEnumerator();
        if (!rounds.MoveNext())
        {
            yield break;
        }

        using var evaluations = EvaluationsSince(run, number, modules).GetEnumerator();
        using var gates = GatesSince(run, number).GetEnumerator();
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

            yield return _database.Failures.Sound(() => round.ToRound(itsEvaluations, itsGates));
        }
        while (rounds.MoveNext());
    }

    /// <summary>A run's rounds in one line each, in their order.</summary>
    public IEnumerable<RoundSummary> RoundSummaries(long run) =>
        QueryRun<RoundSummaryRow, RoundSummary>(
            $"SELECT {RoundSummaryRow.Columns} FROM v_rounds WHERE run_id = @run ORDER BY round", row => row.ToSummary(), run);

    /// <summary>A run's evaluations, round by round, in the order proposed.</summary>
    public IEnumerable<StoredEvaluation> Evaluations(long run)
    {
        return EvaluationsSince(run, 0, Modules(run));
    }

    /// <summary>A run's gates, round by round, module by module.</summary>
    public IEnumerable<StoredGate> Gates(long run)
    {
        _ = Modules(run);
        return GatesSince(run, 0);
    }

    /// <summary>A run's gates after its last round, module by module; none before the first.</summary>
    public IReadOnlyList<StoredGate> LastGates(long run)
    {
        const string Sql = $"""
            SELECT {GateRow.Columns} FROM gate
            WHERE run_id = @run AND round = (SELECT max(round) FROM round WHERE run_id = @run) ORDER BY module
            """;
        return [.. QueryRun<GateRow, StoredGate>(Sql, row => row.ToGate(), run)];
    }

    /// <summary>What a run found out about each module, in the modules' order.</summary>
    public IReadOnlyList<LayerReward> LayerRewards(long run)
    {
        _ = Modules(run);
        var statement = new RewardStatement(new RewardQuery(RewardGrouping.Layer), run);
        return
        [
            .. Query<LayerRewardRow, LayerReward>(
                $"SELECT {LayerRewardRow.Columns} FROM ({statement.Text}) ORDER BY module", row => row.ToReward(), statement.Values),
        ];
    }

    /// <summary>How each subnetwork fared that a run evaluated, the best mean reward first.</summary>
    public IEnumerable<SubnetworkReward> Subnetworks(long run)
    {
        var modules = Modules(run);
        return Query<SubnetworkRow, SubnetworkReward>(
            $"SELECT {SubnetworkRow.Columns} FROM v_subnetworks WHERE run_id = @run ORDER BY mean_reward DESC, subnetwork",
            row => row.ToReward(modules),
            new { run });
    }

    /// <summary>A run's rewards by module, round, subnetwork or evaluation.</summary>
    /// <exception cref="RewardQueryException">There is no such column or module, or a value does not fit its column.</exception>
    public RewardRows Rewards(long run, RewardQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        query.Evidence.CheckAgainst(run, Modules(run));
        var statement = new RewardStatement(query, run);
        return new RewardRows(statement.Columns, _database.Failures.Guard(Rows(statement)));
    }

    /// <summary>A run's metrics, name by name, step by step.</summary>
    /// <param name="run">The run's number.</param>
    /// <param name="name">One name only; null for all.</param>
    public IEnumerable<Metric> Metrics(long run, string? name = null)
    {
        _ = Modules(run);
        return Query<MetricRow, Metric>(
            $"SELECT {MetricRow.Columns} FROM metric WHERE run_id = @run AND (@name IS NULL OR name = @name) ORDER BY name, step",
            row => row.ToMetric(),
            new { run, name });
    }

    /// <summary>The last value of each of a run's metrics, name by name.</summary>
    public IReadOnlyList<Metric> LastMetrics(long run)
    {
        // Beside max(step), value is that of its row: https://www.sqlite.org/lang_select.html#bareagg
        const string Sql = "SELECT name AS Name, max(step) AS Step, value AS Value FROM metric WHERE run_id = @run GROUP BY name ORDER BY name";
        return [.. QueryRun<MetricRow, Metric>(Sql, row => row.ToMetric(), run)];
    }

    /// <summary>The plans that came of a run, in the order in which they were recorded.</summary>
    public IReadOnlyList<StoredPlan> Plans(long run) =>
        [.. QueryRun<PlanRow, StoredPlan>(
            $"SELECT {PlanRow.Columns} FROM plan WHERE run_id = @run ORDER BY recorded_at, id", row => row.ToPlan($"a plan of run {run}"), run)];

    /// <summary>What subnetworks of a run's supernet are worth on a whole split, in their canonical order; none where that was not measured.</summary>
    /// <param name="run">The run's number.</param>
    /// <param name="split">The split's name.</param>
    public IReadOnlyList<ExhaustiveScore> Truths(long run, string split)
    {
        var modules = Modules(run);
        const string Sql = """
            SELECT subnetwork AS Subnetwork, accuracy AS Accuracy, samples AS Samples, losses AS Losses
            FROM truth WHERE run_id = @run AND split = @split
            """;
        return [.. Query<TruthRow, ExhaustiveScore>(Sql, row => row.ToTruth(modules), new { run, split }).OrderBy(truth => truth.Subnetwork)];
    }

    /// <summary>What was found out about the adapters of a run's supernet, by module; none where that was not measured, as before its search is over.</summary>
    public IReadOnlyList<AdapterEvidence> Adapters(long run)
    {
        _ = Modules(run);
        const string Units = "SELECT module AS Module, placement AS Placement, site AS Site, saliency AS Saliency FROM adapter_unit WHERE run_id = @run ORDER BY unit";
        var units = Query<UnitRow>(Units, new { run }).ToLookup(row => (row.Module, row.Placement, row.Site), row => row.Saliency);
        return
        [
            .. Query<AdapterRow, AdapterEvidence>(
                $"SELECT {AdapterRow.Columns} FROM adapter WHERE run_id = @run ORDER BY module, placement, site",
                row => row.ToEvidence([.. units[(row.Module, row.Placement, row.Site)]]),
                new { run }),
        ];
    }

    private IEnumerable<StoredEvaluation> EvaluationsSince(long run, int number, int modules) => Query<EvaluationRow, StoredEvaluation>(
        $"SELECT {EvaluationRow.Columns} FROM evaluation WHERE run_id = @run AND round >= @number ORDER BY round, candidate",
        row => row.ToEvaluation(modules),
        new { run, number });

    private IEnumerable<StoredGate> GatesSince(long run, int number) => Query<GateRow, StoredGate>(
        $"SELECT {GateRow.Columns} FROM gate WHERE run_id = @run AND round >= @number ORDER BY round, module", row => row.ToGate(), new { run, number });

    private NetworkLatency? Latency(long run)
    {
        var saved = Query<double>("SELECT saved_milliseconds FROM module_latency WHERE run_id = @run ORDER BY module", new { run }).ToList();
        return Query<LatencyRow, NetworkLatency>($"SELECT {LatencyRow.Columns} FROM latency WHERE run_id = @run", row => row.ToLatency(saved), new { run })
            .SingleOrDefault();
    }

    /// <summary>How many modules a run has, which also tells whether there is such a run.</summary>
    private int Modules(long run)
    {
        const string Sql = "SELECT (SELECT count(*) FROM module WHERE run_id = r.id) FROM run AS r WHERE r.id = @run";
        var counts = Query<long>(Sql, new { run }).ToList();
        return counts.Count > 0 ? (int)counts[0] : throw NoSuchRun(run.ToString(CultureInfo.InvariantCulture));
    }

    private IEnumerable<IReadOnlyList<object?>> Rows(RewardStatement statement)
    {
        using var reader = _database.Connection.ExecuteReader(statement.Text, statement.Values);
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

    private IEnumerable<T> QueryRun<TRow, T>(string sql, Func<TRow, T> convert, long run)
    {
        _ = Modules(run);
        return Query(sql, convert, new { run });
    }

    private IEnumerable<T> Query<TRow, T>(string sql, Func<TRow, T> convert, object? values = null) =>
        Query<TRow>(sql, values).Select(row => _database.Failures.Sound(() => convert(row)));

    private IEnumerable<T> Query<T>(string sql, object? values = null) =>
        _database.Failures.Guard(_database.Connection.Query<T>(sql, values, buffered: false));

    private StoreException NoSuchRun(string run)
    {
        var latest = Query<long?>("SELECT max(id) FROM run").Single();
        var file = _database.Connection.DataSource;
        return new StoreException(
            latest is null
                ? $"there is no run {run} in {file}, which has none at all"
                : $"there is no run {run} in {file}, whose latest is {latest}: das runs lists them all");
    }
}
