namespace DasSearch.Core.Spaces;

/// <summary>How much a subnetwork skips: so many modules, or just enough of them to save so much.</summary>
/// <remarks>
/// Just enough: without any one of its skipped modules it would save too little. No such subnetwork is part of another, as none of a
/// number of modules is.
/// </remarks>
public sealed record SkipTarget
{
    private SkipTarget(int? count, long needed, IReadOnlyList<long>? savings) => (Count, Needed, Savings) = (count, needed, savings);

    /// <summary>How many modules; null where it goes by savings.</summary>
    public int? Count { get; }

    /// <summary>How much is to be saved.</summary>
    public long Needed { get; }

    /// <summary>What each skipped module saves; null where it goes by number.</summary>
    public IReadOnlyList<long>? Savings { get; }

    /// <summary>So many modules.</summary>
    /// <param name="count">At least 0.</param>
    public static SkipTarget Modules(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return new SkipTarget(count, 0, null);
    }

    /// <summary>Just enough modules.</summary>
    /// <param name="needed">How much they save together at least; positive.</param>
    /// <param name="savings">What each saves; one that saves nothing is never skipped.</param>
    public static SkipTarget Saving(long needed, IReadOnlyList<long> savings)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(needed);
        ArgumentNullException.ThrowIfNull(savings);
        return new SkipTarget(null, needed, [.. savings]);
    }
}
