using DasSearch.Cli;
using DasSearch.Cli.Commands;

// The one place that touches the process: its console, its environment, its exit code.
#pragma warning disable RS0030
using var terminal = new Terminal(Console.Out, Console.Error, Console.IsOutputRedirected);
#pragma warning restore RS0030
var commandLine = new CommandLine(terminal, Environment.GetEnvironmentVariable, CommandTable.All);
return (int)await commandLine.RunAsync(args, CancellationToken.None);
