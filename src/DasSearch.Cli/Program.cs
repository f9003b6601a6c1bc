using System.Runtime.InteropServices;
using DasSearch.Cli;
using DasSearch.Cli.Commands;
using DasSearch.Formats;

// The one place that touches the process: its console, its environment, its signals, its exit code.
#pragma warning disable RS0030
var (output, error) = (OutputPlace.IsOpen(1) ? Console.Out : new ClosedStream(), OutputPlace.IsOpen(2) ? Console.Error : new ClosedStream());
using var terminal = new Terminal(output, error, output is ClosedStream || Console.IsOutputRedirected);
#pragma warning restore RS0030
var commandLine = new CommandLine(terminal, Environment.GetEnvironmentVariable, CommandTable.All);

// A terminal that hangs up ends a command as Ctrl-C does: it saves what it has. What nohup ignores stays ignored.
using var hungUp = new CancellationTokenSource();
using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
{
    signal.Cancel = true;
    hungUp.Cancel();
});
return (int)await commandLine.RunAsync(args, hungUp.Token);
