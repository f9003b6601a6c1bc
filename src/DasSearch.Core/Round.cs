namespace DasSearch.Core;

/// <summary>One round of a search: the proposals with their scores, and what the controller made of them.</summary>
public sealed record Round
{
    /// <summary>Keeps a round.</summary>
    /// <param name="number">Counts the run's rounds, from 0.</param>
    /// <param name="step">Training batches seen before it, at least 0.</param>
    /// <param name="epoch">The training epoch it falls into, from 0.</param>
    /// <param name="evaluations">The proposals as they were scored, in the order proposed; at least one, all of one backbone.</param>
    /// <param name="after">The controller's state once it has learnt from them.</param>
    /// <param name="milliseconds">Wall-clock time of the round, without the training before it; finite, at least 0.</param>
    /// <exception cref="ArgumentException">An argument is out of its range, or the module counts differ.</exception>
    public Round(int number, long step, int epoch, IReadOnlyList<Evaluation> evaluations, ControllerState after, double milliseconds)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        ArgumentNullException.ThrowIfNull(evaluations);
        ArgumentNullException.ThrowIfNull(after);
        ArgumentOutOfRangeException.ThrowIfNegative(milliseconds);
        if (!double.IsFinite(milliseconds))
        {
            throw new ArgumentOutOfRangeException(nameof(milliseconds), milliseconds, "A duration is finite.");
        }

        if (evaluations.Count == 0)
        {
            throw new ArgumentException($"Round {number} has no evaluation.", nameof(evaluations));
        }

        if (evaluations.FirstOrDefault(evaluation => evaluation.Subnetwork.Modules != after.Modules) is { } other)
        {
            throw new ArgumentException(
                $"Round {number} scores a subnetwork of {other.Subnetwork.Modules} modules, but the controller knows {after.Modules}.",
                nameof(evaluations));
        }

        Number = number;
        Step = step;
        Epoch = epoch;
        Evaluations = [.. evaluations];
        After = after;
        Milliseconds = milliseconds;
    }

    /// <summary>Counts the run's rounds, from 0.</summary>
    public int Number { get; }

    /// <summary>Training batches seen before it.</summary>
    public long Step { get; }

    /// <summary>The training epoch it falls into, from 0.</summary>
    public int Epoch { get; }

    /// <summary>The proposals as they were scored, in the order proposed.</summary>
    public IReadOnlyList<Evaluation> Evaluations { get; }

    /// <summary>The controller's state once it has learnt from them.</summary>
    public ControllerState After { get; }

    /// <summary>Wall-clock time of the round, without the training before it.</summary>
    public double Milliseconds { get; }
}
