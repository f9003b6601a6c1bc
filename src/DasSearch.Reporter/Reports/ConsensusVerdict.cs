using System.Globalization;
using DasSearch.Reporter.Comparison;
using DasSearch.Reporter.Importance;

namespace DasSearch.Reporter.Reports;

/// <summary>What several runs come to together.</summary>
internal static class ConsensusVerdict
{
    internal static Verdict Of(RunComparison comparison)
    {
        if (comparison.Consensus is not { } consensus)
        {
            return new Verdict(
                "No verdict of all runs together.", $"There is no consensus, since {comparison.NoConsensus}.", Warning: null, Chosen: null, [], []);
        }

        var cost = comparison.Runs[0].Details.Costs.Of(consensus.Plan);
        var same = comparison.Runs.Count(run => run.Plan == consensus.Plan);
        return new Verdict(
            Wording.Skip(consensus.Plan),
            Certainty.Of(consensus.Right, consensus.Margin) + string.Create(
                CultureInfo.InvariantCulture, $" {same} of {comparison.Runs.Count} runs have this very plan."),
            Wording.CoinTosses(consensus.CoinTosses, "other seeds can tell"),
            consensus.Plan,
            consensus.CoinTosses,
            [
                ("multiply-accumulates", Wording.Change(cost.ChangePercent)),
                ("trained parameters", string.Create(CultureInfo.InvariantCulture, $"{cost.TrainableParameters:N0} ({cost.TrainablePercent:0.0}\u00a0%)")),
                ("runs with a say", string.Create(CultureInfo.InvariantCulture, $"{consensus.Runs} of {comparison.Runs.Count}")),
                ("differences beyond noise", string.Create(CultureInfo.InvariantCulture, $"{100 * consensus.Heterogeneity:0}\u00a0%")),
            ]);
    }
}
