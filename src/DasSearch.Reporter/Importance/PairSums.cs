namespace DasSearch.Reporter.Importance;

/// <summary>Sums for each pair of modules, z being 1 where an evaluation skips both, as a distance from the round's mean.</summary>
/// <param name="modules">n, how many modules there are.</param>
internal sealed class PairSums(int modules)
{
    // How many evaluations of the round at hand skip the pair.
    private readonly int[] _inRound = new int[Count(modules)];

    /// <summary>Xᵀz, [pairs, n] row by row, X being the indicators of the modules.</summary>
    internal double[] Indicators { get; } = new double[Count(modules) * modules];

    /// <summary>zᵀz, [pairs].</summary>
    internal double[] Squares { get; } = new double[Count(modules)];

    /// <summary>zᵀr, [pairs], r being the rewards.</summary>
    internal double[] Rewards { get; } = new double[Count(modules)];

    /// <summary>How many evaluations skip both, [pairs].</summary>
    internal long[] Together { get; } = new long[Count(modules)];

    /// <summary>How many pairs there are.</summary>
    internal static int Count(int modules) => modules * (modules - 1) / 2;

    /// <summary>How many numbers such sums are.</summary>
    internal static int SizeOf(int modules) => Count(modules) * (modules + 3);

    /// <summary>A pair's place: 0,1 then 0,2 and so on to the last two.</summary>
    internal static int Place(int first, int second, int modules) => (first * ((2 * modules) - first - 1) / 2) + second - first - 1;

    /// <summary>Adds an evaluation.</summary>
    /// <param name="skipped">What it skips, ascending.</param>
    /// <param name="row">The indicators as distances from their means in the round.</param>
    /// <param name="reward">The reward as such a distance.</param>
    internal void Add(ReadOnlySpan<int> skipped, ReadOnlySpan<double> row, double reward)
    {
        for (var i = 0; i < skipped.Length; i++)
        {
            for (var j = i + 1; j < skipped.Length; j++)
            {
                var pair = Place(skipped[i], skipped[j], modules);
                Sums.Add(row, Indicators.AsSpan(pair * modules, modules));
                Rewards[pair] += reward;
                Together[pair]++;
                _inRound[pair]++;
            }
        }
    }

    /// <summary>Closes the round whose evaluations were added.</summary>
    internal void EndRound(IReadOnlyList<CountedEvaluation> round)
    {
        foreach (var skipped in round.Select(evaluation => evaluation.Skipped))
        {
            for (var i = 0; i < skipped.Length; i++)
            {
                for (var j = i + 1; j < skipped.Length; j++)
                {
                    ref var count = ref _inRound[Place(skipped[i], skipped[j], modules)];
                    Squares[Place(skipped[i], skipped[j], modules)] += count - ((double)count * count / round.Count);
                    count = 0; // counted once, where the pair comes first
                }
            }
        }
    }

    /// <summary>Adds what others of the same modules hold.</summary>
    internal void Add(PairSums other)
    {
        Sums.Add(other.Indicators, Indicators);
        Sums.Add(other.Squares, Squares);
        Sums.Add(other.Rewards, Rewards);
        for (var pair = 0; pair < Together.Length; pair++)
        {
            Together[pair] += other.Together[pair];
        }
    }
}
