using DasSearch.Core.Plans;

namespace DasSearch.App;

/// <summary>Shares out trained parameters over a plan's adapters, unit by unit, to where a search found that they matter most.</summary>
/// <remarks>
/// Greedy, as for a knapsack: what is next is what has most saliency (<see cref="AdapterEvidence"/>) for each parameter. The first units of
/// an adapter also pay for its norm and last bias, and so come together, as many as make the best offer. Every
/// skipped module keeps at least one unit in its place; an adapter beside a kept one may go altogether. Of equal offers the
/// one of the earlier adapter is taken.
/// </remarks>
internal static class AdapterAllocation
{
    /// <summary>How many units each adapter gets, in their order.</summary>
    /// <param name="adapters">The adapters that the plan may have: in place of skipped modules, beside kept ones.</param>
    /// <param name="parameters">How many parameters they may have together.</param>
    /// <returns>The units; null where the parameters are not enough for one in place of each skipped module.</returns>
    internal static IReadOnlyList<int>? Share(IReadOnlyList<AdapterEvidence> adapters, long parameters)
    {
        var left = parameters - Least(adapters);
        if (left < 0)
        {
            return null;
        }

        var units = adapters.Select(adapter => adapter.Placement == Placement.Replace ? 1 : 0).ToArray();
        var sums = adapters.Select(Sums).ToList();
        while (Best(adapters, sums, units, left) is { } offer)
        {
            left -= adapters[offer.Adapter].Parameters(units[offer.Adapter] + offer.Units) - adapters[offer.Adapter].Parameters(units[offer.Adapter]);
            units[offer.Adapter] += offer.Units;
        }

        return units;
    }

    /// <summary>The fewest parameters that the adapters can have.</summary>
    internal static long Least(IReadOnlyList<AdapterEvidence> adapters) =>
        adapters.Where(adapter => adapter.Placement == Placement.Replace).Sum(adapter => adapter.Parameters(1));

    // Of the most salient units, one more at each place: [units + 1].
    private static double[] Sums(AdapterEvidence adapter)
    {
        var sums = new double[adapter.Saliency.Count + 1];
        foreach (var (saliency, i) in adapter.Saliency.OrderDescending().Select((saliency, i) => (saliency, i)))
        {
            sums[i + 1] = sums[i] + saliency;
        }

        return sums;
    }

    private static Offer? Best(IReadOnlyList<AdapterEvidence> adapters, List<double[]> sums, int[] units, long left)
    {
        Offer? best = null;
        for (var i = 0; i < adapters.Count; i++)
        {
            // Past its first unit, an adapter's best offer is its next one: they are sorted.
            var most = units[i] == 0 ? adapters[i].Saliency.Count : Math.Min(units[i] + 1, adapters[i].Saliency.Count);
            for (var count = units[i] + 1; count <= most; count++)
            {
                var price = adapters[i].Parameters(count) - adapters[i].Parameters(units[i]);
                var gain = (sums[i][count] - sums[i][units[i]]) / price;
                if (price <= left && (best is null || gain > best.Gain))
                {
                    best = new Offer(i, count - units[i], gain);
                }
            }
        }

        return best;
    }

    private sealed record Offer(int Adapter, int Units, double Gain);
}
