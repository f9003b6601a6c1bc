using System.Globalization;

namespace DasSearch.Store.Rewards;

/// <summary>Rewards as they were asked for.</summary>
/// <param name="Columns">The columns.</param>
/// <param name="Rows">
/// The rows, read one by one as they are asked for; the values in the columns' order, each a <see cref="long"/>, a
/// <see cref="double"/>, a <see cref="string"/> or null.
/// </param>
public sealed record RewardRows(IReadOnlyList<RewardColumn> Columns, IEnumerable<IReadOnlyList<object?>> Rows)
{
    /// <summary>Answers a query from rows that are at hand.</summary>
    /// <param name="query">The query.</param>
    /// <param name="rows">All rows of its grouping, each with all the grouping's columns; walked when the answer is.</param>
    /// <exception cref="RewardQueryException">A column is not there, or a value does not fit its column.</exception>
    internal static RewardRows Of(RewardQuery query, IEnumerable<IReadOnlyList<object?>> rows)
    {
        var places = RewardColumns.Of(query.By).Select((column, place) => (column.Name, place)).ToDictionary(entry => entry.Name, entry => entry.place);
        var selected = query.Selected();
        var order = query.Order();
        var conditions = query.Where.Select(condition => Condition(condition, RewardColumns.Named(query.By, condition.Column))).ToList();
        var found = rows.Where(row => conditions.TrueForAll(holds => holds(row))).Order(Comparer<IReadOnlyList<object?>>.Create(Compare));
        var cut = query.Count is not { } count ? found : query.FromEnd ? found.TakeLast(count) : found.Take(count);
        return new RewardRows(selected, cut.Select(row => (IReadOnlyList<object?>)[.. selected.Select(column => row[places[column.Name]])]));

        Func<IReadOnlyList<object?>, bool> Condition(RewardCondition condition, RewardColumn column)
        {
            var place = places[column.Name];
            if (condition.Value is null)
            {
                return row => row[place] is null == (condition.Comparison == RewardComparison.Equal);
            }

            var value = condition.ValueFor(column);
            return row => row[place] is { } its && condition.Comparison switch
            {
                RewardComparison.Equal => CompareValues(its, value) == 0,
                RewardComparison.NotEqual => CompareValues(its, value) != 0,
                RewardComparison.Less => CompareValues(its, value) < 0,
                RewardComparison.LessOrEqual => CompareValues(its, value) <= 0,
                RewardComparison.Greater => CompareValues(its, value) > 0,
                _ => CompareValues(its, value) >= 0,
            };
        }

        int Compare(IReadOnlyList<object?>? one, IReadOnlyList<object?>? other)
        {
            foreach (var key in order)
            {
                var (first, second) = (one![places[key.Column]], other![places[key.Column]]);
                var difference = (first, second) switch
                {
                    (null, null) => 0,
                    (null, _) => 1,
                    (_, null) => -1,
                    _ => key.Descending ? -CompareValues(first, second) : CompareValues(first, second),
                };
                if (difference != 0)
                {
                    return difference;
                }
            }

            return 0;
        }
    }

    private static int CompareValues(object one, object other) => (one, other) switch
    {
        (string text, string second) => string.CompareOrdinal(text, second),
        (long whole, long second) => whole.CompareTo(second),
        _ => Convert.ToDouble(one, CultureInfo.InvariantCulture).CompareTo(Convert.ToDouble(other, CultureInfo.InvariantCulture)),
    };
}
