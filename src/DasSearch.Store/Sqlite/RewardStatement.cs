using System.Globalization;
using Dapper;
using DasSearch.Store.Rewards;

namespace DasSearch.Store.Sqlite;

/// <summary>Which evaluations count, as an SQL condition with the parameters that it needs.</summary>
internal sealed class EvidenceFilter
{
    internal EvidenceFilter(long run, Evidence evidence)
    {
        Values.Add("run", run);
        Values.Add("first", evidence.FirstRound);
        Values.Add("last", evidence.LastRound);
        var skipping = evidence.Skipping.Select((module, i) => $" AND {Skips($"skipped{i}", module)}");
        var keeping = evidence.Keeping.Select((module, i) => $" AND NOT {Skips($"kept{i}", module)}");
        Sql = $"run_id = @run AND round BETWEEN @first AND @last{string.Concat(skipping.Concat(keeping))}";
    }

    internal string Sql { get; }

    internal DynamicParameters Values { get; } = new();

    // A subnetwork is text such as 2,5,7: with a comma on either side, each of its modules is found.
    private string Skips(string name, int module)
    {
        Values.Add(name, string.Create(CultureInfo.InvariantCulture, $",{module},"));
        return $"instr(',' || subnetwork || ',', @{name}) > 0";
    }
}

/// <summary>A query by round, subnetwork or evaluation as SQL: with all the evidence it gives what the views give, which cannot take less.</summary>
/// <remarks>Of what a user wrote, only names of known columns reach the text; all else are parameters. What an evaluation counts for is its row in v_credit.</remarks>
internal sealed class RewardStatement
{
    private readonly RewardQuery _query;
    private readonly EvidenceFilter _filter;

    /// <exception cref="RewardQueryException">A column is not there, or a value does not fit its column.</exception>
    internal RewardStatement(RewardQuery query, long run)
    {
        (_query, _filter) = (query, new EvidenceFilter(run, query.Evidence));
        Columns = query.Selected();
        var order = query.Order();
        var selected = Columns.Select(column => column.Name).Union(order.Select(key => key.Column));
        var rows = $"""
            SELECT {string.Join(", ", selected)}
            FROM ({Grouped()})
            WHERE {string.Join(" AND ", query.Where.Select(Condition).DefaultIfEmpty("TRUE"))}
            """;
        Text = query switch
        {
            { Count: null } => $"{rows}\nORDER BY {By(order)}",
            { FromEnd: false } => $"{rows}\nORDER BY {By(order)}\nLIMIT {Parameter("count", query.Count)}",
            _ => $"SELECT * FROM (\n{rows}\nORDER BY {By(order, isTurned: true)}\nLIMIT {Parameter("count", query.Count)})\nORDER BY {By(order)}",
        };
    }

    /// <summary>The first columns of what it selects; any after them it is sorted by.</summary>
    internal IReadOnlyList<RewardColumn> Columns { get; }

    internal string Text { get; }

    internal object Values => _filter.Values;

    private static string By(IReadOnlyList<RewardKey> order, bool isTurned = false) => string.Join(", ", order.Select(key =>
        $"{key.Column}{(key.Descending != isTurned ? " DESC" : "")}{(key.MayBeMissing ? isTurned ? " NULLS FIRST" : " NULLS LAST" : "")}"));

    // Rounds are grouped before they are joined: with their bounds on both sides, SQLite would look through all of one for each of the other.
    private string Grouped() => _query.By switch
    {
        RewardGrouping.Round => $"""
            SELECT r.run_id, r.round, r.step, r.epoch, e.evaluations, e.scored, e.mean_loss, c.mean_reward, c.best_reward, r.milliseconds, r.recorded_at
            FROM (
              SELECT run_id, round, count(*) AS evaluations, count(*) FILTER (WHERE outcome = 'scored') AS scored, avg(loss) AS mean_loss
              FROM evaluation WHERE {_filter.Sql} GROUP BY run_id, round) AS e
            JOIN round AS r ON r.run_id = e.run_id AND r.round = e.round
            LEFT JOIN (
              SELECT round, avg(reward) AS mean_reward, max(reward) AS best_reward
              FROM v_credit WHERE {_filter.Sql} GROUP BY round) AS c ON c.round = e.round
            """,
        RewardGrouping.Subnetwork => $"""
            SELECT run_id, subnetwork, count(*) AS n, avg(reward) AS mean_reward, max(reward) AS best_reward,
                   min(round) AS first_round, max(round) AS last_round
            FROM v_credit WHERE {_filter.Sql} GROUP BY run_id, subnetwork
            """,
        RewardGrouping.Evaluation => $"""
            SELECT run_id, round, candidate, outcome, subnetwork, loss, reward, milliseconds, mode, batch, problem
            FROM evaluation WHERE {_filter.Sql}
            """,
        _ => throw new InvalidOperationException($"{_query.By} is not asked for in SQL."),
    };

    private string Condition(RewardCondition condition, int i)
    {
        var column = RewardColumns.Named(_query.By, condition.Column);
        return condition.Value is null
            ? $"{column.Name} IS {(condition.Comparison == RewardComparison.Equal ? "" : "NOT ")}NULL"
            : $"{column.Name} {Operator(condition.Comparison)} {Parameter($"value{i}", condition.ValueFor(column))}";
    }

    private static string Operator(RewardComparison comparison) => comparison switch
    {
        RewardComparison.Equal => "=",
        RewardComparison.NotEqual => "<>",
        RewardComparison.Less => "<",
        RewardComparison.LessOrEqual => "<=",
        RewardComparison.Greater => ">",
        RewardComparison.GreaterOrEqual => ">=",
        _ => throw new ArgumentOutOfRangeException(nameof(comparison), comparison, "no such comparison"),
    };

    private string Parameter(string name, object? value)
    {
        _filter.Values.Add(name, value);
        return "@" + name;
    }
}
