namespace DasSearch.Reporter.Importance;

/// <summary>Sums over one round or several in succession: all that a regression with an intercept for each round needs of them.</summary>
/// <remarks>
/// Indicators (1 where an evaluation skips the module) and rewards enter as distances from their means in the round, which
/// takes each round's intercept out (the within transformation).
/// </remarks>
/// <param name="modules">n, how many modules there are.</param>
/// <param name="pairs">Whether to keep the sums of pairs, too.</param>
internal sealed class RoundBlock(int modules, bool pairs)
{
    // Relative to the largest: what rounding leaves of an indicator that the others add up to.
    private const double Rounding = 1e-9;

    /// <summary>XᵀX, [n, n] row by row, X being the indicators.</summary>
    internal double[] Indicators { get; } = new double[modules * modules];

    /// <summary>Xᵀr, [n], r being the rewards.</summary>
    internal double[] Rewards { get; } = new double[modules];

    /// <summary>The sums of pairs; null where they are not kept.</summary>
    internal PairSums? Pairs { get; } = pairs ? new PairSums(modules) : null;

    /// <summary>Evaluations less rounds: how many comparisons within rounds there are.</summary>
    internal long Comparisons { get; private set; }

    /// <summary>How many numbers a block holds.</summary>
    internal static int SizeOf(int modules, bool pairs) => (modules * (modules + 1)) + (pairs ? PairSums.SizeOf(modules) : 0);

    /// <summary>Adds a round.</summary>
    internal void Add(IReadOnlyList<CountedEvaluation> round)
    {
        var first = round[0].Reward; // distances from the first, so that equal rewards have exactly that mean
        var mean = first + (round.Sum(evaluation => evaluation.Reward - first) / round.Count);
        var share = new double[modules];
        foreach (var evaluation in round)
        {
            foreach (var module in evaluation.Skipped)
            {
                share[module] += 1.0 / round.Count;
            }
        }

        var row = new double[modules];
        foreach (var evaluation in round)
        {
            for (var i = 0; i < modules; i++)
            {
                row[i] = -share[i];
            }

            foreach (var module in evaluation.Skipped)
            {
                row[module]++;
            }

            foreach (var module in evaluation.Skipped)
            {
                RowMath.Add(row, Indicators.AsSpan(module * modules, modules));
                Rewards[module] += evaluation.Reward - mean;
            }

            Pairs?.Add(evaluation.Skipped, row, evaluation.Reward - mean);
        }

        Pairs?.EndRound(round);
        Comparisons += round.Count - 1;
    }

    /// <summary>Adds what another block of the same modules holds.</summary>
    internal void Add(RoundBlock other)
    {
        RowMath.Add(other.Indicators, Indicators);
        RowMath.Add(other.Rewards, Rewards);
        Pairs?.Add(other.Pairs!);
        Comparisons += other.Comparisons;
    }

    /// <summary>As few evaluations as have the same sums: rows R with RᵀR = XᵀX, and their rewards q with Rᵀq = Xᵀr.</summary>
    /// <remarks>A pivoted Cholesky factor, [rank, n]. R is X turned by an orthogonal matrix, so that what is computed from
    /// residuals and leverages of the block is the same with either.</remarks>
    internal (IReadOnlyList<double[]> Rows, IReadOnlyList<double> Rewards) Compress()
    {
        var (rows, rewards) = (new List<double[]>(), new List<double>());
        var left = new double[modules];
        for (var i = 0; i < modules; i++)
        {
            left[i] = Indicators[(i * modules) + i];
        }

        var least = Rounding * left.Max();
        while (rows.Count < modules)
        {
            var pivot = Array.IndexOf(left, left.Max());
            if (left[pivot] <= least)
            {
                break;
            }

            var row = Indicators.AsSpan(pivot * modules, modules).ToArray();
            var reward = Rewards[pivot];
            for (var k = 0; k < rows.Count; k++)
            {
                RowMath.Add(rows[k], row, -rows[k][pivot]);
                reward -= rows[k][pivot] * rewards[k];
            }

            var length = Math.Sqrt(left[pivot]);
            for (var i = 0; i < modules; i++)
            {
                row[i] /= length;
                left[i] -= row[i] * row[i];
            }

            left[pivot] = 0;
            rows.Add(row);
            rewards.Add(reward / length);
        }

        return (rows, rewards);
    }
}

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
                RowMath.Add(row, Indicators.AsSpan(pair * modules, modules));
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
        RowMath.Add(other.Indicators, Indicators);
        RowMath.Add(other.Squares, Squares);
        RowMath.Add(other.Rewards, Rewards);
        for (var pair = 0; pair < Together.Length; pair++)
        {
            Together[pair] += other.Together[pair];
        }
    }
}
