using System.Text;

namespace DasSearch.Cli.Rewards;

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
