using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Reporter.Importance;
using DasSearch.Store;
using DasSearch.Transfer;

namespace DasSearch.App;

/// <summary>Which plan is to be made of a run; by default the one that its search chose.</summary>
public sealed record PlanRequest
{
    /// <summary>How many modules are skipped; null for as many as the search did.</summary>
    public int? Skip { get; init; }

    /// <summary>What is to be saved with as few modules as possible; null for no such budget.</summary>
    public PlanBudget? Budget { get; init; }

    /// <summary>The very modules, such as <c>2,5,7</c>, or <c>-</c> for none; null to choose them.</summary>
    public string? Modules { get; init; }

    /// <summary>The seed of a random choice; null for none.</summary>
    public long? RandomSeed { get; init; }

    /// <summary>How many parameters may be trained, head included, where the search found that they matter most; null for the settings' adapters.</summary>
    public long? Trainable { get; init; }
}

/// <summary>A plan, and how sure its choice is.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Confidence">What the run's rewards say of the choice; null where they are too few.</param>
/// <param name="Latency">What it should take, added up from what skipping each module saved when the search was done; null where that was not measured.</param>
public sealed record PlanProposal(SkipPlan Plan, ChoiceConfidence? Confidence, PlanLatency? Latency);

/// <summary>Makes a plan from what a run has stored, and from nothing else.</summary>
public static class PlanMaking
{
    /// <summary>Makes it.</summary>
    /// <param name="read">The store.</param>
    /// <param name="run">The run's number or name.</param>
    /// <param name="request">Which plan.</param>
    /// <param name="methods">The transfer methods that there are.</param>
    /// <exception cref="DasSearchException">There is no such run, or it does not yield such a plan.</exception>
    public static PlanProposal Make(IRunReader read, string run, PlanRequest request, TransferTable methods)
    {
        ArgumentNullException.ThrowIfNull(read);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(methods);
        var details = read.Find(run);
        var number = details.Summary.Run;
        var config = StoredConfig.Of(details).Values;
        var maker = new PlanMaker(
            details,
            read.LayerRewards(number),
            config,
            methods.Configured(config.Method),
            BuildFacts.Read().ToolVersion,
            StoredController.Of(read, details, config));
        var skipped = request switch
        {
            { Budget: { } budget } => maker.ByBudget(budget),
            { Modules: { } list } => Parse(list, details.Costs.Modules.Count),
            { RandomSeed: { } seed } => maker.AtRandom(request.Skip ?? details.Summary.Skip, seed),
            { Skip: { } count } => maker.Chosen(count),
            _ => maker.Chosen(),
        };
        var plan = request.Trainable is { } most ? maker.Make(skipped, most, read.Adapters(number)) : maker.Make(skipped);
        var confidence = skipped.Count == 0 ? null : new ImportanceAnalysis(RewardSums.Read(read, details, countsPairs: false)).Judge(skipped);
        return new PlanProposal(plan, confidence, details.Latency?.Of(skipped));
    }

    /// <summary>The modules that a list names.</summary>
    /// <exception cref="UsageException">It names none that there are, or one twice.</exception>
    internal static Subnetwork Parse(string list, int modules)
    {
        try
        {
            return Subnetwork.Parse(list, modules);
        }
        catch (Exception wrong) when (wrong is FormatException or ArgumentException)
        {
            throw new UsageException($"--modules: {wrong.Message.Split(" (Parameter")[0]}");
        }
    }
}
