using DasSearch.Core;
using DasSearch.Core.Spaces;

namespace DasSearch.Controller;

/// <summary>Makes rounds of distinct subnetworks out of draws that may repeat themselves.</summary>
internal static class Proposals
{
    private const int Tries = 64;

    /// <summary>Draws until there are so many; a draw that keeps coming up again is replaced by a set that is not there yet.</summary>
    /// <param name="space">What may be proposed.</param>
    /// <param name="count">How many subnetworks, at least 1.</param>
    /// <param name="draw">A subnetwork, given those that the round has.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many.</exception>
    internal static IReadOnlyList<Subnetwork> Distinct(SkipSpace space, int count, Func<IReadOnlyList<Subnetwork>, Subnetwork> draw)
    {
        Rounds.CheckCount(count, space);
        var proposals = new List<Subnetwork>(count);
        while (proposals.Count < count)
        {
            var next = Enumerable.Range(0, Tries).Select(_ => draw(proposals)).FirstOrDefault(set => !proposals.Contains(set))
                ?? space.All().First(set => !proposals.Contains(set));
            proposals.Add(next);
        }

        return proposals.AsReadOnly();
    }
}
