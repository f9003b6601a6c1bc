using Spectre.Console;

namespace DasSearch.Cli;

/// <summary>Where a command prints: facts to the output, everything else to the error stream.</summary>
/// <param name="output">The standard output; what scripts read.</param>
/// <param name="error">The standard error; sentences for a person.</param>
/// <param name="isRedirected">Whether the output goes to a file or a pipe, where nothing may be wrapped or coloured.</param>
internal sealed class Terminal(TextWriter output, TextWriter error, bool isRedirected) : IDisposable
{
    // Wider than any line that a command prints, so that nothing is wrapped in a file.
    private const int Unwrapped = 10_000;

    private IAnsiConsole? _console;

    /// <summary>The standard output, for JSON and other text that is passed on as it is.</summary>
    public TextWriter Output => output;

    /// <summary>The standard error.</summary>
    public TextWriter Error => error;

    /// <summary>Whether a person watches the output, so that it may be drawn over.</summary>
    public bool IsWatched => !isRedirected;

    /// <summary>The standard output, for text with a layout; created when first used, since most calls do without.</summary>
    public IAnsiConsole Console => _console ??= CreateConsole();

    /// <inheritdoc/>
    public void Dispose()
    {
        output.Flush();
        error.Flush();
    }

    private IAnsiConsole CreateConsole()
    {
        var settings = new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) };
        if (isRedirected)
        {
            settings.Ansi = AnsiSupport.No;
            settings.Interactive = InteractionSupport.No;
        }

        var console = AnsiConsole.Create(settings);
        if (isRedirected)
        {
            console.Profile.Width = Unwrapped;
        }

        return console;
    }
}
