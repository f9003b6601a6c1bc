using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Models.Backbones;
using DasSearch.Transfer;
using DasSearch.Worker.Networks;

namespace DasSearch.App;

/// <summary>What a network costs, part by part; heads, which depend on the task, are left out.</summary>
/// <param name="Name">The backbone, or the plan's file.</param>
/// <param name="IsPlanned">Whether a plan says what is skipped and where adapters stand.</param>
/// <param name="Parts">The parts, in order of computation.</param>
/// <param name="Latency">How long a batch takes with its head, where that was measured.</param>
public sealed record NetworkProfile(string Name, bool IsPlanned, IReadOnlyList<ProfiledPart> Parts, PlanLatency? Latency = null)
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

    /// <summary>What papers say of the change, where they say it of this very profile.</summary>
    public string? Published { get; init; }

    /// <summary>What a backbone costs as it is, as papers profile it.</summary>
    public static NetworkProfile OfBackbone(BackboneEntry backbone)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        return Make(backbone.Name, new LinearTransfer().NetworkCosts(backbone.DescribeProfiled(), new TransferSettings()), null);
    }

    /// <summary>What it costs with the last modules of some streams skipped, and DAS's adapters everywhere.</summary>
    /// <param name="skip">How many, by stream.</param>
    /// <exception cref="UsageException">It has no such stream, or fewer modules there.</exception>
    public static NetworkProfile OfBackbone(BackboneEntry backbone, IReadOnlyDictionary<string, int> skip)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        ArgumentNullException.ThrowIfNull(skip);
        var description = backbone.DescribeProfiled();
        var skipped = new List<int>();
        foreach (var (stream, count) in skip)
        {
            var own = description.Modules.Where(module => module.Stream == stream).Select(static module => module.Index).ToList();
            skipped.AddRange(count >= 0 && count <= own.Count
                ? own.TakeLast(count)
                : throw new UsageException($"--skip-{stream} must be from 0 to {own.Count}, the layers that {backbone.Name} has of its {stream} stream, not {count}"));
        }

        var costs = new DasTransfer().NetworkCosts(description, new TransferSettings { Adapters = backbone.Adapters });
        return Make(backbone.Name, costs, new Subnetwork(description.Modules.Count, skipped.Order())) with { Published = PublishedSkips.Find(backbone.Name, skip) };
    }

    /// <summary>What a plan's network costs.</summary>
    /// <param name="environment">Where its task comes from.</param>
    /// <param name="source">Where the plan is.</param>
    /// <param name="measured">How its latency is measured; null where it is not.</param>
    /// <exception cref="DasSearchException">The plan cannot be read, or what it needs is not there.</exception>
    public static NetworkProfile OfPlan(AppEnvironment environment, PlanSource source, LatencyKind? measured)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(source);
        var work = PlannedWork.Open(environment, source);
        var settings = work.Settings.Values;
        var task = environment.OpenTask(work.Settings, orderSeed: 0);
        var request = work.Planned(environment, task, ComputeDevice.Prepare(settings.Device, settings.Threads), seed: 0);
        var backbone = request.Backbone.Describe(new BackboneRequest
        {
            Input = TransferNetwork.ShapeOf(task.Facts),
            Sizes = settings.Model,
            Checkpoint = work.Checkpoint,
            Granularity = settings.Granularity,
            Absent = work.Plan.Subnetwork,
            Device = request.Device,
            Note = request.Note,
        });
        var profile = Make(source.Plan, request.Method.NetworkCosts(backbone, request.Transfer), work.Plan.Subnetwork);
        if (measured is null)
        {
            return profile;
        }

        using var network = TransferNetwork.Build(request with { IsRestored = true });
        return profile with { Latency = MeasuredLatency.Of(environment, work, task, network, measured == LatencyKind.Merged, CancellationToken.None) };
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

/// <summary>In which form a network's latency is measured.</summary>
public enum LatencyKind
{
    /// <summary>With what a method adds put into the backbone's own weights, where that is exact.</summary>
    Merged,

    /// <summary>As it was trained.</summary>
    Unmerged,
}

/// <summary>One part of a network, in full and as planned.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsSkipped">Whether the plan skips it.</param>
/// <param name="FullParameters">Its parameters.</param>
/// <param name="FullMultiplyAccumulates">Its multiply-accumulates for one sample.</param>
/// <param name="PlanParameters">Parameters of what the plan has in its place, adapters included.</param>
/// <param name="PlanMultiplyAccumulates">Multiply-accumulates of that.</param>
public sealed record ProfiledPart(
    string Name,
    bool IsSkipped,
    long FullParameters,
    long FullMultiplyAccumulates,
    long PlanParameters,
    long PlanMultiplyAccumulates);

/// <summary>What papers say that skipping saves.</summary>
internal static class PublishedSkips
{
    /// <summary>What is said of so many layers of each stream; null for nothing.</summary>
    internal static string? Find(string backbone, IReadOnlyDictionary<string, int> skip) =>
        backbone == "meter" && skip.GetValueOrDefault("text") == 2 && skip.GetValueOrDefault("image") == 2
            ? "DAS (arXiv:2309.01479) publishes −11.97 %, of METER on VQA"
            : null;
}
