using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Core.Plans;
using DasSearch.Core.Spaces;
using DasSearch.Store;
using DasSearch.Transfer;

namespace DasSearch.App;

/// <summary>Makes skip plans from what a run has stored, and from nothing else.</summary>
/// <param name="run">The run.</param>
/// <param name="evidence">What it found out about each module, in the modules' order.</param>
/// <param name="config">Its settings.</param>
/// <param name="method">The transfer method that its plans are for.</param>
/// <param name="toolVersion">The version of das that makes the plan.</param>
/// <param name="controller">The run's controller, as it stood after the last round; null to go by its gates.</param>
public sealed class PlanMaker(
    RunDetails run,
    IReadOnlyList<LayerReward> evidence,
    RunConfig config,
    ITransferMethod method,
    string toolVersion,
    IRecommender? controller = null)
{
    /// <summary>What the search chose: what its controller recommended, or where that was not recorded, of all that its settings allow the one with the largest gates.</summary>
    /// <exception cref="DasSearchException">The run has no rounds.</exception>
    public Subnetwork Chosen() => run.Recommended ?? SearchSpace.Of(config, run.Costs).Best(Gates());

    /// <summary>What the run's controller makes of another number of modules, within the search's constraints.</summary>
    /// <param name="count">How many, from 0 to one less than there are.</param>
    /// <exception cref="DasSearchException">The run has no rounds, or so many modules cannot be skipped.</exception>
    public Subnetwork Chosen(int count)
    {
        var (modules, recommender) = (run.Costs.Modules.Count, Recommender());
        if (count < 0 || count >= modules)
        {
            throw new DasSearchException($"skip must be from 0 to {modules - 1}, since run {run.Summary.Run} has {modules} modules, not {count}");
        }

        return OfSize(count, recommender)
            ?? throw new DasSearchException($"the constraints of run {run.Summary.Run} leave no subnetwork that skips {count} of {modules} modules");
    }

    /// <summary>
    /// As few modules as save so much, each number of them as the run's controller would choose; of latency, as save it with a confidence of 95 %.
    /// </summary>
    /// <param name="budget">What is to be saved.</param>
    /// <exception cref="DasSearchException">
    /// The run has no rounds, or no latencies where they are asked for; or skipping all but one module is not enough.
    /// </exception>
    public Subnetwork ByBudget(PlanBudget budget)
    {
        ArgumentNullException.ThrowIfNull(budget);
        var (what, changeOf) = budget.Kind switch
        {
            BudgetKind.Macs => ("multiply-accumulates", skipped => run.Costs.Of(skipped).ChangePercent),
            _ => ("latency, by the upper end of its 95 % interval,", (Func<Subnetwork, double>)(skipped => Sure(Latency(skipped)))),
        };
        var (least, recommender) = (0.0, Recommender());
        for (var count = 0; count < run.Costs.Modules.Count; count++)
        {
            if (OfSize(count, recommender) is not { } chosen)
            {
                continue;
            }

            var change = changeOf(chosen);
            if (change <= budget.ChangePercent)
            {
                return chosen;
            }

            least = Math.Min(least, change);
        }

        throw new DasSearchException(FormattableString.Invariant(
            $"{what} cannot change by {budget.ChangePercent} %: the most that skipping all but one module or fewer reaches is {Numbers.Change(least)}"));

        // What is promised has to hold: a median alone would be missed every other time.
        static double Sure(PlanLatency latency) => latency.Change?.UpperPercent ?? latency.ChangePercent;
    }

    /// <summary>Modules drawn at random, each set being equally likely: what a search is compared with.</summary>
    /// <param name="count">How many, from 0 to one less than there are.</param>
    /// <param name="seed">Which draw.</param>
    /// <exception cref="DasSearchException">There are not so many modules.</exception>
    public Subnetwork AtRandom(int count, long seed)
    {
        var modules = run.Costs.Modules.Count;
        if (count < 0 || count >= modules)
        {
            throw new DasSearchException($"skip must be from 0 to {modules - 1}, since run {run.Summary.Run} has {modules} modules, not {count}");
        }

        var random = SeededRandom.Derive(seed, "plan/random");
        var left = Enumerable.Range(0, modules).ToList();
        var drawn = new List<int>();
        while (drawn.Count < count)
        {
            var i = random.Next(left.Count);
            drawn.Add(left[i]);
            left.RemoveAt(i);
        }

        return new Subnetwork(modules, drawn);
    }

    /// <summary>The plan that skips a set of modules, with what the run's transfer method puts on it.</summary>
    public SkipPlan Make(Subnetwork skipped)
    {
        skipped = InEffect(skipped);
        return Make(skipped, method.Layout(Parts, skipped, Settings), run.Costs.Of(skipped));
    }

    /// <summary>The plan that skips a set of modules, with its trained parameters where the search found that they matter most.</summary>
    /// <param name="skipped">The modules to skip.</param>
    /// <param name="trained">How many parameters may be trained, with the head and all else that is.</param>
    /// <param name="adapters">What the run found out about the adapters of its supernet.</param>
    /// <exception cref="DasSearchException">The run knows nothing of its adapters, or that is too few.</exception>
    public SkipPlan Make(Subnetwork skipped, long trained, IReadOnlyList<AdapterEvidence> adapters)
    {
        ArgumentNullException.ThrowIfNull(adapters);
        skipped = InEffect(skipped);

        // In the order of the settings' own placement.
        var possible = method.Layout(Parts, skipped, Settings);
        var evidence = possible.Select(placement => adapters.FirstOrDefault(adapter =>
                Parts[adapter.Module].Name == placement.Module && adapter.Placement == placement.Placement && adapter.Site == placement.Site)
            ?? throw new DasSearchException(
                $"run {run.Summary.Run} knows nothing of the adapters of {placement.Module}: that is measured when a search is done, by das from schema 3 on")).ToList();
        var units = AdapterAllocation.Share(evidence, trained - run.Costs.OutsideTrained)
            ?? throw new DasSearchException(
                $"at least {run.Costs.OutsideTrained + AdapterAllocation.Least(evidence)} parameters are trained when run {run.Summary.Run} skips {skipped}, not {trained}");
        var placements = possible.Zip(units).Where(adapter => adapter.Second > 0).Select(adapter => adapter.First.WithBottleneck(adapter.Second));
        return Make(skipped, [.. placements], Account(skipped, evidence, units));
    }

    // Under the official code's gates, what was skipped in the search.
    private Subnetwork InEffect(Subnetwork gates) => config.Compat == Compatibility.Official ? OfficialGates.Skipped(gates, Modules) : gates;

    private Subnetwork? OfSize(int count, IRecommender recommender) => (run.Recommended, SearchSpace.OfSize(config, run.Costs, count)) switch
    {
        ({ } recommended, { } space) when space.Contains(recommended) => recommended, // of this size
        (_, { Count: > 0 } space) => recommender.Recommend(space),
        _ => null,
    };

    private IRecommender Recommender()
    {
        var gates = Gates(); // which every run has that has rounds
        return controller ?? new ScoreRecommender(gates);
    }

    private TransferSettings Settings { get; } = new() { Adapters = config.Adapters, Options = config.Method.Options };

    private IReadOnlyList<ModuleInfo> Modules { get; } = [.. run.Costs.Modules.Select(static costs => costs.Module)];

    private IReadOnlyList<ModulePart> Parts { get; } = [.. run.Costs.Modules.Select(static costs => costs.Module.Part)];

    private SkipPlan Make(Subnetwork skipped, IReadOnlyList<AdapterPlacement> adapters, Accounting accounting) =>
        new(
            run.Summary.Backbone,
            run.Summary.Task,
            skipped.Modules,
            run.Costs.Granularity,
            new PlanProvenance(
                run.Summary.Run, run.Summary.Name, run.Summary.Seed, run.ConfigSha256, toolVersion, run.Checkpoint, run.CheckpointSha256),
            [.. skipped.Skipped.Select(Skip)],
            adapters,
            accounting)
        {
            Method = method.Name,
        };

    private Accounting Account(Subnetwork skipped, List<AdapterEvidence> adapters, IReadOnlyList<int> units)
    {
        var (costs, kept) = (run.Costs, run.Costs.Modules.Where(module => !skipped.Contains(module.Module.Index)).ToList());
        var added = adapters.Zip(units).Sum(adapter => adapter.First.Parameters(adapter.Second));
        return new Accounting(
            costs.OutsideParameters + kept.Sum(module => module.Module.Parameters) + added,
            costs.OutsideTrained + added,
            costs.OutsideMultiplyAccumulates + costs.Modules.Sum(module => module.Module.MultiplyAccumulates),
            costs.OutsideMultiplyAccumulates + kept.Sum(module => module.Module.MultiplyAccumulates)
                + adapters.Zip(units).Sum(adapter => adapter.Second * adapter.First.UnitMultiplyAccumulates));
    }

    private SkippedModule Skip(int index)
    {
        var (module, reward) = (run.Costs.Modules[index].Module, evidence[index]);
        return new SkippedModule(
            index,
            module.Name,
            module.Kind,
            reward is { Gate: { } gate, Probability: { } probability }
                ? new SkipEvidence(gate, probability, reward.Skipped, reward.MeanRewardSkipped, reward.MeanRewardKept, reward.StandardError)
                : null);
    }

    private PlanLatency Latency(Subnetwork skipped) => run.Latency?.Of(skipped)
        ?? throw new DasSearchException($"run {run.Summary.Run} has no latencies: they are measured when a search is done, by das from schema 2 on");

    private IReadOnlyList<double> Gates() => evidence.All(reward => reward.Gate is not null)
        ? [.. evidence.Select(reward => reward.Gate!.Value)]
        : throw new DasSearchException($"run {run.Summary.Run} {run.Summary.NoRounds}");
}
