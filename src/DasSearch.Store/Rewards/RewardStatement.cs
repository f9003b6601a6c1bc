using System.Globalization;
using Dapper;

namespace DasSearch.Store.Rewards;

/// <summary>A query as SQL. Of what a user wrote, only names of known columns reach the text; all else are parameters.</summary>
internal sealed class RewardStatement
{
    private readonly RewardGrouping _by;
    private readonly DynamicParameters _values = new();

    /// <exception cref="RewardQueryException">A column is not there, or a value does not fit its column.</exception>
    internal RewardStatement(RewardQuery query, long run)
    {
        _by = query.By;
        Columns = Named(query.Columns);
        var order = Order(query);
        var selected = Columns.Select(column => column.Name).Union(order.Select(key => key.Column));
        var rows = $"""
            WITH
            {Evidence(query.Evidence, run)},
            reward AS (
            {RewardSql.Rows(_by)})
            SELECT {string.Join(", ", selected)}
            FROM reward
            WHERE {string.Join(" AND ", query.Where.Select(Condition).DefaultIfEmpty("TRUE"))}
            """;
        Text = query switch
        {
            { Count: null } => $"{rows}\nORDER BY {By(order)}",
            { FromEnd: false } => $"{rows}\nORDER BY {By(order)}\nLIMIT {Parameter("count", query.Count)}",
            _ => $"SELECT * FROM (\n{rows}\nORDER BY {By(order.Select(key => key.Turned))}\nLIMIT {Parameter("count", query.Count)})\nORDER BY {By(order)}",
        };
    }

    /// <summary>The first columns of what it selects; any after them it is sorted by.</summary>
    internal IReadOnlyList<RewardColumn> Columns { get; }

    internal string Text { get; }

    internal object Values => _values;

    private IReadOnlyList<RewardColumn> Named(IReadOnlyList<string> names)
    {
        if (names.Count == 0)
        {
            return RewardColumns.Of(_by);
        }

        var columns = names.Select(name => RewardColumns.Named(_by, name)).ToList();
        return columns.GroupBy(column => column.Name).FirstOrDefault(group => group.Count() > 1) is { } twice
            ? throw new RewardQueryException($"the column {twice.Key} is asked for twice")
            : columns;
    }

    private string Evidence(Evidence evidence, long run)
    {
        _values.Add("run", run);
        _values.Add("first", evidence.FirstRound);
        _values.Add("last", evidence.LastRound);
        var skipping = evidence.Skipping.Select((module, i) => $" AND {RewardSql.Skips(Module($"skipped{i}", module))}");
        var keeping = evidence.Keeping.Select((module, i) => $" AND NOT {RewardSql.Skips(Module($"kept{i}", module))}");
        return RewardSql.Evidence(string.Concat(skipping.Concat(keeping)));

        string Module(string name, int module) => Parameter(name, string.Create(CultureInfo.InvariantCulture, $",{module},"));
    }

    private List<Key> Order(RewardQuery query)
    {
        var order = RewardSql.Order(_by).Select(key => new Key(key.Column, key.Descending)).ToList();
        if (query.SortBy is null)
        {
            return order;
        }

        var column = RewardColumns.Named(_by, query.SortBy).Name;
        var isThere = order.RemoveAll(key => key.Column == column) > 0; // in every row, and sorted by an index if told no more
        return [new Key(column, query.Descending, isThere ? null : "LAST"), .. order];
    }

    private static string By(IEnumerable<Key> order) => string.Join(", ", order);

    private string Condition(RewardCondition condition, int i)
    {
        var column = RewardColumns.Named(_by, condition.Column);
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
        _values.Add(name, value);
        return "@" + name;
    }

    private sealed record Key(string Column, bool Descending, string? Nulls = null)
    {
        internal Key Turned => new(Column, !Descending, Nulls is null ? null : "FIRST");

        public override string ToString() => $"{Column}{(Descending ? " DESC" : "")}{(Nulls is null ? "" : $" NULLS {Nulls}")}";
    }
}
