using System.CommandLine;
using DasSearch.App;
using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Exports;
using DasSearch.Formats;

namespace DasSearch.Cli.Commands;

/// <summary><c>das import SOURCE</c>: makes a plan of what the authors' code leaves behind.</summary>
internal static class ImportCommand
{
    private const string UnknownTask = "unknown";

    /// <summary>Builds the command.</summary>
    public static Command Create(CommandContext context)
    {
        var source = new Argument<string>("SOURCE")
        {
            Description = "A log, a script, a checkpoint, or a list itself, such as 'skip_module=[3,7]'.",
        };
        var backbone = new Option<string>("--backbone")
        {
            Description = $"What was searched: {string.Join("; ", OfficialModels.All.Select(model => $"{model.Name}, {model.Summary}"))}.",
            HelpName = "NAME",
            Required = true,
        };
        var format = new Option<string?>("--from")
        {
            Description = "What SOURCE is, log, list or safetensors; by default das looks.", HelpName = "FORMAT",
        };
        var skip = new Option<int?>("--skip")
        {
            Description = "Skip the M modules with the largest gates; by default as many as SOURCE says.", HelpName = "M",
        };
        var modules = new Option<int?>("--modules")
        {
            Description = "How many modules the backbone has, where it is not of the authors' size.", HelpName = "N",
        };
        var task = new Option<string>("--task")
        {
            Description = "What the plan is for, such as fashionvl-vqa.", HelpName = "NAME", DefaultValueFactory = _ => UnknownTask,
        };
        var checkpoint = new Option<string?>("--checkpoint")
        {
            Description = "The checkpoint that the plan is for; its SHA-256 goes into the plan.", HelpName = "FILE",
        };
        var output = new OutputOption("The plan's file; by default the plan is printed.");
        var command = new Command("import", "Make a plan of what the authors' code of DAS leaves behind.")
        {
            source, backbone, format, skip, modules, task, checkpoint,
        };
        output.AddTo(command);
        command.SetAction(parsed =>
        {
            var file = parsed.GetValue(checkpoint);
            var path = output.File(parsed);
            if (path is not null)
            {
                output.Guard(parsed, parsed.GetRequiredValue(source), file).Claim(path, PlanFile.Kind);
            }

            var result = PlanImport.Run(new ImportRequest(
                parsed.GetRequiredValue(source),
                Format(parsed.GetValue(format)),
                OfficialModels.Named(parsed.GetRequiredValue(backbone)),
                parsed.GetValue(modules),
                parsed.GetValue(skip),
                parsed.GetRequiredValue(task),
                new PlanProvenance(null, null, null, null, BuildFacts.Read().ToolVersion, file, file is null ? null : FileHash.Sha256(file))));
            Write(context.Terminal, result, path);
        });
        return command;
    }

    private static ImportFormat? Format(string? name) =>
        name is null ? null
        : EnumNames.TryParse<ImportFormat>(name, out var format) ? format
        : throw new UsageException($"--from must be {string.Join(" or ", EnumNames.All<ImportFormat>())}, not '{name}'");

    // The names tell at a glance whether the indices were taken for what they are.
    private static void Write(Terminal terminal, ImportResult result, string? output)
    {
        foreach (var note in result.Notes)
        {
            terminal.Error.WriteLine($"note: {note}");
        }

        if (output is null)
        {
            terminal.Output.Write(PlanFile.Format(result.Plan));
            return;
        }

        PlanFile.Write(result.Plan, output);
        foreach (var module in result.Plan.Skip)
        {
            terminal.Output.WriteLine($"  skip {module.Index,2}  {module.Module}");
        }

        terminal.Output.WriteLine(output);
    }
}
