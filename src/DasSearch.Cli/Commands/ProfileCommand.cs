using System.CommandLine;
using DasSearch.Cli.Inspecting;
using DasSearch.Cli.Planning;
using DasSearch.Cli.Searching;
using DasSearch.Core;
using DasSearch.Models.Backbones;

namespace DasSearch.Cli.Commands;

/// <summary><c>das profile BACKBONE|PLAN</c>: parameters and multiply-accumulates, module by module.</summary>
internal static class ProfileCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create(CommandContext context)
    {
        var target = new Argument<string>("BACKBONE|PLAN")
        {
            Description = $"A backbone ({string.Join(", ", BackboneTable.All.Select(entry => entry.Name))}) as papers profile it, or a plan's file.",
        };
        var json = JsonOption.Create();
        var flags = new PlanFlags(target);
        var command = new Command("profile", "Print parameters and multiply-accumulates of each module, for the full and the planned network.") { target, json };
        flags.AddTo(command);
        command.SetAction(parsed =>
        {
            var name = parsed.GetRequiredValue(target);
            var profile = BackboneTable.All.Any(entry => entry.Name == name)
                ? NetworkProfile.Of(name, BackboneTable.Named(name).DescribeProfiled())
                : File.Exists(name)
                    ? Planned(context, flags.Read(parsed))
                    : throw new UsageException(
                        $"'{name}' is neither a file nor a backbone; the backbones are {string.Join(", ", BackboneTable.All.Select(entry => entry.Name))}");
            if (parsed.GetValue(json))
            {
                JsonOption.Write(context.Terminal, profile);
            }
            else
            {
                profile.Print(context.Terminal);
            }
        });
        return command;
    }

    /// <exception cref="DasSearchException">The plan cannot be read, or what it needs is not there.</exception>
    private static NetworkProfile Planned(CommandContext context, PlanOptions options)
    {
        var work = PlannedWork.Open(options);
        var place = Workplace.Prepare(work.Settings.Values, context.Environment);
        var task = place.OpenTask(work.Plan.Task, orderSeed: 0).Facts;
        var backbone = BackboneTable.Named(work.Plan.Backbone).Describe(new BackboneRequest(
            new InputShape(task.Vocabulary, task.TextLength, task.ImageSide, task.ImageSide, task.Images),
            work.Settings.Values.Model,
            work.Checkpoint,
            Absent: null,
            place.Device));
        return NetworkProfile.Of(options.Plan, backbone, work.Plan);
    }
}
