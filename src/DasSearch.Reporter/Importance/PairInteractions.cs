namespace DasSearch.Reporter.Importance;

/// <summary>Interactions of pairs, one pair at a time, each adjusted for the effects of all modules and for rounds.</summary>
/// <remarks>
/// <para>Other pairs are not adjusted for: with m of n modules skipped, all pairs' indicators span those of modules, too,
/// and what is left, n(n − 3)/2 numbers, is more than most searches could tell apart. Where every set is equally likely, a
/// pair's estimate alone is its estimate among all pairs (each module's interactions adding up to 0) but for one factor.</para>
/// <para>The modules' part is taken out of a pair's indicator first (Frisch and Waugh, Econometrica 1, 1933; Lovell, J.
/// American Statistical Association 58, 1963); its error then is the CR2 of one regressor with its Satterthwaite degrees of
/// freedom, as in <see cref="RoundRegression"/>.</para>
/// </remarks>
internal sealed class PairInteractions
{
    // Of a pair's own variation: less is what rounding leaves where modules' indicators make up the pair's.
    private const double Rounding = 1e-6;

    // A leverage so close to 1 means that one block alone decides.
    private const double Alone = 1e-8;

    private const double LeastFreedom = 2;

    private readonly IReadOnlyList<RoundBlock> _blocks;
    private readonly int _modules;
    private readonly double[] _effects;
    private readonly double[][] _inverse; // P, row by row
    private readonly double[][] _scores; // of each block: Xᵀ(r − Xβ)
    private readonly double _inflation; // for the modules' effects that residuals were fitted with
    private readonly double _confidence;

    private PairInteractions(RewardSums rewards, RoundRegression regression, double confidence)
    {
        _blocks = rewards.Blocks;
        _modules = rewards.Modules;
        _effects = regression.Effects.ToArray();
        _inverse = regression.Inverse.ToRowArrays();
        _scores = [.. _blocks.Select(Score)];
        _inflation = regression.Comparisons / (double)(regression.Comparisons - regression.Rank);
        _confidence = confidence;
    }

    /// <summary>All pairs, in the order 0,1 then 0,2 and so on; none where they were not counted.</summary>
    internal static IReadOnlyList<PairInteraction> Of(RewardSums rewards, RoundRegression? regression, double confidence)
    {
        if (!rewards.HasPairs)
        {
            return [];
        }

        var model = regression is not null && regression.Comparisons > regression.Rank
            ? new PairInteractions(rewards, regression, confidence)
            : null;
        var pairs = new List<PairInteraction>();
        for (var first = 0; first < rewards.Modules; first++)
        {
            for (var second = first + 1; second < rewards.Modules; second++)
            {
                var place = PairSums.Place(first, second, rewards.Modules);
                var together = rewards.Blocks.Sum(block => block.Pairs!.Together[place]);
                pairs.Add(new PairInteraction(first, second, together, model?.EstimateOf(place), null));
            }
        }

        return Adjusted(pairs);
    }

    private Estimate? EstimateOf(int pair)
    {
        var (indicators, square, reward) = (new double[_modules], 0.0, 0.0);
        foreach (var sums in _blocks.Select(block => block.Pairs!))
        {
            RowMath.Add(Indicators(sums, pair), indicators);
            square += sums.Squares[pair];
            reward += sums.Rewards[pair];
        }

        var shares = Array.ConvertAll(_inverse, row => RowMath.Dot(row, indicators));
        var left = square - RowMath.Dot(indicators, shares);
        if (left <= Rounding * square)
        {
            return null;
        }

        var effect = (reward - RowMath.Dot(indicators, _effects)) / left;
        var (variance, squares, sides, both) = (0.0, 0.0, 0.0, 0.0);
        for (var k = 0; k < _blocks.Count; k++)
        {
            var sums = _blocks[k].Pairs!;
            var its = Indicators(sums, pair);
            var leverage = (sums.Squares[pair] - (2 * RowMath.Dot(shares, its)) + Form(_blocks[k], shares)) / left;
            if (1 - leverage < Alone)
            {
                return null;
            }

            var score = sums.Rewards[pair] - RowMath.Dot(its, _effects) - RowMath.Dot(shares, _scores[k]) - (effect * leverage * left);
            var side = leverage * leverage / (1 - leverage);
            variance += score * score / (1 - leverage);
            squares += leverage * leverage;
            sides += side;
            both += side * side;
        }

        var freedom = 1 / (squares + (sides * sides) - both);
        return freedom > LeastFreedom
            ? Estimate.OfStudent(effect, Math.Sqrt(_inflation * variance) / left, freedom, _confidence)
            : null;
    }

    private ReadOnlySpan<double> Indicators(PairSums sums, int pair) => sums.Indicators.AsSpan(pair * _modules, _modules);

    private double[] Score(RoundBlock block)
    {
        var score = new double[_modules];
        for (var i = 0; i < _modules; i++)
        {
            score[i] = block.Rewards[i] - RowMath.Dot(block.Indicators.AsSpan(i * _modules, _modules), _effects);
        }

        return score;
    }

    /// <summary>wᵀXᵀXw of a block.</summary>
    private double Form(RoundBlock block, double[] weights)
    {
        var sum = 0.0;
        for (var i = 0; i < _modules; i++)
        {
            sum += weights[i] * RowMath.Dot(block.Indicators.AsSpan(i * _modules, _modules), weights);
        }

        return sum;
    }

    private static PairInteraction[] Adjusted(List<PairInteraction> pairs)
    {
        var (adjusted, least) = (pairs.ToArray(), 1.0);
        var told = Enumerable.Range(0, pairs.Count).Where(k => pairs[k].Effect is not null);
        var ranked = told.OrderBy(k => pairs[k].Effect!.PValue).ToList();
        for (var rank = ranked.Count; rank >= 1; rank--)
        {
            var k = ranked[rank - 1];
            least = Math.Min(least, pairs[k].Effect!.PValue * ranked.Count / rank);
            adjusted[k] = pairs[k] with { AdjustedPValue = least };
        }

        return adjusted;
    }
}

/// <summary>What two modules do together that they do not do apart.</summary>
/// <param name="Second">The index of the second, larger.</param>
/// <param name="Together">How many evaluations that count skip both.</param>
/// <param name="Effect">
/// How much higher reward is with both skipped than the effects of each add up to: above 0 the second skip costs less
/// once the first is made, below 0 each stands in for the other. Null where they were hardly seen together, or always.
/// </param>
/// <param name="AdjustedPValue">
/// The p-value adjusted for there being many pairs (Benjamini and Hochberg, J. Royal Statistical Society B 57, 1995): of
/// all pairs up to 0.05, a twentieth is noise. Null likewise.
/// </param>
public sealed record PairInteraction(int First, int Second, long Together, Estimate? Effect, double? AdjustedPValue);
