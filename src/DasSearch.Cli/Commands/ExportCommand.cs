using System.CommandLine;
using DasSearch.Exports;
using DasSearch.Store;
using DasSearch.Formats;

namespace DasSearch.Cli.Commands;

/// <summary><c>das export PLAN --to TARGET</c>: writes a plan in a form that another tool reads.</summary>
internal static class ExportCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create(CommandContext context)
    {
        var plan = new Argument<string>("PLAN") { Description = "The plan's file." };
        var target = new Option<string>("--to")
        {
            Description = $"What to write:\n{Lines(ExporterTable.Standard.All.Select(exporter => (exporter.Name, exporter.Summary)))}",
            HelpName = "TARGET",
            Required = true,
        };
        var output = new OutputOption("The file, or the folder where the target is one; by default beside the plan, under its name.");
        var options = new Option<string[]>("--option")
        {
            Description = $"An option of the target, repeatable:\n{Lines(ExporterTable.Standard.All.SelectMany(Options))}",
            HelpName = "KEY=VALUE",
            DefaultValueFactory = _ => [],
        };
        var checkpoint = new Option<string?>("--checkpoint")
        {
            Description = "Where the plan's checkpoint lies, for targets that need it.", HelpName = "FILE",
        };
        var (database, json) = (DatabaseOption.Create(), JsonOption.Create());
        var command = new Command("export", "Write a plan in a form that another tool reads.")
        {
            plan, target, options, checkpoint, database, json,
        };
        output.AddTo(command, json);
        command.SetAction(parsed =>
        {
            var exporter = ExporterTable.Standard.Named(parsed.GetRequiredValue(target));
            var path = parsed.GetRequiredValue(plan);
            var request = new ExportRequest(
                PlanFile.Read(path),
                path,
                output.Path(parsed) ?? PlanExport.DefaultOutput(exporter, path),
                Database(parsed, database),
                parsed.GetValue(checkpoint),
                PlanExport.ParseOptions(parsed.GetRequiredValue(options)))
            {
                Waiting = DatabaseOption.Waiting(parsed),
                IsForced = output.IsForced(parsed),
            };
            Print(context.Terminal, exporter, PlanExport.Run(exporter, request), parsed.GetValue(json));
        });
        return command;
    }

    private static string Lines(IEnumerable<(string Name, string Text)> entries) =>
        string.Join('\n', entries.Select(entry => $"{entry.Name}: {entry.Text}"));

    private static IEnumerable<(string Name, string Text)> Options(IPlanExporter exporter) =>
        exporter.Options.Select(option => ($"{exporter.Name} {option.Key}", option.Summary));

    // The default is taken only where it is there; what was named has to be.
    private static string? Database(ParseResult parsed, Option<string> option)
    {
        var path = parsed.GetRequiredValue(option);
        return parsed.GetResult(option) is { Implicit: false } || RunStore.Exists(path) ? path : null;
    }

    private static void Print(Terminal terminal, IPlanExporter exporter, ExportResult result, bool json)
    {
        if (json)
        {
            JsonOption.Write(terminal, new { Target = exporter.Name, result.Files, result.Notes });
            return;
        }

        foreach (var file in result.Files.Where(static file => !OutputOption.IsStandardOutput(file)))
        {
            terminal.Output.WriteLine(file);
        }

        foreach (var note in result.Notes)
        {
            terminal.Error.WriteLine($"note: {note}");
        }
    }
}
