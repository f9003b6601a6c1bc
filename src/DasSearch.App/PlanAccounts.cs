using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Worker.Networks;

namespace DasSearch.App;

/// <summary>A plan as a transfer method changes it.</summary>
internal static class PlanAccounts
{
    /// <summary>The plan with the adapters and the account that the method gives it.</summary>
    /// <remarks>A plan that nobody has counted gets the network's account.</remarks>
    /// <exception cref="DasSearchException">The plan's account is not the network's.</exception>
    internal static SkipPlan Of(SkipPlan plan, TransferNetwork network)
    {
        var accounting = network.Costs().Of(plan.Subnetwork);
        if (network.Placements.Count == 0)
        {
            return new SkipPlan(plan.Backbone, plan.Task, plan.Modules, plan.Granularity, plan.Provenance, plan.Skip, [], accounting) { Method = plan.Method };
        }

        // The plan's adapters are the network's: so is its account.
        var (total, trained) = (network.CountParameters(), network.Trained.Sum(static parameter => parameter.Parameter.numel()));
        if (plan.Accounting is not { } planned)
        {
            return plan with { Accounting = accounting };
        }

        return planned.TotalParameters == total && planned.TrainableParameters == trained
            ? plan
            : throw new DasSearchException(
                $"the plan accounts for {planned.TotalParameters} parameters, {planned.TrainableParameters} of them trained, "
                + $"but its network has {total}, {trained} of them trained: the plan was changed, or belongs to another checkpoint");
    }
}
