using DasSearch.Core;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;

namespace DasSearch.Reporter.Importance;

/// <summary>Which modules are the least important ones, as a matter of probability.</summary>
/// <remarks>
/// <para>True importances are taken to be spread normally about their mean with a standard deviation τ of which nothing is known
/// beforehand, and estimates to be spread normally about the truth: the hierarchical model of Rubin (J. Educational
/// Statistics 6, 1981). What noise alone could have spread so far is drawn together accordingly, without which the
/// extremes of any list look surer than they are (Laird and Louis, J. Educational Statistics 14, 1989). Where nothing is
/// known, each of n modules is among the m least important with probability m/n.</para>
/// <para>τ has equal prior weight at each of <see cref="Steps"/> steps up to five times the estimates' spread or error, as Gelman
/// (Bayesian Analysis 1, 2006) advises for more than a few groups.</para>
/// </remarks>
internal sealed class RankPosterior
{
    private const int Draws = 10_000;
    private const int Steps = 200;
    private const double Reach = 5;

    // Of the estimates' variance: errors below count as so large.
    private const double LeastNoise = 1e-9;

    private readonly double[][] _axes; // [n, n − 1], orthonormal columns, each adding up to 0
    private readonly double[] _estimates; // along the axes
    private readonly double[] _noise; // their variances
    private readonly double[] _spreads; // τ², step by step
    private readonly double[] _chances; // that τ is at most there

    /// <summary>Prepares the draws.</summary>
    /// <param name="importance">Estimates, [n], not all equal where their errors are 0.</param>
    /// <param name="covariance">Their errors' covariance, [n, n].</param>
    internal RankPosterior(DenseVector importance, DenseMatrix covariance)
    {
        // Rankings do not depend on how all modules shift together: that direction is made the one of the largest eigenvalue, and left out.
        var n = importance.Count;
        var mean = DenseMatrix.Create(n, n, 1.0 / n);
        var centre = DenseMatrix.CreateIdentity(n) - mean;
        var spread = Math.Max((centre * importance).DotProduct(importance) / (n - 1), covariance.Trace() / n);
        var errors = ((centre * covariance * centre) + (mean * (spread + covariance.Trace()))).Evd(Symmetricity.Symmetric);
        var kept = Enumerable.Range(0, n).OrderBy(k => errors.EigenValues[k].Real).Take(n - 1).ToList();
        var axes = DenseMatrix.OfColumnVectors(kept.Select(errors.EigenVectors.Column));
        _axes = axes.ToRowArrays();
        _estimates = axes.TransposeThisAndMultiply(importance).ToArray();
        _noise = [.. kept.Select(k => Math.Max(errors.EigenValues[k].Real, LeastNoise * spread))];
        _spreads = [.. Enumerable.Range(0, Steps).Select(step => spread * Math.Pow(Reach * (step + 0.5) / Steps, 2))];
        _chances = Chances();
    }

    /// <summary>For each module how likely it is among the least important ones, and how likely these are the chosen ones.</summary>
    /// <param name="chosen">The chosen modules, as many as are asked for.</param>
    internal (IReadOnlyList<double> AmongLeast, double Right) Judge(Subnetwork chosen, SeededRandom random)
    {
        var n = _axes.Length;
        var (counts, right) = (new int[n], 0);
        var (along, drawn, order) = (new double[n - 1], new double[n], new int[n]);
        for (var draw = 0; draw < Draws; draw++)
        {
            Draw(along, random);
            for (var i = 0; i < n; i++)
            {
                drawn[i] = RowMath.Dot(_axes[i], along);
                order[i] = i;
            }

            Array.Sort(drawn, order);
            var found = 0;
            for (var i = 0; i < chosen.Count; i++)
            {
                counts[order[i]]++;
                found += chosen.Contains(order[i]) ? 1 : 0;
            }

            right += found == chosen.Count ? 1 : 0;
        }

        return ([.. counts.Select(count => (double)count / Draws)], (double)right / Draws);
    }

    private void Draw(double[] along, SeededRandom random)
    {
        var mark = random.NextDouble();
        var spread = _spreads[Array.FindIndex(_chances, chance => mark < chance)]; // the last chance is 1
        for (var k = 0; k < along.Length; k++)
        {
            var share = spread / (spread + _noise[k]);
            along[k] = (share * _estimates[k]) + (Math.Sqrt(share * _noise[k]) * Normal.Sample(random, 0, 1));
        }
    }

    private double[] Chances()
    {
        var logs = _spreads.Select(spread => -0.5 * _noise.Select((noise, k) =>
            Math.Log(spread + noise) + (_estimates[k] * _estimates[k] / (spread + noise))).Sum()).ToArray();
        var largest = logs.Max();
        var sum = 0.0;
        var sums = logs.Select(log => sum += Math.Exp(log - largest)).ToArray();
        return [.. sums.Select(partial => partial / sum)];
    }
}
