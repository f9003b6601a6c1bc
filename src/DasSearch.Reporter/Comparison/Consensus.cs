using DasSearch.Core;
using DasSearch.Reporter.Importance;
using MathNet.Numerics.LinearAlgebra.Double;

namespace DasSearch.Reporter.Comparison;

/// <summary>What runs of one search with several seeds say together.</summary>
/// <remarks>
/// <para>A module's importance is averaged by inverse variance, the variance being that of the estimate and one between
/// runs, which other seeds and adapters cause. That one is estimated by the method of moments (DerSimonian and Laird,
/// Controlled Clinical Trials 7, 1986), and by all modules together: a single module has as many values as there are
/// seeds, which are few. Intervals are Student's with (runs − 1)(modules − 1) degrees of freedom.</para>
/// <para>Ranks could be averaged as well, but would forget how far apart modules are and how well each run knows.</para>
/// </remarks>
/// <param name="Runs">How many runs have a say: those whose evidence ranks all modules.</param>
/// <param name="Plan">The least important modules, as many as the runs skip.</param>
/// <param name="ProbabilityCorrect">How likely these are the ones, from 0 to 1.</param>
/// <param name="Margin">What lies between chosen and left out; null where all or none are chosen.</param>
/// <param name="BetweenRuns">Standard deviation of a module's true importance from run to run, in units of reward.</param>
/// <param name="Heterogeneity">The share of the runs' differences that noise within runs does not explain (I²), from 0 to 1.</param>
public sealed record Consensus(
    int Runs,
    IReadOnlyList<ConsensusLayer> Layers,
    Subnetwork Plan,
    double ProbabilityCorrect,
    ChoiceMargin? Margin,
    double BetweenRuns,
    double Heterogeneity)
{
    // Relative to the mean square of importance: smaller errors are raised to this.
    private const double LeastVariance = 1e-9;

    /// <summary>The confidence level of all intervals.</summary>
    internal double Confidence { get; private init; }

    /// <summary>The modules that may as well be skipped as kept.</summary>
    public IReadOnlyList<int> CoinTosses => [.. Layers.Where(layer => layer.IsCoinToss).Select(layer => layer.Module)];

    /// <summary>How important some modules are on average.</summary>
    /// <param name="modules">At least one, and not all.</param>
    public Estimate MeanImportance(IReadOnlyList<int> modules)
    {
        ArgumentNullException.ThrowIfNull(modules);
        var covariance = Covariance([.. Layers.Select(static layer => layer.Importance.StandardError)]);
        var variance = modules.Sum(i => modules.Sum(j => covariance[i, j])) / Math.Pow(modules.Count, 2);
        return Estimate.OfStudent(
            modules.Average(i => Layers[i].Importance.Value), Math.Sqrt(variance), Layers[0].Importance.DegreesOfFreedom, Confidence);
    }

    /// <summary>Makes a consensus; null where fewer than two runs rank all modules.</summary>
    /// <param name="runs">The runs' analyses, of one backbone and one confidence level.</param>
    /// <param name="plans">Each run's plan; null where it has none.</param>
    /// <param name="skip">How many modules to skip.</param>
    public static Consensus? Of(IReadOnlyList<ImportanceAnalysis> runs, IReadOnlyList<Subnetwork?> plans, int skip)
    {
        ArgumentNullException.ThrowIfNull(runs);
        ArgumentNullException.ThrowIfNull(plans);
        var told = runs.Where(run => run.CanRank).Select(run => run.Layers.Select(layer => layer.Importance!).ToList()).ToList();
        if (told.Count < 2)
        {
            return null;
        }

        var modules = told[0].Count;
        var least = LeastVariance * told.Average(run => run.Average(layer => layer.Value * layer.Value));
        var values = Enumerable.Range(0, modules)
            .Select(i => told.Select(run => (run[i].Value, Variance: Math.Max(Math.Pow(run[i].StandardError, 2), least))).ToList())
            .ToList();
        var (between, heterogeneity) = Between(values);
        var means = values.ConvertAll(module => Mean(module, between).Value);
        var errors = values.ConvertAll(module => Math.Sqrt(Mean(module, between).Variance));
        var (shift, freedom) = (means.Average(), (told.Count - 1) * (modules - 1));
        var pooled = means.Select((mean, i) => Estimate.OfStudent(mean - shift, errors[i], freedom, runs[0].Confidence)).ToList();

        var plan = TopGates.Choose([.. pooled.Select(layer => -layer.Value)], skip);
        var posterior = new RankPosterior(DenseVector.OfEnumerable(pooled.Select(layer => layer.Value)), Covariance(errors));
        var (amongLeast, right) = posterior.Judge(plan, SeededRandom.Derive(0, "consensus/ranks"));
        return new Consensus(
            told.Count,
            [.. pooled.Select((layer, i) => new ConsensusLayer(i, layer, amongLeast[i], plans.Count(its => its?.Contains(i) ?? false)))],
            plan,
            right,
            MarginOf(plan, pooled, freedom, runs[0].Confidence),
            Math.Sqrt(between),
            heterogeneity)
        {
            Confidence = runs[0].Confidence,
        };
    }

    /// <summary>The variance between runs that all modules share, and its share of the runs' differences.</summary>
    private static (double Variance, double Share) Between(List<List<(double Value, double Variance)>> values)
    {
        var (square, slope, freedom) = (0.0, 0.0, 0);
        foreach (var module in values)
        {
            var mean = Mean(module, between: 0).Value;
            var (weights, squares) = (module.Sum(run => 1 / run.Variance), module.Sum(run => 1 / (run.Variance * run.Variance)));
            square += module.Sum(run => Math.Pow(run.Value - mean, 2) / run.Variance);
            slope += weights - (squares / weights);
            freedom += module.Count - 1;
        }

        return square > freedom ? ((square - freedom) / slope, (square - freedom) / square) : (0, 0);
    }

    private static (double Value, double Variance) Mean(List<(double Value, double Variance)> runs, double between)
    {
        var weights = runs.Sum(run => 1 / (run.Variance + between));
        return (runs.Sum(run => run.Value / (run.Variance + between)) / weights, 1 / weights);
    }

    // Importances add up to 0, so that where all are equally well known each two of them correlate so.
    private static double Correlation(int modules) => -1.0 / (modules - 1);

    private static DenseMatrix Covariance(List<double> errors) =>
        DenseMatrix.Create(
            errors.Count, errors.Count, (i, j) => errors[i] * errors[j] * (i == j ? 1 : Correlation(errors.Count)));

    private static ChoiceMargin? MarginOf(Subnetwork plan, List<Estimate> pooled, int freedom, double confidence)
    {
        if (plan.Count == 0 || plan.Count == plan.Modules)
        {
            return null;
        }

        var last = plan.Skipped.MaxBy(i => pooled[i].Value);
        var first = Enumerable.Range(0, plan.Modules).Where(i => !plan.Contains(i)).MinBy(i => pooled[i].Value);
        var (one, other) = (pooled[last].StandardError, pooled[first].StandardError);
        var variance = (one * one) + (other * other) - (2 * Correlation(plan.Modules) * one * other);
        var difference = pooled[first].Value - pooled[last].Value;
        return new ChoiceMargin(last, first, Estimate.OfStudent(difference, Math.Sqrt(variance), freedom, confidence));
    }
}

/// <summary>What several runs together say about one module.</summary>
/// <param name="Importance">Its importance over runs, with what differs from run to run in its error.</param>
/// <param name="AmongLeast">How likely it is among the least important ones, from 0 to 1.</param>
/// <param name="Planned">How many of the runs' plans skip it.</param>
public sealed record ConsensusLayer(int Module, Estimate Importance, double AmongLeast, int Planned)
{
    /// <summary>Whether it may as well be skipped as kept, so far as these runs tell.</summary>
    public bool IsCoinToss => ChoiceConfidence.IsCoinToss(AmongLeast);
}
