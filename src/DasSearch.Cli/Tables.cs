using System.Globalization;
using System.Text;
using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Store;
using Spectre.Console.Rendering;

namespace DasSearch.Cli;

/// <summary>A table of facts as commands print it: plain columns, read by people and cut by scripts alike.</summary>
/// <remarks>
/// Where the columns do not fit beside each other, headings are broken at spaces and hyphens; where that is not enough, the columns stand in blocks
/// below each other, each with the key columns, so that nothing is left out. A number is never cut or wrapped. Only a text that leaves
/// no room for a number beside it is cut, in its middle, and the last line says so.
/// </remarks>
internal sealed class TextTable
{
    private const string Gap = "  ";
    private const int Shortest = 8; // of a text that is cut

    private readonly string[] _names;
    private readonly bool[] _areNumbers;
    private readonly List<string[]> _rows = [];

    /// <summary>An empty table; names that begin with &gt; are those of columns of numbers, which stand to the right.</summary>
    internal TextTable(params ReadOnlySpan<string> columns)
    {
        (_names, _areNumbers) = (new string[columns.Length], new bool[columns.Length]);
        for (var i = 0; i < columns.Length; i++)
        {
            (_names[i], _areNumbers[i]) = (Shown(columns[i].TrimStart('>')), columns[i].StartsWith('>'));
        }
    }

    /// <summary>How many columns, from the first, say what a row is about, so that every block has them; by default one.</summary>
    internal int Keys { get; init; } = 1;

    /// <summary>How many rows there are.</summary>
    internal int Count => _rows.Count;

    /// <summary>Adds a row of texts, which are shown as they are but for control characters, which might draw over the screen.</summary>
    internal void Add(params ReadOnlySpan<string> cells)
    {
        var row = new string[_names.Length];
        for (var i = 0; i < row.Length; i++)
        {
            row[i] = Shown(cells[i]);
        }

        _rows.Add(row);
    }

    /// <summary>Takes all rows out again.</summary>
    internal void Clear() => _rows.Clear();

    /// <summary>The table in lines, none longer than so many columns of the screen unless a number and what its row is about need more.</summary>
    internal IEnumerable<TableLine> Lines(int width)
    {
        var natural = Widths(_names);
        if (Together(natural, Enumerable.Range(0, natural.Length)) <= width)
        {
            return Block([.. Enumerable.Range(0, natural.Length)], natural);
        }

        var widths = Widths(_names.Select(static name => name.Replace("-", "- ", StringComparison.Ordinal).Split(' ').MaxBy(WidthOf)!));
        var isCut = Narrow(widths, width);
        var lines = Blocks(widths, width).SelectMany((block, i) => i == 0 ? Block(block, widths) : Block(block, widths).Prepend(new TableLine("", TableLine.NoRow)));
        return isCut ? lines.Append(new TableLine($"(cut to {width} columns: a wider screen or --json has it in full)", TableLine.NoRow)) : lines;
    }

    // Makes room beside each key for the widest number, and for the widest text as far as texts can be cut.
    private bool Narrow(int[] widths, int width)
    {
        var isCut = false;
        var rest = Enumerable.Range(Keys, widths.Length - Keys).ToList();
        var needed = rest.Select(i => Math.Min(widths[i], Least(i))).DefaultIfEmpty(0).Max() + Gap.Length;
        for (var i = Keys - 1; i >= 0; i--)
        {
            var others = Together(widths, Enumerable.Range(0, Keys).Where(other => other != i)) + (Keys > 1 ? Gap.Length : 0);
            isCut |= Cut(i, width - needed - others);
        }

        var keys = Together(widths, Enumerable.Range(0, Keys));
        rest.ForEach(i => isCut |= Cut(i, width - keys - Gap.Length));
        return isCut;

        bool Cut(int i, int room)
        {
            var before = widths[i];
            widths[i] = Math.Min(before, Math.Max(room, Least(i)));
            return widths[i] < before;
        }
    }

    // As narrow as a column can be made: what has no letter is a number, or a list of them.
    private int Least(int i) => _areNumbers[i]
        ? int.MaxValue
        : _rows.Select(row => row[i]).Where(static cell => !cell.Any(char.IsLetter)).Select(WidthOf).Append(Shortest).Max();

    private IEnumerable<List<int>> Blocks(int[] widths, int width)
    {
        var keys = Enumerable.Range(0, Keys).ToList();
        var block = keys.ToList();
        for (var i = Keys; i < widths.Length; i++)
        {
            if (block.Count > Keys && Together(widths, block.Append(i)) > width)
            {
                yield return block;
                block = [.. keys];
            }

            block.Add(i);
        }

        yield return block;
    }

