using DasSearch.Core;

namespace DasSearch.Controller;

/// <summary>What a reward is a sum over: modules that are skipped, and where asked for pairs of them.</summary>
/// <param name="modules">n, how many modules there are.</param>
/// <param name="pairs">Whether pairs count, too.</param>
internal sealed class SetFeatures(int modules, bool pairs)
{
    /// <summary>n.</summary>
    internal int Modules => modules;

    /// <summary>Whether pairs count, too.</summary>
    internal bool HasPairs => pairs;

    /// <summary>How many there are: n, or n (n + 1) / 2 with pairs.</summary>
    internal int Count => pairs ? modules * (modules + 1) / 2 : modules;

    /// <summary>The numbers of those that a set has: its modules' own, then those of its pairs.</summary>
    internal int[] Of(Subnetwork set)
    {
        var skipped = set.Skipped;
        var found = new List<int>(skipped);
        for (var i = 0; pairs && i < skipped.Count; i++)
        {
            for (var j = i + 1; j < skipped.Count; j++)
            {
                // Pairs come row by row after the modules: those of 0, then those of 1 …
                found.Add(modules + (skipped[i] * ((2 * modules) - skipped[i] - 1) / 2) + skipped[j] - skipped[i] - 1);
            }
        }

        return [.. found];
    }
}
