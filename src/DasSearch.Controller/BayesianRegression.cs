using MathNet.Numerics.Distributions;
using MathNet.Numerics.LinearAlgebra.Double;

namespace DasSearch.Controller;

/// <summary>Reward as a sum of what skipping each module adds, and maybe each pair, with an intercept for each round, under drift.</summary>
/// <remarks>
/// Bayesian linear regression with a normal prior: of advantages, whatever their unit, on indicators of what is skipped, the <see cref="SetFeatures"/>,
/// less the round's mean, so that each round's level drops out. The evidence of older rounds counts less by a factor for each round
/// in between, since the worth of modules moves while adapters are trained (exponential forgetting, as in Kulhavy and Zarrop,
/// International J. of Control 58, 1993). The noise is estimated from what is left over.
/// </remarks>
internal sealed class BayesianRegression
{
    /// <summary>What a round's evidence is still worth a round later: half after some 140 rounds.</summary>
    private const double Memory = 0.995;

    // The prior of a module's effect has the noise's own variance: worth one observation.
    private const double Prior = 1;

    // How much pairs matter is not known before: their priors' precisions, each as likely, up to next to nothing.
    private static readonly double[] _pairPriors = [1, 10, 100, 1000];

    // Rewards without any noise leave nothing over; the effects' scale then is enough.
    private const double LeastNoise = 1e-12;

    private readonly SetFeatures _features;
    private readonly int _count;
    private DenseMatrix _products; // Σ x xᵀ, [count, count], changed in place: a search has thousands of rounds
    private DenseVector _sums; // Σ x y, [count], likewise
    private double _squares; // Σ y²
    private double _freedom; // comparisons: evaluations less rounds

    internal BayesianRegression(SetFeatures features)
    {
        (_features, _count) = (features, features.Count);
        (_products, _sums) = (new DenseMatrix(_count, _count), new DenseVector(_count));
    }

    /// <summary>How many comparisons it knows, evaluations less rounds; older ones count for less.</summary>
    internal double Comparisons => _freedom;

    /// <summary>After how many rounds it knows so many comparisons; null where it never does, since older rounds count for less.</summary>
    /// <param name="comparisons">At least 1.</param>
    /// <param name="candidates">Evaluations of a round.</param>
    internal static int? RoundsTo(double comparisons, int candidates)
    {
        var (rounds, known) = (0, 0.0);
        while (known < comparisons)
        {
            var more = (known * Memory) + candidates - 1;
            if (more <= known)
            {
                return null;
            }

            (rounds, known) = (rounds + 1, more);
        }

        return rounds;
    }

    /// <summary>Learns from a round.</summary>
    internal void Learn(IReadOnlyList<Advantage> round)
    {
        // Older rounds count for less.
        _products.Multiply(Memory, _products);
        _sums.Multiply(Memory, _sums);
        (_squares, _freedom) = (_squares * Memory, _freedom * Memory);
        if (round.Count < 2)
        {
            return;
        }

        var sets = round.Select(entry => _features.Of(entry.Subnetwork)).ToList();
        var mean = new DenseVector(_count);
        foreach (var feature in sets.SelectMany(set => set))
        {
            mean[feature] += 1.0 / round.Count;
        }

        // Features that no subnetwork of the round has are 0 in all of them.
        var found = Enumerable.Range(0, _count).Where(feature => mean[feature] > 0).ToArray();
        foreach (var (entry, set) in round.Zip(sets))
        {
            var x = -mean;
            foreach (var feature in set)
            {
                x[feature]++;
            }

            foreach (var i in found)
            {
                foreach (var j in found)
                {
                    _products.Values[(i * _count) + j] += x[i] * x[j];
                }

                _sums[i] += x[i] * entry.Value;
            }

            _squares += entry.Value * entry.Value;
        }

        _freedom += round.Count - 1;
    }

