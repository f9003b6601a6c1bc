using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace DasSearch.Reporter.Importance;

/// <summary>Least squares of reward on the skip indicators, with an intercept for each round, and errors robust to rounds.</summary>
/// <remarks>
/// <para>With m of n modules skipped throughout, the indicators of every evaluation add up to m: all effects can be shifted
/// together and nothing changes. Differences of effects are what rewards tell; contrasts, whose weights add up to 0, are
/// what can be asked for.</para>
/// <para>Standard errors are the bias-reduced cluster-robust ones, CR2, of Bell and McCaffrey (Survey Methodology 28, 2002)
/// with their Satterthwaite degrees of freedom, in the form of Pustejovsky and Tipton (J. Business and Economic Statistics
/// 36, 2018, section 2, whose theorem 2 allows for intercepts that are taken out); a block of rounds is a cluster. They
/// hold whatever the noise's variance is from round to round or subnetwork to subnetwork, and where effects move as the
/// adapters train. Liang and Zeger (Biometrika 73, 1986) is where such errors come from.</para>
/// <para>Everything is computed in coordinates in which XᵀX is the identity: P = (XᵀX)⁺ = LLᵀ, and a contrast c becomes Lᵀc.</para>
/// </remarks>
internal sealed class RoundRegression
{
    // Relative to the largest eigenvalue of XᵀX: below, modules have not been told apart.
    private const double Rounding = 1e-9;

    // A leverage so close to 1 means that one block alone decides.
    private const double Alone = 1e-8;

    // Coordinates of unit vectors: so close means equal.
    private const double Equal = 1e-6;

    // Below, a t distribution has no variance, and its intervals tell nothing.
    private const double LeastFreedom = 2;

    private readonly Matrix<double> _root; // L, [n, rank]
    private readonly List<Part> _parts = [];

    private RoundRegression(IReadOnlyList<RoundBlock> blocks, int modules, Evd<double> indicators, List<int> told)
    {
        var roots = told.Select(k => indicators.EigenVectors.Column(k) / Math.Sqrt(indicators.EigenValues[k].Real));
        _root = DenseMatrix.OfColumnVectors([.. roots]);
        var rewards = new double[modules];
        foreach (var block in blocks)
        {
            RowMath.Add(block.Rewards, rewards);
            Comparisons += block.Comparisons;
        }

        var whitened = _root.TransposeThisAndMultiply(DenseVector.OfArray(rewards));
        Effects = _root * whitened;
        var indifferent = Enumerable.Range(0, modules).Except(told).Select(k => indicators.EigenVectors.Column(k)).ToList();
        foreach (var block in blocks)
        {
            var (rows, its) = block.Compress();
            if (rows.Count > 0)
            {
                _parts.Add(PartOf(DenseMatrix.OfRowArrays(rows) * _root, DenseVector.OfEnumerable(its), whitened, indifferent));
            }
        }

        Compared = LargestClass(indifferent, modules);
    }

    /// <summary>Effects of skipping on reward, [n]: one solution of many, of which contrasts alone mean something.</summary>
    internal Vector<double> Effects { get; }

    /// <summary>The modules whose differences would be known without any one block: the largest class of them, ascending.</summary>
    internal IReadOnlyList<int> Compared { get; }

    /// <summary>Evaluations less rounds.</summary>
    internal long Comparisons { get; }

    /// <summary>How many effects are fitted.</summary>
    internal int Rank => _root.ColumnCount;

    /// <summary>P = (XᵀX)⁺, [n, n].</summary>
    internal Matrix<double> Inverse => _root.TransposeAndMultiply(_root);

    /// <summary>Fits; null where no two modules can be told apart.</summary>
    internal static RoundRegression? Fit(IReadOnlyList<RoundBlock> blocks, int modules)
    {
        if (blocks.Count == 0 || modules == 0)
        {
            return null;
        }

        var sum = new double[modules * modules];
        foreach (var block in blocks)
        {
            RowMath.Add(block.Indicators, sum);
        }

        var indicators = new DenseMatrix(modules, modules, sum).Evd(Symmetricity.Symmetric);
        var least = Rounding * indicators.EigenValues.Max(value => value.Real);
        var told = Enumerable.Range(0, modules).Where(k => indicators.EigenValues[k].Real > Math.Max(least, 0)).ToList();
        return told.Count > 0 ? new RoundRegression(blocks, modules, indicators, told) : null;
    }

