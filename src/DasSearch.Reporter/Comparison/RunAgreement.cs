using DasSearch.Core;
using DasSearch.Reporter.Importance;

namespace DasSearch.Reporter.Comparison;

/// <summary>How far two runs agree.</summary>
/// <param name="First">The first run's number.</param>
/// <param name="Second">The second run's number.</param>
/// <param name="Jaccard">Of their plans: shared skips over all skips, from 0 to 1; null where a run has no plan.</param>
/// <param name="JaccardByChance">What plans of the same sizes drawn at random would have on average; null likewise.</param>
/// <param name="KendallTau">
/// Kendall's τ-b of importance over the modules that both have it of, from −1 to 1; null where that ranks nothing.
/// </param>
/// <param name="Spearman">Spearman's ρ of the same.</param>
public sealed record RunAgreement(long First, long Second, double? Jaccard, double? JaccardByChance, double? KendallTau, double? Spearman)
{
    internal static RunAgreement Of(ComparedRun first, ComparedRun second)
    {
        var both = first.Importance.Layers.Zip(second.Importance.Layers)
            .Where(pair => pair is { First.Importance: not null, Second.Importance: not null })
            .ToList();
        double[] one = [.. both.Select(pair => pair.First.Importance!.Value)];
        double[] other = [.. both.Select(pair => pair.Second.Importance!.Value)];
        var (jaccard, byChance) = first.Plan is { } plan && second.Plan is { } its ? Overlap(plan, its) : default;
        return new RunAgreement(
            first.Number, second.Number, jaccard, byChance, RankCorrelation.KendallTauB(one, other), RankCorrelation.Spearman(one, other));
    }

    private static (double?, double?) Overlap(Subnetwork one, Subnetwork other) =>
        (PlanOverlap.Jaccard(one, other), PlanOverlap.JaccardByChance(one.Modules, one.Count, other.Count));
}
