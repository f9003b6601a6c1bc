using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Store;
using DasSearch.Store.Results;

namespace DasSearch.Exports;

/// <summary>Every module of a plan's backbone, with what plan and run know about it.</summary>
/// <param name="plan">The plan.</param>
internal sealed class ModuleRows(SkipPlan plan)
{
    private readonly Dictionary<int, SkippedModule> _skipped = plan.Skip.ToDictionary(module => module.Index);
    private readonly ILookup<string, AdapterPlacement> _adapters = plan.Adapters.ToLookup(adapter => adapter.Module);

    /// <summary>From the plan and its run: evidence and costs of every module.</summary>
    internal IReadOnlyList<ModuleRow> With(RunReader read, RunDetails run) =>
        [.. read.LayerRewards(run.Summary.Run).Zip(run.Costs.Modules, Measured)];

    /// <summary>From the plan alone: evidence of the skipped modules, and names of the others where the backbone tells them.</summary>
    internal IReadOnlyList<ModuleRow> Alone()
    {
        var names = NamesOfAll();
        return [.. Enumerable.Range(0, plan.Modules).Select(index => Planned(index, names?[index]))];
    }

    private ModuleRow Measured(LayerReward reward, ModuleCosts costs) => new(
        reward.Module,
        reward.Name,
        reward.Kind,
        _skipped.ContainsKey(reward.Module),
        reward is { Gate: { } gate, Probability: { } probability }
            ? new SkipEvidence(gate, probability, reward.Skipped, reward.MeanRewardSkipped, reward.MeanRewardKept, reward.StandardError)
            : null,
        [.. _adapters[reward.Name]],
        costs);

    private ModuleRow Planned(int index, string? name)
    {
        var skipped = _skipped.GetValueOrDefault(index);
        name = skipped?.Module ?? name;
        return new ModuleRow(
            index,
            name,
            skipped?.Kind ?? (name is null ? null : ModuleKind.Whole),
            skipped is not null,
            skipped?.Evidence,
            name is null ? [] : [.. _adapters[name]],
            Costs: null);
    }

    // Only where the authors' numbering is the plan's, too.
    private IReadOnlyList<string>? NamesOfAll()
    {
        if (OfficialModels.Find(plan.Backbone) is not { } model || plan.Modules % model.Lists.Count != 0)
        {
            return null;
        }

        var names = model.Names(plan.Modules);
        return plan.Skip.All(module => names[module.Index] == module.Module) ? names : null;
    }
}
