using System.Globalization;
using DasSearch.Cli.Planning;
using DasSearch.Core.Plans;
using DasSearch.Core;
using DasSearch.Models.Backbones;
using DasSearch.Transfer;

namespace DasSearch.Cli.Inspecting;

/// <summary>What a network costs, part by part; heads, which depend on the task, are left out.</summary>
/// <param name="Name">The backbone, or the plan's file.</param>
/// <param name="IsPlanned">Whether a plan says what is skipped and where adapters stand.</param>
/// <param name="Parts">The parts, in order of computation.</param>
/// <param name="Latency">How long a batch takes with its head, where that was measured.</param>
internal sealed record NetworkProfile(string Name, bool IsPlanned, IReadOnlyList<ProfiledPart> Parts, PlanLatency? Latency = null)
{
    /// <summary>All parts together.</summary>
    public ProfiledPart Total => new(
        "total",
        IsSkipped: false,
        Parts.Sum(part => part.FullParameters),
        Parts.Sum(part => part.FullMultiplyAccumulates),
        Parts.Sum(part => part.PlanParameters),
        Parts.Sum(part => part.PlanMultiplyAccumulates));

    /// <summary>The change of multiply-accumulates in percent.</summary>
    public double ChangePercent => 100.0 * (Total.PlanMultiplyAccumulates - Total.FullMultiplyAccumulates) / Total.FullMultiplyAccumulates;

    /// <summary>A backbone's, as it is.</summary>
    internal static NetworkProfile Of(string name, BackboneDescription backbone) =>
        Make(name, new LinearTransfer().NetworkCosts(backbone, new TransferSettings()), null);

    /// <summary>A plan's, given what its network costs.</summary>
    internal static NetworkProfile Of(string name, NetworkCosts costs, Subnetwork skipped) => Make(name, costs, skipped);

    /// <summary>Prints it for a person.</summary>
    internal void Print(Terminal terminal)
    {
        var table = IsPlanned
            ? Tables.Create("part", "", ">parameters", ">multiply-accumulates", ">planned parameters", ">planned multiply-accumulates")
            : Tables.Create("part", ">parameters", ">multiply-accumulates");
        foreach (var part in Parts.Append(Total))
        {
            var (parameters, operations) = (Tables.Count(part.FullParameters), Tables.Count(part.FullMultiplyAccumulates));
            if (IsPlanned)
            {
                table.Add(
                    part.Name,
                    part.IsSkipped ? "skipped" : "",
                    parameters,
                    operations,
                    Tables.Count(part.PlanParameters),
                    Tables.Count(part.PlanMultiplyAccumulates));
            }
            else
            {
                table.Add(part.Name, parameters, operations);
            }
        }

        terminal.Console.Write(table);
        if (IsPlanned)
        {
            terminal.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"multiply-accumulates {ChangePercent:+0.0;-0.0;0} %; heads are left out"));
        }

        if (Latency is not null)
        {
            terminal.Output.WriteLine(MeasuredLatency.Text(Latency));
        }
    }

    private static NetworkProfile Make(string name, NetworkCosts costs, Subnetwork? skipped)
    {
        var outside = new ProfiledPart(
            "outside the modules",
            IsSkipped: false,
            costs.OutsideParameters,
            costs.OutsideMultiplyAccumulates,
            costs.OutsideParameters,
            costs.OutsideMultiplyAccumulates);
        var parts = costs.Modules.Select(part =>
        {
            var (module, isSkipped) = (part.Module, skipped?.Contains(part.Module.Index) ?? false);
            return new ProfiledPart(
                module.Name,
                isSkipped,
                module.Parameters,
                module.MultiplyAccumulates,
                isSkipped ? part.ReplacementParameters : module.Parameters + part.AttachedParameters,
                isSkipped ? part.ReplacementMultiplyAccumulates : module.MultiplyAccumulates + part.AttachedMultiplyAccumulates);
        });
        return new NetworkProfile(name, skipped is not null, [outside, .. parts]);
    }
}
