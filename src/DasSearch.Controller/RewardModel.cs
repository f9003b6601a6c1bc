using MathNet.Numerics.Distributions;
using MathNet.Numerics.LinearAlgebra.Double;

namespace DasSearch.Controller;

/// <summary>Reward as a sum of what skipping each module adds, with an intercept for each round, under drift.</summary>
/// <remarks>
/// Bayesian linear regression with a normal prior: of advantages on indicators of what is skipped, less the round's mean, so
/// that each round's level drops out. The evidence of older rounds counts less by a factor for each round in between, since the
/// worth of modules moves while adapters are trained (exponential forgetting, as in Kulhavy and Zarrop, International J. of
/// Control 58, 1993). The noise is estimated from what is left over.
/// </remarks>
internal sealed class RewardModel
{
    /// <summary>What a round's evidence is still worth a round later: half after some 140 rounds.</summary>
    private const double Memory = 0.995;

    // The prior of an effect has the noise's own variance: worth one observation.
    private const double Prior = 1;

    // Rewards without any noise leave nothing over; the effects' scale then is enough.
    private const double LeastNoise = 1e-12;

    private readonly int _modules;
    private readonly double[,] _products; // Σ x xᵀ
    private readonly double[] _sums; // Σ x y
    private double _squares; // Σ y²
    private double _freedom; // comparisons: evaluations less rounds

    internal RewardModel(int modules)
    {
        _modules = modules;
        _products = new double[modules, modules];
        _sums = new double[modules];
    }

    /// <summary>How many comparisons it knows, evaluations less rounds; older ones count for less.</summary>
    internal double Comparisons => _freedom;

    /// <summary>Learns from a round.</summary>
    internal void Learn(IReadOnlyList<Advantage> round)
    {
        Forget();
        if (round.Count < 2)
        {
            return;
        }

        var means = Enumerable.Range(0, _modules).Select(i => (double)round.Count(entry => entry.Subnetwork.Contains(i)) / round.Count).ToArray();
        foreach (var entry in round)
        {
            var x = means.Select((mean, i) => (entry.Subnetwork.Contains(i) ? 1 : 0) - mean).ToArray();
            for (var i = 0; i < _modules; i++)
            {
                _sums[i] += x[i] * entry.Value;
                for (var j = 0; j < _modules; j++)
                {
                    _products[i, j] += x[i] * x[j];
                }
            }

            _squares += entry.Value * entry.Value;
        }

        _freedom += round.Count - 1;
    }

    /// <summary>What is known of the effects by now; at least one module.</summary>
    internal Posterior Now()
    {
        var precision = DenseMatrix.OfArray(_products) + DenseMatrix.CreateDiagonal(_modules, _modules, Prior);
        var factor = precision.Cholesky();
        var mean = factor.Solve(DenseVector.OfArray(_sums));
        var left = Math.Max(_squares - mean.DotProduct(DenseVector.OfArray(_sums)), 0);
        var noise = _freedom > 0 ? Math.Sqrt((left + LeastNoise) / _freedom) : 1;
        return new Posterior(mean.ToArray(), (DenseMatrix)factor.Factor.Transpose(), noise);
    }

    /// <summary>All of it as numbers.</summary>
    internal IReadOnlyList<double> Save() => [.. _products.Cast<double>(), .. _sums, _squares, _freedom];

    /// <summary>Puts numbers back.</summary>
    /// <exception cref="ArgumentException">There are more or fewer.</exception>
    internal void Load(IReadOnlyList<double> numbers)
    {
        var expected = (_modules * _modules) + _modules + 2;
        if (numbers.Count != expected)
        {
            throw new ArgumentException($"Expected {expected} numbers of a reward model, got {numbers.Count}.", nameof(numbers));
        }

        for (var k = 0; k < _modules * _modules; k++)
        {
            _products[k / _modules, k % _modules] = numbers[k];
        }

        for (var i = 0; i < _modules; i++)
        {
            _sums[i] = numbers[(_modules * _modules) + i];
        }

        (_squares, _freedom) = (numbers[^2], numbers[^1]);
    }

    private void Forget()
    {
        for (var i = 0; i < _modules; i++)
        {
            _sums[i] *= Memory;
            for (var j = 0; j < _modules; j++)
            {
                _products[i, j] *= Memory;
            }
        }

        _squares *= Memory;
        _freedom *= Memory;
    }

    /// <summary>A normal distribution of the effects.</summary>
    /// <param name="Mean">Their means, [n].</param>
    /// <param name="Root">Upper triangular U of the precision UᵀU, in units of the noise.</param>
    /// <param name="Noise">The noise's standard deviation.</param>
    internal sealed record Posterior(double[] Mean, DenseMatrix Root, double Noise)
    {
        /// <summary>Draws effects: [n].</summary>
        /// <param name="random">Where chance comes from.</param>
        /// <param name="spread">What the noise is multiplied by, where it is drawn, too.</param>
        internal double[] Draw(Random random, double spread = 1)
        {
            var n = Mean.Length;
            var drawn = new double[n];
            for (var i = n - 1; i >= 0; i--)
            {
                var value = spread * Noise * Normal.Sample(random, 0, 1);
                for (var j = i + 1; j < n; j++)
                {
                    value -= Root[i, j] * drawn[j];
                }

                drawn[i] = value / Root[i, i];
            }

            return [.. drawn.Select((value, i) => Mean[i] + value)];
        }
    }
}
