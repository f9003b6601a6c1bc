using System.CommandLine;
using DasSearch.Cli.Commands;

namespace DasSearch.Cli.Tests;

/// <summary>What one command line left behind.</summary>
/// <param name="Code">How it ended.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Error">Its standard error.</param>
internal sealed record Das(ExitCode Code, string Output, string Error)
{
    /// <summary>Runs the real commands in this process, with no environment variables but those given.</summary>
    public static Task<Das> RunAsync(string[] args, params (string Name, string Value)[] environment) =>
        RunAsync(CommandTable.All, args, environment);

    /// <summary>Runs the real commands on a screen of so many columns.</summary>
    public static Task<Das> RunAtWidthAsync(int width, string[] args, params (string Name, string Value)[] environment) =>
        RunAsync(CommandTable.All, args, environment, width);

    /// <summary>Runs a command that does something of the test's choosing.</summary>
    public static Task<Das> RunAsync(Action action, params (string Name, string Value)[] environment)
    {
        Command Create(CommandContext context)
        {
            var command = new Command("act", "Acts.");
            command.SetAction(_ => action());
            return command;
        }

        return RunAsync([Create], ["act"], environment);
    }

    /// <summary>Runs the given commands.</summary>
    public static async Task<Das> RunAsync(
        IReadOnlyList<Func<CommandContext, Command>> commands,
        string[] args,
        (string Name, string Value)[] environment,
        int? width = null)
    {
        var variables = environment.ToDictionary(pair => pair.Name, pair => pair.Value);
        using var output = new StringWriter();
        using var error = new StringWriter();
        using var terminal = new Terminal(output, error, isRedirected: true, width);
        var code = await new CommandLine(terminal, variables.GetValueOrDefault, commands).RunAsync(args, CancellationToken.None);
        return new Das(code, output.ToString(), error.ToString());
    }
}
