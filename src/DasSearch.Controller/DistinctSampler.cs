using DasSearch.Core;
using DasSearch.Core.Spaces;

namespace DasSearch.Controller;

/// <summary>Draws sets of modules without replacement, and rounds of distinct sets.</summary>
/// <remarks>
/// A set is drawn module by module, each time in proportion to the weights of the modules that can still come to it, until none
/// can: in a space of all sets of a size as <c>torch.multinomial</c> does and DAS (arXiv:2309.01479) uses it. A set that a
/// round already has is drawn again. When
/// that fails too often, because the sets drawn already hold nearly all the probability, the remaining sets are listed
/// with their exact probabilities and one of them is drawn, so the distribution stays the same. Where they are too many
/// to list, weights are evened out step by step until another set comes up, which takes weights further apart than
/// rounds of a search bring them.
/// </remarks>
internal static class DistinctSampler
{
    private const int Tries = 64;

    // Evened out so often, weights that a double can hold are equal.
    private const int Evenings = 64;

    // Steps that listing all sets with their probabilities may take; 12 modules need at most 126,720.
    private const double ListingLimit = 1 << 20;

    /// <summary>Draws a round.</summary>
    /// <param name="weights">A positive, finite weight for each module.</param>
    /// <param name="space">What may be drawn.</param>
    /// <param name="count">How many sets, at least 1.</param>
    /// <param name="random">Where chance comes from.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many distinct sets.</exception>
    internal static IReadOnlyList<Subnetwork> Draw(IReadOnlyList<double> weights, SkipSpace space, int count, Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        Rounds.CheckCount(count, space);
        var drawn = new List<Subnetwork>(count);
        while (drawn.Count < count)
        {
            drawn.Add(TryOften(weights, space, drawn, random) ?? Another(weights, space, drawn, random));
        }

        return drawn.AsReadOnly();
    }

    /// <summary>The probability that each set is drawn: over all orders of its modules, the product of their shares.</summary>
    /// <remarks>Summed over subsets instead of orders, 2ᵐ·m steps a set; what can come to a subset is found out once for all sets.</remarks>
    internal static IReadOnlyList<double> Probabilities(IReadOnlyList<double> weights, SkipSpace space, IReadOnlyList<Subnetwork> sets)
    {
        var totals = new Dictionary<Subnetwork, double>();
        return [.. sets.Select(set => Probability(weights, set, Left))];

        double Left(Subnetwork chosen)
        {
            if (!totals.TryGetValue(chosen, out var left))
            {
                var grows = space.Growable([.. Enumerable.Range(0, space.Modules).Select(chosen.Contains)]);
                for (var i = 0; i < grows.Count; i++)
                {
                    left += grows[i] ? weights[i] : 0;
                }

                totals.Add(chosen, left);
            }

            return left;
        }
    }

    private static double Probability(IReadOnlyList<double> weights, Subnetwork set, Func<Subnetwork, double> left)
    {
        var members = set.Skipped;
        var reached = new double[1 << members.Count];
        reached[0] = 1;
        for (var subset = 0; subset < reached.Length - 1; subset++)
        {
            var bits = subset;
            var total = left(new Subnetwork(set.Modules, members.Where((_, i) => (bits >> i & 1) != 0)));
            for (var i = 0; i < members.Count; i++)
            {
                if ((subset >> i & 1) == 0)
                {
                    reached[subset | 1 << i] += reached[subset] * (weights[members[i]] / total);
                }
            }
        }

        return reached[^1];
    }

    private static Subnetwork? TryOften(IReadOnlyList<double> weights, SkipSpace space, List<Subnetwork> drawn, Random random)
    {
        for (var i = 0; i < Tries; i++)
        {
            var set = One(weights, space, random);
            if (!drawn.Contains(set))
            {
                return set;
            }
        }

        return null;
    }

    private static Subnetwork Another(IReadOnlyList<double> weights, SkipSpace space, List<Subnetwork> drawn, Random random)
    {
        if (space.Count * Math.Pow(2, space.MostSkipped) <= ListingLimit)
        {
            var left = space.All().Where(set => !drawn.Contains(set)).ToList();
            var chances = Probabilities(weights, space, left).ToArray();
            if (chances.All(chance => chance == 0))
            {
                // All below the smallest double, so that none can be preferred.
                Array.Fill(chances, 1);
            }

            return left[Pick(chances, random)];
        }

        for (var i = 0; i < Evenings; i++)
        {
            weights = [.. weights.Select(Math.Sqrt)];
            if (TryOften(weights, space, drawn, random) is { } set)
            {
                return set;
            }
        }

        return space.All().First(set => !drawn.Contains(set));
    }

    private static Subnetwork One(IReadOnlyList<double> weights, SkipSpace space, Random random)
    {
        var (chosen, skipped) = (new bool[weights.Count], new List<int>());
        for (var grows = space.Growable(chosen); grows.Contains(true); grows = space.Growable(chosen))
        {
            var next = Pick([.. weights.Select((weight, i) => grows[i] ? weight : 0)], random);
            chosen[next] = true;
            skipped.Add(next);
        }

        return new Subnetwork(weights.Count, skipped);
    }

    /// <summary>An index, drawn in proportion to weights that are not all 0; one of weight 0 is never drawn.</summary>
    private static int Pick(double[] weights, Random random)
    {
        var mark = random.NextDouble() * weights.Sum();
        var last = -1;
        for (var i = 0; i < weights.Length; i++)
        {
            if (weights[i] > 0)
            {
                last = i;
                mark -= weights[i];
                if (mark < 0)
                {
                    break;
                }
            }
        }

        return last;
    }
}

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
