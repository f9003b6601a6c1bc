namespace DasSearch.Core;

/// <summary>Sets of m out of n modules, counted and listed.</summary>
public static class Combinations
{
    /// <summary>The binomial coefficient C(n, m); <see cref="long.MaxValue"/> where it is larger, 0 where m is out of range.</summary>
    /// <param name="modules">n, at least 0.</param>
    /// <param name="skipped">m.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="modules"/> is negative.</exception>
    public static long Count(int modules, int skipped)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(modules);
        if (skipped < 0 || skipped > modules)
        {
            return 0;
        }

        Int128 count = 1;
        for (var i = 1; i <= Math.Min(skipped, modules - skipped); i++)
        {
            count = count * (modules - i + 1) / i;
            if (count > long.MaxValue)
            {
                return long.MaxValue;
            }
        }

        return (long)count;
    }

    /// <summary>Every subnetwork that skips m of n modules, in their canonical order, one at a time.</summary>
    /// <param name="modules">n, at least 0.</param>
    /// <param name="skipped">m; nothing is listed where it is out of range.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="modules"/> is negative.</exception>
    public static IEnumerable<Subnetwork> All(int modules, int skipped)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(modules);
        return skipped < 0 || skipped > modules ? [] : Listed(modules, skipped);
    }

    private static IEnumerable<Subnetwork> Listed(int modules, int skipped)
    {
        var chosen = Enumerable.Range(0, skipped).ToArray();
        while (true)
        {
            yield return new Subnetwork(modules, chosen);

            var place = skipped - 1;
            while (place >= 0 && chosen[place] == modules - skipped + place)
            {
                place--;
            }

            if (place < 0)
            {
                yield break;
            }

            chosen[place]++;
            for (var next = place + 1; next < skipped; next++)
            {
                chosen[next] = chosen[next - 1] + 1;
            }
        }
    }
}
