using System.Globalization;
using DasSearch.Store.Rewards;

namespace DasSearch.Cli.Rewards;

/// <summary>Columns for a person, as wide as their names and the first rows need: those that follow are not waited for.</summary>
internal sealed class TableFormat : IRewardFormat
{
    private const int RowsThatAreMeasured = 200;
    private const string Gap = "  ";

    /// <inheritdoc/>
    public void Write(RewardRows rewards, TextWriter output, CancellationToken cancellation)
    {
        var columns = rewards.Columns;
        using var rows = rewards.Rows.Select(row => row.Select(Cell).ToArray()).GetEnumerator();
        var first = new List<string[]> { columns.Select(column => column.Name).ToArray() };
        while (first.Count <= RowsThatAreMeasured && rows.MoveNext())
        {
            first.Add(rows.Current);
        }

        var widths = Enumerable.Range(0, columns.Count).Select(i => first.Max(cells => cells[i].Length)).ToArray();
        first.ForEach(WriteLine);
        while (rows.MoveNext())
        {
            cancellation.ThrowIfCancellationRequested();
            WriteLine(rows.Current);
        }

        void WriteLine(string[] cells) => output.WriteLine(string.Join(Gap, cells.Select(Align)).TrimEnd());

        string Align(string cell, int i) => columns[i].Type == RewardType.Text ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i]);
    }

    // Rewards of long answers are tiny, and would all be 0.0000. Names might draw over the screen.
    private static string Cell(object? value) => value switch
    {
        null => "–",
        double number => number.ToString(Math.Abs(number) is > 0 and < 5e-5 ? "0.000E+0" : "F4", CultureInfo.InvariantCulture),
        string text => text.Any(char.IsControl) ? string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter)) : text,
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
