namespace DasSearch.Core;

/// <summary>The final choice: which modules the gates say to skip.</summary>
public static class TopGates
{
    /// <summary>The modules with the largest gates; among equal gates the larger index goes first.</summary>
    /// <remarks>
    /// DAS (arXiv:2309.01479) takes the last m of an ascending sort, whose order among equals the official code leaves
    /// open; the larger index is what a stable ascending sort gives.
    /// </remarks>
    /// <param name="gates">A gate for each module; no NaN.</param>
    /// <param name="count">How many modules to skip, from 0 to their number.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is out of range.</exception>
    /// <exception cref="ArgumentException">A gate is NaN.</exception>
    public static Subnetwork Choose(IReadOnlyList<double> gates, int count)
    {
        ArgumentNullException.ThrowIfNull(gates);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, gates.Count);
        if (gates.Any(double.IsNaN))
        {
            throw new ArgumentException($"The gate of module {gates.ToList().FindIndex(double.IsNaN)} is NaN.", nameof(gates));
        }

        var order = new int[gates.Count];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        Array.Sort(order, (one, other) => gates[other].CompareTo(gates[one]) is not 0 and var byGate ? byGate : other.CompareTo(one));
        return new Subnetwork(gates.Count, order.Take(count));
    }
}
