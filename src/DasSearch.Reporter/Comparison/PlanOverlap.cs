using DasSearch.Core;
using MathNet.Numerics.Distributions;

namespace DasSearch.Reporter.Comparison;

/// <summary>How much two sets of skipped modules have in common: Jaccard's index, shared modules over all that either skips.</summary>
internal static class PlanOverlap
{
    /// <summary>From 0 for nothing to 1 for the same; two that skip nothing are the same.</summary>
    internal static double Jaccard(Subnetwork one, Subnetwork other) => Index(one.Skipped.Count(other.Contains), one.Count, other.Count);

    /// <summary>What to expect where both are drawn at random, each set of its size being equally likely.</summary>
    /// <param name="modules">How many modules there are.</param>
    /// <param name="one">How many of them one set has, from 0 to all.</param>
    /// <param name="other">How many the other has, likewise.</param>
    internal static double JaccardByChance(int modules, int one, int other) =>
        Enumerable.Range(0, Math.Min(one, other) + 1)
            .Sum(shared => Hypergeometric.PMF(modules, one, other, shared) * Index(shared, one, other));

    private static double Index(int shared, int one, int other) => one + other == 0 ? 1 : (double)shared / (one + other - shared);
}
