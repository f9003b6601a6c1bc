using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Runtime.InteropServices;
using DasSearch.App;
using DasSearch.Cli.Commands;
using DasSearch.Core;

namespace DasSearch.Cli;

/// <summary>Parses the arguments, runs the command, and turns every way to fail into one sentence and an exit code.</summary>
/// <param name="terminal">Where to print.</param>
/// <param name="environment">Reads an environment variable; null where it is not set.</param>
/// <param name="commands">The commands' factories.</param>
internal sealed class CommandLine(
    Terminal terminal,
    Func<string, string?> environment,
    IReadOnlyList<Func<CommandContext, Command>> commands)
{
    private const string Name = "das";
    private const string Trace = "DAS_TRACE";

    // From Ctrl-C on: a command ends the step or round in progress and saves what it has. That is slow on a busy machine, and a process that is ended
    // amid an operation of libtorch crashes.
    private static readonly TimeSpan _timeToSave = TimeSpan.FromMinutes(10);

    /// <summary>Runs one command line to its end.</summary>
    /// <param name="args">The arguments, without the program's name.</param>
    /// <param name="cancellationToken">Ends the command early, as Ctrl-C does.</param>
    public async Task<ExitCode> RunAsync(IReadOnlyList<string> args, CancellationToken cancellationToken)
    {
        try
        {
            var parsed = CreateRoot().Parse(args);
            if (Empty(parsed) is { } name)
            {
                return RefuseUsage(parsed, $"{name} must not be empty.");
            }

            if (parsed.Errors.Count > 0)
            {
                return RefuseUsage(parsed, Sentence(parsed));
            }

            if (parsed.Action is not (ExamplesHelp or PrintVersionAction) && IsFolderGone())
            {
                terminal.Error.WriteLine("das: the folder that das was called in is gone: change to one that is there");
                return ExitCode.Failed;
            }

            var invocation = new InvocationConfiguration
            {
                Output = terminal.Output,
                Error = terminal.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = _timeToSave,
            };
            var code = (ExitCode)await parsed.InvokeAsync(invocation, cancellationToken);
            await terminal.Output.FlushAsync(CancellationToken.None);
            return code == ExitCode.Done && terminal.HasLost ? ExitCode.Failed : code;
        }
        catch (OperationCanceledException)
        {
            terminal.Error.WriteLine("das: interrupted");
            return ExitCode.Interrupted;
        }
        catch (DasSearchException failure)
        {
            terminal.Error.WriteLine($"das: {failure.Message}");
            TraceIfAsked(failure);
            return ExitCodes.Of(failure);
        }
        catch (ExternalException refused) when (LibtorchMemory.Sentence(refused) is { } sentence)
        {
            terminal.Error.WriteLine($"das: {sentence}");
            TraceIfAsked(refused);
            return ExitCode.Failed;
        }
#pragma warning disable CA1031 // The edge of the program: whatever comes, the user reads a sentence.
        catch (Exception defect)
#pragma warning restore CA1031
        {
            terminal.Error.WriteLine($"das: unexpected {defect.GetType().Name}: {FirstLine(defect.Message)}");
            if (!TraceIfAsked(defect))
            {
                terminal.Error.WriteLine($"This is a defect of das; {Trace}=1 prints where it happened.");
            }

            return ExitCode.Failed;
        }
    }

    private Command CreateRoot()
    {
        // Not a RootCommand: that one is named after the running process, which under test is not das.
        var root = new Command(Name, RootHelp.Text) { new HelpOption { Recursive = true, Action = new ExamplesHelp() }, CreateVersionOption() };
        var context = new CommandContext(terminal, environment);
        foreach (var create in commands)
        {
            root.Subcommands.Add(NumberOptions.Strict(create(context)));
        }

        return root;
    }

    private Option<bool> CreateVersionOption() => new("--version")
    {
        Description = "Show the version.",
        Action = new PrintVersionAction(terminal.Output),
    };

    // What is empty is a variable of a script that was not set: no argument and no option of das can be. White space is no better.
    private static string? Empty(ParseResult parsed) => parsed.CommandResult.Children
        .Where(static result => result.Tokens.Any(static token => string.IsNullOrWhiteSpace(token.Value)))
        .Select(static result => result switch
        {
            OptionResult option => option.Option.Name,
            ArgumentResult argument => argument.Argument.Name,
            _ => null,
        })
        .FirstOrDefault(static name => name is not null);

    private static bool IsFolderGone()
    {
        try
        {
            return !Directory.Exists(Directory.GetCurrentDirectory());
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    private static string Sentence(ParseResult parsed)
    {
        // The parser goes from the general ("a command is required") to the particular ("'x' is not one").
        var error = parsed.Errors[^1];
        return error.SymbolResult is ArgumentResult { Tokens.Count: 0, Parent: CommandResult, Argument: var missing }
            ? $"{missing.Name} is missing. {missing.Description}"
            : error.Message;
    }

    private ExitCode RefuseUsage(ParseResult parsed, string sentence)
    {
        terminal.Error.WriteLine($"das: {sentence}");
        var command = parsed.CommandResult.Command.Name;
        terminal.Error.WriteLine(command == Name ? $"Try '{Name} --help'." : $"Try '{Name} {command} --help'.");
        return ExitCode.BadUsage;
    }

    private bool TraceIfAsked(Exception exception)
    {
        var asked = environment(Trace) is "1";
        if (asked)
        {
            terminal.Error.WriteLine(exception);
        }

        return asked;
    }

    private static string FirstLine(string message) => message.Split('\n', 2)[0].TrimEnd();
}

/// <summary>Prints the version alone, for scripts.</summary>
internal sealed class PrintVersionAction(TextWriter output) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        output.WriteLine(BuildFacts.Read().Version);
        return (int)ExitCode.Done;
    }
}

/// <summary>What a finished command tells its caller.</summary>
public enum ExitCode
{
    /// <summary>The command did what was asked.</summary>
    Done = 0,

    /// <summary>The command was understood and did not succeed.</summary>
    Failed = 1,

    /// <summary>The command line or the configuration is wrong: repeating it cannot help.</summary>
    BadUsage = 2,

    /// <summary>The user stopped it (128 + SIGINT).</summary>
    Interrupted = 130,
}

/// <summary>How a command ends that failed.</summary>
internal static class ExitCodes
{
    internal static ExitCode Of(DasSearchException failure) => failure is UsageException ? ExitCode.BadUsage : ExitCode.Failed;
}

/// <summary>Longer texts that a person reads, apart from the code that prints them.</summary>
internal static class RootHelp
{
    /// <summary>What <c>das --help</c> opens with.</summary>
    public const string Text = """
        Searches which layers of a frozen vision-language model can be skipped for a task.

          das search experiments/fashionvl/vqa-das4.yaml   searches, and writes a plan
          das show 1                                       what the search found out about each layer
          das train vqa-das4-1.plan.json                   trains the planned network, and tests it

        The launcher adds three commands of its own: `./das test` builds and runs the tests, `./das bench` the
        benchmarks, and `./das setup` only prepares (`--again`: chooses and builds all anew).
        """;
}
