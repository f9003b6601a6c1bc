namespace DasSearch.Core;

/// <summary>One number of a training curve or of a final evaluation.</summary>
public sealed record Metric
{
    /// <summary>Keeps a number.</summary>
    /// <param name="name">What it is, such as <c>train.loss</c> or <c>test.accuracy</c>; not empty.</param>
    /// <param name="step">Training batches seen before it, at least 0.</param>
    /// <param name="value">The number; an infinite one or NaN is kept as null, since a database has no such numbers.</param>
    /// <exception cref="ArgumentException">An argument is out of its range.</exception>
    public Metric(string name, long step, double? value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        Name = name;
        Step = step;
        Value = value is { } number && double.IsFinite(number) ? number : null;
    }

    /// <summary>What it is.</summary>
    public string Name { get; }

    /// <summary>Training batches seen before it.</summary>
    public long Step { get; }

    /// <summary>The number; null where it was not finite.</summary>
    public double? Value { get; }
}
