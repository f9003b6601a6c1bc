using System.CommandLine;
using DasSearch.Cli.Inspecting;
using DasSearch.Cli.Planning;
using DasSearch.Cli.Searching;
using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Data.Tasks;
using DasSearch.Models.Backbones;
using DasSearch.Transfer;
using DasSearch.Worker.Networks;

namespace DasSearch.Cli.Commands;

/// <summary><c>das profile BACKBONE|PLAN</c>: parameters and multiply-accumulates, module by module.</summary>
internal static class ProfileCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create(CommandContext context)
    {
        var target = new Argument<string>("BACKBONE|PLAN")
        {
            Description = $"A backbone ({string.Join(", ", BackboneTable.BuiltIn.All.Select(entry => entry.Name))}) as papers profile it, or a plan's file.",
        };
        var latency = new Option<bool>("--latency") { Description = "Measure a plan's latency against the full model on the same batch, too." };
        var json = JsonOption.Create();
        var flags = new PlanFlags(target);
        var command = new Command("profile", "Print parameters and multiply-accumulates of each module, for the full and the planned network.") { target, latency, json };
        flags.AddTo(command);
        command.SetAction(parsed =>
        {
            var name = parsed.GetRequiredValue(target);
            var isMeasured = parsed.GetValue(latency);
            var profile = BackboneTable.BuiltIn.All.Any(entry => entry.Name == name)
                ? isMeasured ? throw new UsageException($"--latency is for plans, and {name} is a backbone") : NetworkProfile.Of(name, BackboneTable.BuiltIn.Named(name).DescribeProfiled())
                : File.Exists(name)
                    ? Planned(context, flags.Read(parsed), isMeasured)
                    : throw new UsageException(
                        $"'{name}' is neither a file nor a backbone; the backbones are {string.Join(", ", BackboneTable.BuiltIn.All.Select(entry => entry.Name))}");
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
    private static NetworkProfile Planned(CommandContext context, PlanOptions options, bool isMeasured)
    {
        var work = PlannedWork.Open(options);
        var place = Workplace.Prepare(work.Settings.Values, context.Environment);
        var task = place.OpenTask(work.Plan.Task, orderSeed: 0);
        var backbone = BackboneTable.BuiltIn.Named(work.Plan.Backbone).Describe(new BackboneRequest
        {
            Input = TransferNetwork.ShapeOf(task.Facts),
            Sizes = work.Settings.Values.Model,
            Checkpoint = work.Checkpoint,
            Granularity = work.Settings.Values.Granularity,
            Absent = work.Plan.Subnetwork,
            Device = place.Device,
        });
        var method = MethodOf(work);
        var costs = method.NetworkCosts(backbone, work.Request(task, place.Device).Planned(work.Plan, method, seed: 0).Transfer);
        var profile = NetworkProfile.Of(options.Plan, costs, work.Plan.Subnetwork);
        return isMeasured ? profile with { Latency = Measure(work, task, place) } : profile;
    }

    // A plan that was trained otherwise has no adapters.
    private static ITransferMethod MethodOf(PlannedWork work) =>
        TransferTable.BuiltIn.Named(work.Plan.Result?.Method ?? DasPlacement.Type);

    private static PlanLatency Measure(PlannedWork work, IVisionLanguageTask task, Workplace place)
    {
        using var network = TransferNetwork.Build(work.Request(task, place.Device).Planned(work.Plan, MethodOf(work), seed: 0));
        return MeasuredLatency.Of(work, task, network, place);
    }
}