    private IEnumerable<TableLine> Block(List<int> columns, int[] widths)
    {
        var headings = columns.Select(i => Broken(_names[i], widths[i])).ToList();
        var height = headings.Max(static lines => lines.Count);
        for (var line = 0; line < height; line++)
        {
            yield return Line(j => headings[j].ElementAtOrDefault(line - height + headings[j].Count) ?? "", TableLine.Heading);
        }

        for (var row = 0; row < _rows.Count; row++)
        {
            yield return Line(j => Fitted(_rows[row][columns[j]], widths[columns[j]]), row);
        }

        TableLine Line(Func<int, string> cell, int row) => new(
            string.Join(Gap, columns.Select((column, j) => Aligned(cell(j), widths[column], _areNumbers[column]))).TrimEnd(), row);
    }

    private int[] Widths(IEnumerable<string> headings) =>
        [.. headings.Select((heading, i) => _rows.Select(row => WidthOf(row[i])).Append(WidthOf(heading)).Max())];

    private static int Together(int[] widths, IEnumerable<int> columns) => columns.Select(i => widths[i] + Gap.Length).Sum() - Gap.Length;

    // A heading in as few lines of this width as its words need.
    private static List<string> Broken(string name, int width)
    {
        var lines = new List<string> { "" };
        foreach (var word in name.Replace("-", "-\0", StringComparison.Ordinal).Replace(" ", " \0", StringComparison.Ordinal).Split('\0'))
        {
            if (lines[^1].Length > 0 && WidthOf((lines[^1] + word).TrimEnd()) > width)
            {
                lines.Add("");
            }

            lines[^1] += word;
        }

        return [.. lines.Select(line => Fitted(line.TrimEnd(), width))];
    }

    // Names tell each other apart by their beginnings and their ends.
    private static string Fitted(string cell, int width)
    {
        if (WidthOf(cell) <= width)
        {
            return cell;
        }

        var (start, end) = ((width - 1) / 2, width - 1 - ((width - 1) / 2));
        var (head, tail) = (new StringBuilder(), "");
        foreach (var rune in cell.EnumerateRunes().TakeWhile(rune => WidthOf(head.ToString() + rune) <= start))
        {
            head.Append(rune);
        }

        foreach (var rune in cell.EnumerateRunes().Reverse().TakeWhile(rune => WidthOf(rune + tail) <= end))
        {
            tail = rune + tail;
        }

        return $"{head}…{tail}";
    }

    private static string Aligned(string cell, int width, bool isNumber)
    {
        var blank = new string(' ', Math.Max(width - WidthOf(cell), 0));
        return isNumber ? blank + cell : cell + blank;
    }

    private static string Shown(string cell) =>
        cell.Any(char.IsControl) ? string.Concat(cell.Select(static letter => char.IsControl(letter) ? ' ' : letter)) : cell;

    // Letters of some scripts are two columns wide.
    private static int WidthOf(string text) => Ascii.IsValid(text) ? text.Length : new Segment(text).CellCount();
}

/// <summary>A line of a table.</summary>
/// <param name="Text">What it says.</param>
/// <param name="Row">The row that it shows, from 0, or one of the constants.</param>
internal readonly record struct TableLine(string Text, int Row)
{
    /// <summary>The names of columns.</summary>
    internal const int Heading = -1;

    /// <summary>A blank line, or a remark.</summary>
    internal const int NoRow = -2;
}

/// <summary>A measured latency as a person reads it.</summary>
internal static class LatencyText
{
    /// <summary>Both networks' latencies, and how sure their difference is, in two lines.</summary>
    internal static IEnumerable<string> Lines(PlanLatency latency)
    {
        var label = string.Create(CultureInfo.InvariantCulture, $"latency of {latency.Batch}");
        yield return $"{label,-24}{Numbers.Decimals(latency.PlanMilliseconds, 1)} ms, full model {Numbers.Decimals(latency.FullMilliseconds, 1)} ms ({Numbers.Change(latency.ChangePercent)})";
        yield return latency.Change is { } change
            ? $"{"  95 % interval",-24}{Numbers.Change(change.LowerPercent)[..^2]} to {Numbers.Change(change.UpperPercent)}, of {change.Pairs} pairs of batches{(change.IsNarrow ? "" : "; too wide to go by: das profile PLAN --latency measures again")}"
            : $"{"  95 % interval",-24}unknown: das profile PLAN --latency measures it";
    }
}

/// <summary>Where a run stands as a person reads it.</summary>
internal static class StatusText
{
    /// <summary>The status, and how to go on with a run whose process is gone.</summary>
    internal static string Of(RunSummary run) => run.Status == RunStatus.Stopped
        ? $"{EnumNames.NameOf(run.Status)} ({ShellLine.Das(run.Database, "resume", run.Run)})"
        : EnumNames.NameOf(run.Status);
}
