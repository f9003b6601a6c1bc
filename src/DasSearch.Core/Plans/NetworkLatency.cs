namespace DasSearch.Core.Plans;

/// <summary>How long a batch takes in a run's networks, measured side by side on one machine.</summary>
/// <remarks>What skipping saves is taken to add up, as it does where modules run one after the other.</remarks>
public sealed record NetworkLatency
{
    /// <summary>What das before schema 6 stored: medians, and nothing of how sure they are.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public NetworkLatency(int batch, double fullMilliseconds, double keptMilliseconds, IReadOnlyList<double> savedMilliseconds)
    {
        ArgumentNullException.ThrowIfNull(savedMilliseconds);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batch);
        Batch = batch;
        FullMilliseconds = Positive(fullMilliseconds, nameof(fullMilliseconds));
        KeptMilliseconds = Positive(keptMilliseconds, nameof(keptMilliseconds));
        SavedMilliseconds = savedMilliseconds.All(double.IsFinite)
            ? [.. savedMilliseconds]
            : throw new ArgumentOutOfRangeException(nameof(savedMilliseconds), "What is saved is finite.");
    }

    /// <summary>What turns of measurement come to: their medians.</summary>
    /// <param name="batch">Samples of the batch.</param>
    /// <param name="turns">The turns, at least one, all of as many modules.</param>
    /// <exception cref="ArgumentException">There are none, or they differ in their modules.</exception>
    public NetworkLatency(int batch, IReadOnlyList<LatencyTurn> turns)
        : this(batch, Median(turns, turn => turn.FullMilliseconds), Median(turns, turn => turn.KeptMilliseconds), Saved(turns)) => Turns = [.. turns];

    /// <summary>Samples of the batch.</summary>
    public int Batch { get; }

    /// <summary>The backbone as it is, without adapters.</summary>
    public double FullMilliseconds { get; }

    /// <summary>With its adapters, and nothing skipped.</summary>
    public double KeptMilliseconds { get; }

    /// <summary>How much less it is when a module is skipped, for each in order; below 0 where skipping takes longer.</summary>
    public IReadOnlyList<double> SavedMilliseconds { get; }

    /// <summary>Every turn of the measurement; none where das before schema 6 measured it.</summary>
    public IReadOnlyList<LatencyTurn> Turns { get; } = [];

    /// <summary>Where what skipping a module saves lies with a confidence of 95 %, in milliseconds; null where the turns are too few to say.</summary>
    /// <param name="module">The module's index.</param>
    public MedianInterval? SavedInterval(int module) => MedianInterval.Of([.. Turns.Select(turn => turn.KeptMilliseconds - turn.WithoutMilliseconds[module])]);

    /// <summary>What a network without some modules should take.</summary>
    /// <exception cref="ArgumentException">The subnetwork is of another number of modules.</exception>
    public PlanLatency Of(Subnetwork skipped)
    {
        ArgumentNullException.ThrowIfNull(skipped);
        if (skipped.Modules != SavedMilliseconds.Count)
        {
            throw new ArgumentException($"The subnetwork is one of {skipped.Modules} modules, latencies are of {SavedMilliseconds.Count}.", nameof(skipped));
        }

        // Within a turn, what disturbs one network disturbs the others, too: so it is added up turn by turn.
        var change = LatencyChange.Of([.. Turns.Select(turn =>
            (turn.KeptMilliseconds - skipped.Skipped.Sum(module => turn.KeptMilliseconds - turn.WithoutMilliseconds[module])) / turn.FullMilliseconds)]);
        var expected = change is null
            ? KeptMilliseconds - skipped.Skipped.Sum(module => SavedMilliseconds[module])
            : FullMilliseconds * (1 + (change.Percent / 100));
        return new PlanLatency(Batch, FullMilliseconds, expected, change);
    }

    private static double Median(IReadOnlyList<LatencyTurn> turns, Func<LatencyTurn, double> of) => turns is { Count: > 0 }
        ? MedianInterval.MedianOf([.. turns.Select(of)])
        : throw new ArgumentException("A measurement has turns.", nameof(turns));

    private static double[] Saved(IReadOnlyList<LatencyTurn> turns) => turns.All(turn => turn.WithoutMilliseconds.Count == turns[0].WithoutMilliseconds.Count)
        ? [.. turns[0].WithoutMilliseconds.Select((_, module) => MedianInterval.MedianOf([.. turns.Select(turn => turn.KeptMilliseconds - turn.WithoutMilliseconds[module])]))]
        : throw new ArgumentException("All turns are of the same modules.", nameof(turns));

    private static double Positive(double value, string name) =>
        double.IsFinite(value) && value > 0 ? value : throw new ArgumentOutOfRangeException(name, value, "A latency is positive.");
}

