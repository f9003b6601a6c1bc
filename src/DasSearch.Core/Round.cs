using DasSearch.Core.Spaces;

namespace DasSearch.Core;

/// <summary>One round of a search: the proposals with their scores, and what the controller made of them.</summary>
public sealed record Round
{
    /// <exception cref="ArgumentException">A number is negative or no number, there is no evaluation, or the module counts differ.</exception>
    public Round(
        int number, long step, int epoch, IReadOnlyList<Evaluation> evaluations, ControllerState after, double milliseconds, Subnetwork? recommended = null)
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

        if (evaluations.Select(evaluation => evaluation.Subnetwork).Append(recommended).FirstOrDefault(set => set is not null && set.Modules != after.Modules) is { } other)
        {
            throw new ArgumentException(
                $"Round {number} has a subnetwork of {other.Modules} modules, but the controller knows {after.Modules}.", nameof(evaluations));
        }

        (Number, Step, Epoch, Evaluations, After, Milliseconds, Recommended) = (number, step, epoch, [.. evaluations], after, milliseconds, recommended);
    }

    /// <summary>Counts the run's rounds, from 0.</summary>
    public int Number { get; }

    /// <summary>Training batches seen before it.</summary>
    public long Step { get; }

    /// <summary>The training epoch it falls into, from 0.</summary>
    public int Epoch { get; }

    /// <summary>The proposals as they were scored, in the order proposed; at least one.</summary>
    public IReadOnlyList<Evaluation> Evaluations { get; }

    /// <summary>The controller's state once it has learnt from them.</summary>
    public ControllerState After { get; }

    /// <summary>Wall-clock time of the round, without the training before it.</summary>
    public double Milliseconds { get; }

    /// <summary>What the controller would then choose; null in rounds that were recorded before das kept that.</summary>
    public Subnetwork? Recommended { get; }

    /// <summary>The search's choice after the round: what was recommended, or where that was not kept the largest gates of its space.</summary>
    public Subnetwork ChoiceIn(SkipSpace space)
    {
        ArgumentNullException.ThrowIfNull(space);
        return Recommended ?? space.Best(After.Gates);
    }
}
