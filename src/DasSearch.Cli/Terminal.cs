using System.Text;
using DasSearch.Formats;
using Spectre.Console;

namespace DasSearch.Cli;

/// <summary>Where a command prints: facts to the output, everything else to the error stream.</summary>
/// <param name="output">The standard output; what scripts read.</param>
/// <param name="error">The standard error; sentences for a person.</param>
/// <param name="isRedirected">Whether the output goes to a file or a pipe, where nothing may be wrapped or coloured.</param>
/// <param name="width">Columns of the screen; null for what the screen says, and for a file or a pipe no end of them.</param>
internal sealed class Terminal(TextWriter output, TextWriter error, bool isRedirected, int? width = null) : IDisposable
{
    // Wider than any line that a command prints, so that nothing is wrapped in a file.
    private const int Unwrapped = 10_000;
    private const string Bold = "\e[1m";
    private const string Plain = "\e[0m";

    private readonly StandardStream _error = new(error, loses: true);
    private IAnsiConsole? _console;

    /// <summary>The standard output, for JSON and other text that is passed on as it is.</summary>
    /// <remarks>What a terminal shows goes there as it is: the library that lays out text knows a terminal by its stream.</remarks>
    public TextWriter Output { get; } = isRedirected ? new StandardStream(output, loses: false) : output;

    /// <summary>The standard error: what cannot be written there is lost, since there is nowhere to say so, and the work goes on.</summary>
    public TextWriter Error => _error;

    /// <summary>The standard error in the place of the output, where that is taken.</summary>
    public Terminal Aside => new(_error, _error, isRedirected: true);

    /// <summary>Whether something could not be written to the standard error.</summary>
    public bool HasLost => _error.HasLost;

    /// <summary>Whether a person watches the output, so that it may be drawn over.</summary>
    public bool IsWatched => !isRedirected;

    /// <summary>The standard output, for text with a layout; created when first used, since most calls do without.</summary>
    public IAnsiConsole Console => _console ??= CreateConsole();

    /// <summary>How many columns a line may have.</summary>
    public int Width => width ?? (isRedirected ? Unwrapped : Console.Profile.Width);

    /// <summary>Prints a table, in as many blocks below each other as the width takes.</summary>
    public void Write(TextTable table)
    {
        var isBold = !isRedirected && Console.Profile.Capabilities.Ansi;
        foreach (var line in table.Lines(Width))
        {
            Output.WriteLine(isBold && line.Row == TableLine.Heading ? Bold + line.Text + Plain : line.Text);
        }
    }

    /// <summary>Prints a line, broken at spaces where it is longer than the width: no number or path is ever torn.</summary>
    /// <param name="line">The line.</param>
    /// <param name="indent">How far what follows the first break is moved in.</param>
    public void WriteLine(string line = "", int indent = 0)
    {
        while (line.Length > Width && Break(line) is var at && at > 0)
        {
            Output.WriteLine(line[..at].TrimEnd());
            line = new string(' ', indent) + line[at..].TrimStart();
        }

        Output.WriteLine(line);

        // The last space that the width has room before, else the first one; not within what the line begins with.
        int Break(string text)
        {
            var begin = text.Length - text.TrimStart().Length;
            var last = text.LastIndexOf(' ', Math.Min(Width, text.Length - 1));
            return last > begin ? last : text.IndexOf(' ', begin);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _error.Flush();

    private IAnsiConsole CreateConsole()
    {
        var settings = new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Output) };
        if (isRedirected)
        {
            settings.Ansi = AnsiSupport.No;
            settings.Interactive = InteractionSupport.No;
        }

        var console = AnsiConsole.Create(settings);
        if (isRedirected)
        {
            console.Profile.Width = Width;
        }

        return console;
    }
}

/// <summary>A standard stream that says in a sentence that it cannot be written, as on a full disk.</summary>
/// <param name="inner">The stream.</param>
/// <param name="loses">Whether what cannot be written is lost instead.</param>
internal sealed class StandardStream(TextWriter inner, bool loses) : TextWriter
{
    /// <inheritdoc/>
    public override Encoding Encoding => inner.Encoding;

    /// <summary>Whether something was lost.</summary>
    internal bool HasLost { get; private set; }

    /// <inheritdoc/>
    public override void Write(char value) => Guard(() => inner.Write(value));

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Guard(() => inner.Write(buffer, index, count));

    /// <inheritdoc/>
    public override void Write(string? value) => Guard(() => inner.Write(value));

    /// <inheritdoc/>
    public override void Write(StringBuilder? value) => Guard(() => inner.Write(value));

    /// <inheritdoc/>
    public override void WriteLine(string? value) => Guard(() => inner.WriteLine(value));

    /// <inheritdoc/>
    public override void Flush() => Guard(inner.Flush);

    private void Guard(Action write)
    {
        try
        {
            write();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            HasLost = true;
            if (!loses)
            {
                throw new OutputException($"stdout cannot be written: {failure.Message}", failure);
            }
        }
    }
}

/// <summary>In the place of a standard stream that was closed when das was started.</summary>
internal sealed class ClosedStream : TextWriter
{
    /// <inheritdoc/>
    public override Encoding Encoding => Encoding.UTF8;

    /// <inheritdoc/>
    public override void Write(char value) => throw new IOException("it is closed");
}