    /// <summary>What is known of the effects by now for each size that those of pairs may have, with how likely that is; at least one feature.</summary>
    /// <remarks>Likely by the evidence, the likelihood with effects and noise integrated out; without pairs there is one.</remarks>
    internal IReadOnlyList<(Posterior Effects, double Chance)> Mixture()
    {
        if (!_features.HasPairs)
        {
            return [(Now(Prior).Effects, 1)];
        }

        var known = _pairPriors.Select(Now).ToList();
        var most = known.Max(entry => entry.LogEvidence);
        var sum = known.Sum(entry => Math.Exp(entry.LogEvidence - most));
        return [.. known.Select(entry => (entry.Effects, Math.Exp(entry.LogEvidence - most) / sum))];
    }

    private (Posterior Effects, double LogEvidence) Now(double pairPrior)
    {
        var prior = DenseVector.Create(_count, i => i < _features.Modules ? Prior : pairPrior);
        var factor = (_products + DenseMatrix.OfDiagonalVector(prior)).Cholesky();
        var mean = factor.Solve(_sums);
        var left = Math.Max(_squares - mean.DotProduct(_sums), 0) + LeastNoise;
        var noise = _freedom > 0 ? Math.Sqrt(left / _freedom) : 1;
        var logEvidence = (prior.Sum(Math.Log) - factor.DeterminantLn - (_freedom * Math.Log(left))) / 2;
        return (new Posterior(mean.ToArray(), (DenseMatrix)factor.Factor.Transpose(), noise), logEvidence);
    }

    /// <summary>All of it as numbers.</summary>
    internal IReadOnlyList<double> Save() => [.. _products.Values, .. _sums, _squares, _freedom];

    /// <summary>Puts numbers back.</summary>
    /// <exception cref="ArgumentException">There are more or fewer.</exception>
    internal void Load(IReadOnlyList<double> numbers)
    {
        var expected = (_count * _count) + _count + 2;
        if (numbers.Count != expected)
        {
            throw new ArgumentException($"Expected {expected} numbers of a reward model, got {numbers.Count}.", nameof(numbers));
        }

        _products = new DenseMatrix(_count, _count, [.. numbers.Take(_count * _count)]); // symmetric: the order does not matter
        _sums = new DenseVector([.. numbers.Skip(_count * _count).Take(_count)]);
        (_squares, _freedom) = (numbers[^2], numbers[^1]);
    }

    /// <summary>A normal distribution of the effects.</summary>
    /// <param name="Mean">Their means, [n].</param>
    /// <param name="Root">Upper triangular U of the precision UᵀU, in units of the noise.</param>
    /// <param name="Noise">The noise's standard deviation.</param>
    internal sealed record Posterior(double[] Mean, DenseMatrix Root, double Noise)
    {
        /// <summary>The variance of a sum of effects.</summary>
        /// <param name="weights">[n].</param>
        internal double Variance(double[] weights)
        {
            // z of Uᵀz = w, forwards: wᵀ(UᵀU)⁻¹w = zᵀz.
            var (n, solved, square) = (Mean.Length, new double[weights.Length], 0.0);
            for (var i = 0; i < n; i++)
            {
                var column = Root.Values.AsSpan(i * n, n); // matrices lie column by column
                var left = weights[i];
                for (var j = 0; j < i; j++)
                {
                    left -= column[j] * solved[j];
                }

                solved[i] = left / column[i];
                square += solved[i] * solved[i];
            }

            return Noise * Noise * square;
        }

        /// <summary>Draws effects: [n].</summary>
        /// <param name="random">Where chance comes from.</param>
        /// <param name="spread">What the noise is multiplied by, where it is drawn, too.</param>
        internal double[] Draw(Random random, double spread = 1)
        {
            var n = Mean.Length;
            var drawn = new double[n];
            for (var i = n - 1; i >= 0; i--)
            {
                drawn[i] += spread * Noise * Normal.Sample(random, 0, 1);
                var column = Root.Values.AsSpan(i * n, n); // matrices lie column by column
                drawn[i] /= column[i];
                for (var j = 0; j < i; j++)
                {
                    drawn[j] -= column[j] * drawn[i];
                }
            }

            return [.. drawn.Select((value, i) => Mean[i] + value)];
        }
    }
}
