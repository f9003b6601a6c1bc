using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Transfer;
using DasSearch.Worker.Networks;

namespace DasSearch.Cli.Planning;

/// <summary>A plan as a transfer method changes it.</summary>
internal static class PlanAccounts
{
    /// <summary>The plan with the adapters and the account that the method gives it.</summary>
    /// <remarks>A plan that nobody has counted gets the network's account.</remarks>
    /// <exception cref="DasSearchException">The plan's account is not the network's.</exception>
    internal static SkipPlan Of(SkipPlan plan, ITransferMethod method, TransferNetwork network)
    {
        var trained = network.Trained.Sum(static parameter => parameter.Parameter.numel());
        var total = network.CountParameters();
        if (method.Name == DasPlacement.Type)
        {
            if (plan.Accounting is not { } planned)
            {
                return plan with { Accounting = network.Costs(plan.Adapters).Of(plan.Subnetwork) };
            }

            return planned.TotalParameters == total && planned.TrainableParameters == trained
                ? plan
                : throw new DasSearchException(
                    $"the plan accounts for {planned.TotalParameters} parameters, {planned.TrainableParameters} of them trained, "
                    + $"but its network has {total}, {trained} of them trained: the plan was changed, or belongs to another checkpoint");
        }

        // Without adapters: what is left of the backbone, and nothing else.
        var skipped = plan.Subnetwork;
        var backbone = network.Backbone;
        var kept = backbone.Modules.Where(module => !skipped.Contains(module.Index)).Sum(static module => module.MultiplyAccumulates);
        var all = backbone.Modules.Sum(static module => module.MultiplyAccumulates);
        var accounting = new Accounting(
            total, trained, backbone.OutsideMultiplyAccumulates + all, backbone.OutsideMultiplyAccumulates + kept);
        return new SkipPlan(plan.Backbone, plan.Task, plan.Modules, plan.Provenance, plan.Skip, [], accounting);
    }
}
