using System.CommandLine;
using DasSearch.App;
using DasSearch.Cli.Doctor;

namespace DasSearch.Cli.Commands;

/// <summary><c>das doctor</c>: what a bug report needs to know about this machine and this build.</summary>
internal static class DoctorCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create(CommandContext context) => Create(context, new TorchLibrary());

    /// <summary>Builds the command around a given tensor library.</summary>
    internal static Command Create(CommandContext context, ITorchLibrary library)
    {
        var json = new Option<bool>("--json") { Description = "Print one JSON object instead of text." };
        var command = new Command("doctor", "Show versions, the tensor library, threads, devices and datasets, for a bug report.") { json };
        command.SetAction(parsed =>
        {
            var report = DoctorReport.Gather(BuildFacts.Read(), library, context.Variable);
            if (parsed.GetValue(json))
            {
                DoctorPrinter.WriteJson(report, context.Terminal.Output);
            }
            else
            {
                DoctorPrinter.WriteText(report, context.Terminal.Console);
            }

            return (int)(report.Torch.Problem is null ? ExitCode.Done : ExitCode.Failed);
        });
        return command;
    }
}