    /// <summary>A contrast of effects with its error; null where the evidence is not enough for one.</summary>
    /// <param name="weights">[n], adding up to 0, and 0 but for <see cref="Compared"/>.</param>
    internal Estimate? Contrast(Vector<double> weights, double confidence)
    {
        var contrast = Whiten(weights);
        var (variance, trace, square) = (0.0, 0.0, 0.0);
        var spread = new DenseMatrix(Rank, _parts.Count);
        for (var k = 0; k < _parts.Count; k++)
        {
            var own = _parts[k].Adjusted * contrast;
            var shared = _parts[k].Rows.TransposeThisAndMultiply(own);
            var (ownSquare, sharedSquare) = (own * own, shared * shared);
            variance += Math.Pow(_parts[k].Score * contrast, 2);
            trace += ownSquare - sharedSquare;
            square += ownSquare * (ownSquare - (2 * sharedSquare));
            spread.SetColumn(k, shared);
        }

        // The variance estimate is a quadratic form; for equal and independent noise its matrix has this trace and square.
        square += spread.TransposeAndMultiply(spread).Enumerate().Sum(value => value * value);
        var freedom = trace * trace / square;
        return freedom > LeastFreedom
            ? Estimate.OfStudent(weights * Effects, Math.Sqrt(variance), freedom, confidence)
            : null;
    }

    /// <summary>A contrast in coordinates in which estimates have equal, independent errors where the noise has: [rank].</summary>
    internal Vector<double> Whiten(Vector<double> weights) => _root.TransposeThisAndMultiply(weights);

    /// <summary>Adjusts a block's residuals to have the variance of noise; directions that it alone decides are noted.</summary>
    private Part PartOf(Matrix<double> rows, Vector<double> rewards, Vector<double> whitened, List<Vector<double>> indifferent)
    {
        var identity = DenseMatrix.CreateIdentity(rows.RowCount);
        var leverage = (identity - rows.TransposeAndMultiply(rows)).Evd(Symmetricity.Symmetric);
        var scale = new double[rows.RowCount];
        for (var k = 0; k < scale.Length; k++)
        {
            var left = leverage.EigenValues[k].Real;
            scale[k] = left > Alone ? 1 / Math.Sqrt(left) : 0;
            if (left <= Alone)
            {
                indifferent.Add((_root * rows.TransposeThisAndMultiply(leverage.EigenVectors.Column(k))).Normalize(2));
            }
        }

        var vectors = leverage.EigenVectors;
        var adjusted = vectors * DenseMatrix.OfDiagonalArray(scale) * vectors.TransposeThisAndMultiply(rows);
        return new Part(rows, adjusted, adjusted.TransposeThisAndMultiply(rewards - (rows * whitened)));
    }

    /// <summary>Two modules' difference is known where no indifferent direction changes it, which makes classes of modules.</summary>
    private static List<int> LargestClass(List<Vector<double>> indifferent, int modules)
    {
        var classes = new List<List<int>>();
        for (var i = 0; i < modules; i++)
        {
            var its = classes.Find(members => indifferent.TrueForAll(direction => Math.Abs(direction[members[0]] - direction[i]) < Equal));
            if (its is null)
            {
                classes.Add(its = []);
            }

            its.Add(i);
        }

        var largest = classes.MaxBy(members => members.Count)!;
        return largest.Count > 1 ? largest : [];
    }

    /// <summary>A block in whitened coordinates.</summary>
    /// <param name="Rows">N = RL, [rows, rank].</param>
    /// <param name="Adjusted">(I − NNᵀ)^(−1/2) N, [rows, rank].</param>
    /// <param name="Score">The same, transposed, by the residuals: [rank].</param>
    private sealed record Part(Matrix<double> Rows, Matrix<double> Adjusted, Vector<double> Score);
}
