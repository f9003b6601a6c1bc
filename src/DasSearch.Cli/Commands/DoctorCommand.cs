using System.CommandLine;
using System.Text.Json;
using DasSearch.App;
using DasSearch.Cli.Doctor;
using DasSearch.Core;
using Spectre.Console;

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

/// <summary>Prints a report; knows nothing about how it came about.</summary>
internal static class DoctorPrinter
{
    private const int LabelWidth = 14;

    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        // The default escapes + and ' for the sake of browsers; this is read in terminals and by scripts.
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>One JSON object; keys are always there, and null where there is nothing to say.</summary>
    public static void WriteJson(DoctorReport report, TextWriter output) =>
        output.WriteLine(JsonSerializer.Serialize(report, Json));

    /// <summary>One line a fact, labelled, to be pasted into an issue.</summary>
    public static void WriteText(DoctorReport report, IAnsiConsole console)
    {
        Line(console, "das", $"{report.Das.Version} ({report.Das.Commit ?? "commit unknown"})");
        WriteMachine(report.Machine, console);
        WriteTorch(report.Torch, console);
        foreach (var dataset in report.Datasets)
        {
            Line(console, "dataset", $"{dataset.Name}: {(dataset.Found ? "found in" : "not found in")} {dataset.Path}");
            Remedy(console, dataset.Remedy);
        }

        foreach (var (name, value) in report.Environment.Where(pair => pair.Value is not null))
        {
            Line(console, "environment", $"{name}={value}");
        }
    }

    private static void WriteMachine(MachineFacts machine, IAnsiConsole console)
    {
        Line(console, "runtime", $"{machine.Dotnet}, {machine.Os}, {machine.Architecture}");
        Line(console, "processor", $"{machine.Cpu ?? "unknown"}, {machine.Cores} logical cores");
        Line(console, "memory", $"{Numbers.Decimals(machine.MemoryBytes / (double)(1L << 30), 1)} GiB");
    }

    private static void WriteTorch(TorchFacts torch, IAnsiConsole console)
    {
        Line(console, "tensors", WithReason(torch.Package, torch.Why));
        if (torch.Version is not { } version)
        {
            Line(console, "libtorch", $"could not be loaded: {torch.Problem}");
            Remedy(console, torch.Remedy);
            return;
        }

        Line(console, "libtorch", version.Libtorch);
        Line(console, "threads", $"{version.Threads} within an operation, {version.InteropThreads} across operations");
        Line(console, "devices", version.CudaDevices == 0 ? "cpu" : $"cpu, {version.CudaDevices} × cuda");
        Line(console, "libstdc++", version.IsMended
            ? "older than GCC 13's: a mended copy of TorchSharp's library is used"
            : "new enough for TorchSharp's library");
        Remedy(console, torch.Remedy);
    }

    private static string WithReason(string choice, string? why) => why is null ? choice : $"{choice} ({why})";

    private static void Remedy(IAnsiConsole console, string? remedy)
    {
        if (remedy is not null)
        {
            Line(console, "", $"→ {remedy}");
        }
    }

    private static void Line(IAnsiConsole console, string label, string value)
    {
        console.Write(new Text(label.PadRight(LabelWidth), new Style(decoration: Decoration.Bold)));
        console.WriteLine(value);
    }
}
