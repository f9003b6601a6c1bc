using System.Globalization;
using DasSearch.Core;
using DasSearch.Store.Rewards;

namespace DasSearch.Cli.Rewards;

/// <summary>Columns for a person, as wide as their names and the first rows need: those that follow are not waited for.</summary>
/// <remarks>Where they do not fit beside each other, rows come in pieces, each a table of its own (<see cref="TextTable"/>).</remarks>
/// <param name="width">Columns of the screen.</param>
internal sealed class TableFormat(int width = int.MaxValue) : IRewardFormat
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
        if (widths.Sum(one => (long)one + Gap.Length) - Gap.Length > width)
        {
            WriteInPieces([.. first.Skip(1)], rows, columns, output, cancellation);
            return;
        }

        first.ForEach(WriteLine);
        while (rows.MoveNext())
        {
            cancellation.ThrowIfCancellationRequested();
            WriteLine(rows.Current);
        }

        void WriteLine(string[] cells) => output.WriteLine(string.Join(Gap, cells.Select(Align)).TrimEnd());

        string Align(string cell, int i) => columns[i].Type == RewardType.Text ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i]);
    }

    private void WriteInPieces(
        List<string[]> piece, IEnumerator<string[]> rows, IReadOnlyList<RewardColumn> columns, TextWriter output, CancellationToken cancellation)
    {
        do
        {
            cancellation.ThrowIfCancellationRequested();
            var table = new TextTable([.. columns.Select(column => column.Type == RewardType.Text ? column.Name : $">{column.Name}")]);
            piece.ForEach(cells => table.Add(cells));
            foreach (var line in table.Lines(width))
            {
                output.WriteLine(line.Text);
            }

            piece.Clear();
            while (piece.Count < RowsThatAreMeasured && rows.MoveNext())
            {
                piece.Add(rows.Current);
            }

            if (piece.Count > 0)
            {
                output.WriteLine();
            }
        }
        while (piece.Count > 0);
    }

    // Names might draw over the screen.
    private static string Cell(object? value) => value switch
    {
        double number => Numbers.Value(number),
        string text => text.Any(char.IsControl) ? string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter)) : text,
        null => Numbers.Value(null),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
