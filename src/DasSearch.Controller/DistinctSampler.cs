using DasSearch.Core;

namespace DasSearch.Controller;

/// <summary>Draws sets of m modules without replacement, and rounds of distinct sets.</summary>
/// <remarks>
/// A set is drawn module by module, each time in proportion to the weights of the modules that are left, as
/// <c>torch.multinomial</c> does and DAS (arXiv:2309.01479) uses it. A set that a round already has is drawn again. When
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
    /// <param name="skip">m, from 0 to the number of modules.</param>
    /// <param name="count">How many sets, at least 1.</param>
    /// <param name="random">Where chance comes from.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many distinct sets.</exception>
    internal static IReadOnlyList<Subnetwork> Draw(IReadOnlyList<double> weights, int skip, int count, Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        var sets = Rounds.CheckCount(count, weights.Count, skip);
        var drawn = new List<Subnetwork>(count);
        while (drawn.Count < count)
        {
            drawn.Add(TryOften(weights, skip, drawn, random) ?? Another(weights, skip, sets, drawn, random));
        }

        return drawn.AsReadOnly();
    }

    /// <summary>The probability that a set is drawn: over all orders of its modules, the product of their shares.</summary>
    /// <remarks>Summed over subsets instead of orders: 2ᵐ·m steps.</remarks>
    internal static double Probability(IReadOnlyList<double> weights, Subnetwork set)
    {
        var others = 0.0;
        for (var i = 0; i < weights.Count; i++)
        {
            others += set.Contains(i) ? 0 : weights[i];
        }

        var members = set.Skipped;
        var reached = new double[1 << members.Count];
        reached[0] = 1;
        for (var subset = 0; subset < reached.Length - 1; subset++)
        {
            var left = others; // a sum of what is left, since a difference would lose the small weights
            for (var i = 0; i < members.Count; i++)
            {
                left += (subset >> i & 1) == 0 ? weights[members[i]] : 0;
            }

            for (var i = 0; i < members.Count; i++)
            {
                if ((subset >> i & 1) == 0)
                {
                    reached[subset | 1 << i] += reached[subset] * (weights[members[i]] / left);
                }
            }
        }

        return reached[^1];
    }

    private static Subnetwork? TryOften(IReadOnlyList<double> weights, int skip, List<Subnetwork> drawn, Random random)
    {
        for (var i = 0; i < Tries; i++)
        {
            var set = One(weights, skip, random);
            if (!drawn.Contains(set))
            {
                return set;
            }
        }

        return null;
    }

    private static Subnetwork Another(
        IReadOnlyList<double> weights, int skip, long sets, List<Subnetwork> drawn, Random random)
    {
        if (sets * Math.Pow(2, skip) <= ListingLimit)
        {
            var left = Combinations.All(weights.Count, skip).Where(set => !drawn.Contains(set)).ToList();
            var chances = left.Select(set => Probability(weights, set)).ToArray();
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
            if (TryOften(weights, skip, drawn, random) is { } set)
            {
                return set;
            }
        }

        return Combinations.All(weights.Count, skip).First(set => !drawn.Contains(set));
    }

    private static Subnetwork One(IReadOnlyList<double> weights, int skip, Random random)
    {
        var left = weights.ToArray();
        var skipped = new int[skip];
        for (var i = 0; i < skip; i++)
        {
            skipped[i] = Pick(left, random);
            left[skipped[i]] = 0;
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
