using DasSearch.Core;

namespace DasSearch.Controller;

/// <summary>Makes rounds of distinct subnetworks out of draws that may repeat themselves.</summary>
internal static class Proposals
{
    private const int Tries = 64;

    /// <summary>Draws until there are so many; a draw that keeps coming up again is replaced by a set that is not there yet.</summary>
    /// <param name="settings">How many modules there are, and how many are skipped.</param>
    /// <param name="count">How many subnetworks, at least 1.</param>
    /// <param name="draw">A subnetwork, given those that the round has.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many.</exception>
    internal static IReadOnlyList<Subnetwork> Distinct(ControllerSettings settings, int count, Func<IReadOnlyList<Subnetwork>, Subnetwork> draw)
    {
        Rounds.CheckCount(count, settings.Modules, settings.Skip);
        var proposals = new List<Subnetwork>(count);
        while (proposals.Count < count)
        {
            var next = Enumerable.Range(0, Tries).Select(_ => draw(proposals)).FirstOrDefault(set => !proposals.Contains(set))
                ?? Combinations.All(settings.Modules, settings.Skip).First(set => !proposals.Contains(set));
            proposals.Add(next);
        }

        return proposals.AsReadOnly();
    }

    /// <summary>A set, each being equally likely.</summary>
    internal static Subnetwork Uniform(ControllerSettings settings, Random random) =>
        DistinctSampler.Draw([.. Enumerable.Repeat(1.0, settings.Modules)], settings.Skip, 1, random)[0];
}