/// <summary>One turn of a measurement: each network runs the same batch once.</summary>
/// <param name="FullMilliseconds">The backbone as it is.</param>
/// <param name="KeptMilliseconds">With its adapters, and nothing skipped.</param>
/// <param name="WithoutMilliseconds">Without each of the modules, in order.</param>
public sealed record LatencyTurn(float FullMilliseconds, float KeptMilliseconds, IReadOnlyList<float> WithoutMilliseconds);

/// <summary>How long one batch takes, measured side by side.</summary>
/// <param name="Batch">Samples of the batch.</param>
/// <param name="FullMilliseconds">The full model.</param>
/// <param name="PlanMilliseconds">The planned network.</param>
/// <param name="Change">The change, and how sure it is; null where too few pairs, or das before schema 6, measured it.</param>
public sealed record PlanLatency(int Batch, double FullMilliseconds, double PlanMilliseconds, LatencyChange? Change = null)
{
    /// <summary>How much longer the planned network takes, in percent of the full model; below 0 where it is faster.</summary>
    public double ChangePercent => Change?.Percent ?? (100 * ((PlanMilliseconds / FullMilliseconds) - 1));
}

/// <summary>How much longer one network takes than another, in percent: the median of paired ratios, and where it lies with a confidence of 95 %.</summary>
/// <remarks>
/// The interval covers what scatters from pair to pair within a measurement. It knows nothing of other machines, batch sizes and numbers of threads,
/// nor of what stays the same for as long as a process lives.
/// </remarks>
/// <param name="Percent">The median; below 0 where it takes less.</param>
/// <param name="LowerPercent">The interval's lower end.</param>
/// <param name="UpperPercent">Its upper end.</param>
/// <param name="Pairs">How many pairs were measured.</param>
public sealed record LatencyChange(double Percent, double LowerPercent, double UpperPercent, int Pairs)
{
    /// <summary>How far the ends of an interval may be apart that is narrow enough to go by, in percentage points.</summary>
    public const double Narrow = 4;

    /// <summary>Whether it is narrow enough to go by.</summary>
    public bool IsNarrow => UpperPercent - LowerPercent <= Narrow;

    /// <summary>Of the ratios of pairs; null where they are too few to say.</summary>
    public static LatencyChange? Of(IReadOnlyList<double> ratios) => MedianInterval.Of(ratios) is { } interval
        ? new LatencyChange(100 * (interval.Median - 1), 100 * (interval.Lower - 1), 100 * (interval.Upper - 1), ratios.Count)
        : null;

    /// <summary>Of several measurements of one plan: their mean, and an interval that covers each of theirs, since they differ by more than each can know; null for none.</summary>
    public static LatencyChange? Together(IReadOnlyList<LatencyChange> measured) => measured is { Count: > 0 }
        ? new LatencyChange(
            measured.Average(one => one.Percent), measured.Min(one => one.LowerPercent), measured.Max(one => one.UpperPercent), measured.Sum(one => one.Pairs))
        : null;
}

/// <summary>A median, and where that of the distribution lies with a confidence of 95 %.</summary>
/// <remarks>
/// The interval's ends are order statistics: the k-th smallest and the k-th largest value, with the largest k for which a fair coin
/// falls fewer than k times in n on one side with a probability of at most 2.5 %. That holds whatever the distribution is, as long as values are
/// independent (David and Nagaraja, Order Statistics, section 7.1).
/// </remarks>
public readonly record struct MedianInterval(double Median, double Lower, double Upper)
{
    private const double Tail = 0.025;

    /// <summary>The fewest values that have one.</summary>
    public const int Fewest = 6;

    /// <summary>Of some values; null for fewer than <see cref="Fewest"/>.</summary>
    public static MedianInterval? Of(IReadOnlyList<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count < Fewest)
        {
            return null;
        }

        var (sorted, rank) = (values.Order().ToArray(), Rank(values.Count));
        return new MedianInterval(MiddleOf(sorted), sorted[rank - 1], sorted[^rank]);
    }

    /// <summary>The median of some values, at least one.</summary>
    public static double MedianOf(IReadOnlyList<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return MiddleOf([.. values.Order()]);
    }

    private static int Rank(int count)
    {
        if (count > 1000)
        {
            return (int)((count - (1.96 * Math.Sqrt(count))) / 2); // where the powers below would be 0
        }

        var (rank, below, term) = (0, 0.0, Math.Pow(0.5, count)); // term is the chance of exactly so many heads as rank says
        while (below + term <= Tail)
        {
            (below, term) = (below + term, term * (count - rank) / (rank + 1));
            rank++;
        }

        return rank;
    }

    private static double MiddleOf(double[] sorted) => (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
}
