namespace DasSearch.Reporter.Reports.Tables;

/// <summary>Numbers behind a figure.</summary>
/// <param name="Columns">The columns.</param>
/// <param name="Rows">The rows, each with a value for every column: text, a number, a truth, or null.</param>
public sealed record DataTable(IReadOnlyList<Column> Columns, IReadOnlyList<IReadOnlyList<object?>> Rows)
{
    /// <summary>The table without some columns, and without those that have no value in any row.</summary>
    /// <param name="names">The names of columns to leave out.</param>
    public DataTable Without(params IReadOnlyList<string> names)
    {
        var kept = Enumerable.Range(0, Columns.Count)
            .Where(i => !names.Contains(Columns[i].Name) && (Rows.Count == 0 || Rows.Any(row => row[i] is not null)))
            .ToList();
        return new DataTable([.. kept.Select(i => Columns[i])], [.. Rows.Select(row => (IReadOnlyList<object?>)[.. kept.Select(i => row[i])])]);
    }

    /// <summary>At most so many rows, spread evenly over all, the first and the last among them.</summary>
    /// <param name="most">How many, at least 2.</param>
    public DataTable Thinned(int most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 2);
        return Rows.Count <= most
            ? this
            : this with { Rows = [.. Enumerable.Range(0, most).Select(i => Rows[(int)((long)i * (Rows.Count - 1) / (most - 1))])] };
    }
}
