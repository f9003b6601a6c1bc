using System.Text;
using CsvHelper;
using DasSearch.Formats;
using DasSearch.Store.Rewards;

namespace DasSearch.Cli.Rewards;

/// <summary>Writes rewards as text, row by row as they are read.</summary>
internal interface IRewardFormat
{
    /// <summary>Writes all of them.</summary>
    void Write(RewardRows rewards, TextWriter output, CancellationToken cancellation);
}

/// <summary>The formats of rewards by name: a new one is one file and one line here.</summary>
internal static class RewardFormatTable
{
    private static readonly (string Name, Func<int, IRewardFormat> Create)[] _all =
    [
        ("table", width => new TableFormat(width)),
        ("csv", _ => new CsvFormat()),
        ("json", _ => new JsonFormat()),
    ];

    /// <summary>Rewards among other files, where they have the columns that they have by default: of fewer nobody knows whose they are.</summary>
    internal static OutputKind Kind { get; } = OutputKind.Begins("file of rewards", Beginning());

    /// <summary>Their names; a file's name may end in one.</summary>
    internal static IReadOnlyList<string> Names { get; } = [.. _all.Select(format => format.Name)];

    /// <summary>The format of a name, which is one of <see cref="Names"/>.</summary>
    /// <param name="width">Columns of the screen that it is for; as good as endless for a file.</param>
    internal static IRewardFormat Named(string name, int width = int.MaxValue) => _all.Single(format => format.Name == name).Create(width);

    /// <summary>The name of the format that a file's name ends in; null for none.</summary>
    internal static string? OfFile(string path) =>
        Names.FirstOrDefault(name => Path.GetExtension(path).Equals("." + name, StringComparison.OrdinalIgnoreCase));

    // As CSV, as a table, as JSON.
    private static string Beginning() => string.Join('|', Enum.GetValues<RewardGrouping>().Select(RewardColumns.Of).SelectMany(static columns => new[]
    {
        $"^{string.Join(',', columns.Select(static column => column.Name))}\n",
        $"^ *{string.Join(" +", columns.Where(static column => column.IsMain).Select(static column => column.Name))}\n",
        $@"^\[\n\{{{string.Join(",", columns.Select(static column => $@"""{column.Name}"":(?:""(?:[^""\\]|\\.)*""|[^"",]*)"))}\}}",
    }));
}

/// <summary>Comma-separated values with a header (RFC 4180, but for line feeds alone): numbers in full, what is not there empty.</summary>
internal sealed class CsvFormat : IRewardFormat
{
    /// <inheritdoc/>
    public void Write(RewardRows rewards, TextWriter output, CancellationToken cancellation)
    {
        using var csv = CsvWriter.Create(output, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true);
        foreach (var column in rewards.Columns)
        {
            csv.WriteField(column.Name);
        }

        csv.EndRecord();
        foreach (var row in rewards.Rows)
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (var value in row)
            {
                csv.WriteField(value);
            }

            csv.EndRecord();
        }
    }
}

/// <summary>Hands on what is written in large pieces: the console's writer would do so after every word.</summary>
/// <param name="output">Where it goes; not closed.</param>
internal sealed class ChunkedWriter(TextWriter output) : TextWriter
{
    private const int Chunk = 1 << 15;

    private readonly StringBuilder _pending = new(2 * Chunk);

    /// <inheritdoc/>
    public override Encoding Encoding => output.Encoding;

    /// <inheritdoc/>
    public override void Write(char value)
    {
        _pending.Append(value);
        HandOn(Chunk);
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<char> buffer)
    {
        _pending.Append(buffer);
        HandOn(Chunk);
    }

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    /// <inheritdoc/>
    public override void Write(string? value) => Write(value.AsSpan());

    /// <inheritdoc/>
    public override void Flush()
    {
        HandOn(1);
        output.Flush();
    }

    private void HandOn(int atLeast)
    {
        if (_pending.Length >= atLeast)
        {
            output.Write(_pending);
            _pending.Clear();
        }
    }
}
