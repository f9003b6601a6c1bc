using DasSearch.Core.Configuration;
using DasSearch.Core.Plans;

namespace DasSearch.Core.Spaces;

/// <summary>The space of a search: what its settings allow on its backbone.</summary>
public static class SearchSpace
{
    /// <summary>The space; it has at least as many subnetworks as a round has candidates.</summary>
    /// <param name="config">The settings.</param>
    /// <param name="costs">The backbone's modules, and what they and their adapters cost.</param>
    /// <exception cref="ConfigException">There are no subnetworks, or too few: the message says which setting rules them out.</exception>
    public static SkipSpace Of(RunConfig config, NetworkCosts costs)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(costs);
        var (modules, target) = (costs.Modules.Count, config.Budget.Macs is { } change ? Saving(costs, change) : SkipTarget.Modules(config.Skip));
        if (config.Constraints.NeverSkipped.FirstOrDefault(i => i < 0 || i >= modules, -1) is var missing and not -1)
        {
            throw new ConfigException("constraints.never", $"must name modules from 0 to {modules - 1}, since {config.Backbone} has {modules}, not {missing}");
        }

        var space = Within(costs, target, config.Constraints);
        if (space.Count == 0)
        {
            throw Infeasible(config, costs, target);
        }

        return config.Controller.Candidates <= space.Count
            ? space
            : throw new ConfigException(
                "controller.candidates",
                $"must be at most {space.Count}, since only so many subnetworks {Description(config, modules)}, not {config.Controller.Candidates}");
    }

    /// <summary>What skips so many modules within a search's constraints; may be empty.</summary>
    /// <param name="config">The settings.</param>
    /// <param name="costs">The backbone's modules.</param>
    /// <param name="count">How many.</param>
    public static SkipSpace OfSize(RunConfig config, NetworkCosts costs, int count)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(costs);
        return Within(costs, SkipTarget.Modules(count), config.Constraints);
    }

    private static SkipSpace Within(NetworkCosts costs, SkipTarget target, ConstraintsConfig constraints) => new(
        [.. costs.Modules.Select(module => module.Module.Stream)],
        target,
        new SkipConstraints(constraints.NeverSkipped, constraints.KeptPerStream ?? 0, constraints.MostInARow));

    // Adapters of kept modules cost something whatever is skipped.
    private static SkipTarget Saving(NetworkCosts costs, double change)
    {
        var whole = costs.Of(Subnetwork.Whole(costs.Modules.Count));
        var most = (long)Math.Floor(whole.FullMultiplyAccumulates * (1 + (change / 100)));
        return SkipTarget.Saving(
            Math.Max(whole.PlanMultiplyAccumulates - most, 1),
            [.. costs.Modules.Select(module => module.Module.MultiplyAccumulates + module.AttachedMultiplyAccumulates - module.ReplacementMultiplyAccumulates)]);
    }

    // The setting without which there would be some; the first one where it takes several together.
    private static ConfigException Infeasible(RunConfig config, NetworkCosts costs, SkipTarget target)
    {
        var (constraints, modules) = (config.Constraints, costs.Modules.Count);
        (string Key, string Rule, ConstraintsConfig Without)[] rules =
        [
            ("constraints.never", $"rules out {constraints.Never}", constraints with { Never = null }),
            ("constraints.kept_per_stream", $"has {constraints.KeptPerStream} modules of each stream kept", constraints with { KeptPerStream = null }),
            ("constraints.most_in_a_row", $"has at most {constraints.MostInARow} skipped in a row", constraints with { MostInARow = null }),
        ];
        var set = rules.Where(rule => rule.Without != constraints).ToList();
        var (wanted, key) = (Description(config, modules), config.Budget.Macs is null ? "skip" : "budget.macs");
        if (set.Count == 0 || Within(costs, target, new ConstraintsConfig()).Count == 0)
        {
            return new ConfigException(key, $"is out of reach: no subnetworks of {modules} modules {wanted}");
        }

        foreach (var rule in set)
        {
            if (Within(costs, target, rule.Without).Count > 0)
            {
                return new ConfigException(rule.Key, $"{rule.Rule}, and so no subnetworks are left that {wanted}");
            }
        }

        return new ConfigException(set[0].Key, $"{string.Join(", ", set.Select(rule => rule == set[0] ? rule.Rule : $"{rule.Key} {rule.Rule}"))}, and so no subnetworks are left that {wanted}");
    }

    private static string Description(RunConfig config, int modules) => config.Budget.Macs is { } change
        ? FormattableString.Invariant($"change multiply-accumulates by {change} %")
        : $"skip {config.Skip} of {modules} modules";
}

/// <summary>How much a subnetwork skips: so many modules, or just enough of them to save so much.</summary>
/// <remarks>
/// Just enough: without any one of its skipped modules it would save too little. No such subnetwork is part of another, as none of a
/// number of modules is.
/// </remarks>
public sealed record SkipTarget
{
    private SkipTarget(int? count, long needed, IReadOnlyList<long>? savings) => (Count, Needed, Savings) = (count, needed, savings);

    /// <summary>How many modules; null where it goes by savings.</summary>
    public int? Count { get; }

    /// <summary>How much is to be saved.</summary>
    public long Needed { get; }

    /// <summary>What each skipped module saves; null where it goes by number.</summary>
    public IReadOnlyList<long>? Savings { get; }

    /// <summary>So many modules.</summary>
    /// <param name="count">At least 0.</param>
    public static SkipTarget Modules(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return new SkipTarget(count, 0, null);
    }

    /// <summary>Just enough modules.</summary>
    /// <param name="needed">How much they save together at least; positive.</param>
    /// <param name="savings">What each saves; one that saves nothing is never skipped.</param>
    public static SkipTarget Saving(long needed, IReadOnlyList<long> savings)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(needed);
        ArgumentNullException.ThrowIfNull(savings);
        return new SkipTarget(null, needed, [.. savings]);
    }
}

/// <summary>What holds for every subnetwork of a search, whatever its rewards.</summary>
/// <param name="Never">Modules that are never skipped.</param>
/// <param name="KeptPerStream">How many modules of each stream are kept at least.</param>
/// <param name="MostInARow">How many modules of a stream that follow each other are skipped at most; null for any number.</param>
public sealed record SkipConstraints(IReadOnlyList<int> Never, int KeptPerStream = 0, int? MostInARow = null)
{
    /// <summary>Nothing is ruled out.</summary>
    public static readonly SkipConstraints None = new([]);
}
