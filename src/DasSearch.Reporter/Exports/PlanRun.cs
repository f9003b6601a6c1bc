using DasSearch.Core.Plans;
using DasSearch.Store;
using DasSearch.Store.Results;

namespace DasSearch.Reporter.Exports;

/// <summary>Finds the run that a plan came of.</summary>
internal static class PlanRun
{
    /// <summary>The run; null where the plan came of none, or the database has another one under its number.</summary>
    internal static RunDetails? Find(RunReader read, SkipPlan plan)
    {
        if (plan.Provenance is not { Run: { } run, ConfigSha256: { } sha256 } || read.Runs().All(known => known.Run != run))
        {
            return null;
        }

        var details = read.Run(run);
        return details.ConfigSha256 == sha256 ? details : null;
    }
}
