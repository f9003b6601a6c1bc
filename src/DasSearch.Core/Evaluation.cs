namespace DasSearch.Core;

/// <summary>One subnetwork scored by fast validation, or the failure to score it.</summary>
public sealed record Evaluation
{
    private Evaluation(Subnetwork subnetwork, EvaluationOutcome outcome, double milliseconds, ValidationMode mode, string batch)
    {
        ArgumentNullException.ThrowIfNull(subnetwork);
        ArgumentOutOfRangeException.ThrowIfNegative(milliseconds);
        if (!double.IsFinite(milliseconds))
        {
            throw new ArgumentOutOfRangeException(nameof(milliseconds), milliseconds, "A duration is finite.");
        }

        ArgumentException.ThrowIfNullOrWhiteSpace(batch);
        _ = EnumNames.NameOf(mode);
        (Subnetwork, Outcome, Milliseconds, Mode, Batch) = (subnetwork, outcome, milliseconds, mode, batch);
    }

    /// <summary>What was scored.</summary>
    public Subnetwork Subnetwork { get; }

    /// <summary>How it ended.</summary>
    public EvaluationOutcome Outcome { get; }

    /// <summary>The sum of the task's losses on the batch; null unless <see cref="EvaluationOutcome.Scored"/>.</summary>
    public double? Loss { get; private init; }

    /// <summary>exp(−loss), finite and at least 0; null unless <see cref="EvaluationOutcome.Scored"/>.</summary>
    public double? Reward { get; private init; }

    /// <summary>Wall-clock time that it took; finite, at least 0.</summary>
    public double Milliseconds { get; }

    /// <summary>How the network stood.</summary>
    public ValidationMode Mode { get; }

    /// <summary>Which batch it was scored on, in words of whoever drew it, such as <c>val:0</c>; not empty.</summary>
    public string Batch { get; }

    /// <summary>What went wrong, in a sentence; null where nothing did.</summary>
    public string? Problem { get; private init; }

    /// <summary>
    /// What the evaluation counts for when a controller learns and when rewards are averaged: its reward, 0 where it
    /// diverged or failed, null where it was cancelled.
    /// </summary>
    public double? Credit => Outcome switch
    {
        EvaluationOutcome.Scored => Reward,
        EvaluationOutcome.Cancelled => null,
        _ => 0,
    };

    /// <summary>An evaluation that ended with a loss: scored if loss and reward are finite, else diverged.</summary>
    /// <remarks>
    /// The reward is exp(−loss), as in DAS (arXiv:2309.01479). With a loss above 745 it is 0: such losses cannot be told
    /// apart, as in the official code.
    /// </remarks>
    /// <exception cref="ArgumentException">An argument is out of its range.</exception>
    public static Evaluation OfLoss(Subnetwork subnetwork, double loss, double milliseconds, ValidationMode mode, string batch)
    {
        var reward = Math.Exp(-loss);
        return double.IsFinite(loss) && double.IsFinite(reward)
            ? Scored(subnetwork, loss, reward, milliseconds, mode, batch)
            : new Evaluation(subnetwork, EvaluationOutcome.Diverged, milliseconds, mode, batch) { Problem = $"the loss is {loss}" };
    }

    /// <summary>A scored evaluation whose reward is known, as read back from where it was kept.</summary>
    /// <exception cref="ArgumentException">An argument is out of its range.</exception>
    public static Evaluation Scored(
        Subnetwork subnetwork, double loss, double reward, double milliseconds, ValidationMode mode, string batch)
    {
        if (!double.IsFinite(loss))
        {
            throw new ArgumentOutOfRangeException(nameof(loss), loss, "The loss of a scored evaluation is finite.");
        }

        if (!double.IsFinite(reward) || reward < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(reward), reward, "The reward of a scored evaluation is finite and at least 0.");
        }

        return new Evaluation(subnetwork, EvaluationOutcome.Scored, milliseconds, mode, batch) { Loss = loss, Reward = reward };
    }

    /// <summary>An evaluation without a score.</summary>
    /// <param name="outcome">Any but <see cref="EvaluationOutcome.Scored"/>.</param>
    /// <exception cref="ArgumentException">An argument is out of its range.</exception>
    public static Evaluation Unscored(
        Subnetwork subnetwork, EvaluationOutcome outcome, double milliseconds, ValidationMode mode, string batch, string? problem)
    {
        _ = EnumNames.NameOf(outcome);
        if (outcome == EvaluationOutcome.Scored)
        {
            throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "A scored evaluation has a loss.");
        }

        return new Evaluation(subnetwork, outcome, milliseconds, mode, batch) { Problem = problem };
    }
}

/// <summary>How the scoring of a subnetwork ended.</summary>
public enum EvaluationOutcome
{
    /// <summary>With a finite loss and reward.</summary>
    Scored,

    /// <summary>With a loss or reward that is infinite or no number; it counts as reward 0.</summary>
    Diverged,

    /// <summary>With an error; it counts as reward 0.</summary>
    Failed,

    /// <summary>Not at all, because the run was stopped; it counts for nothing.</summary>
    Cancelled,
}

/// <summary>How the network stands while a subnetwork is scored; rewards of different modes are not comparable.</summary>
public enum ValidationMode
{
    /// <summary>Evaluation mode: no dropout.</summary>
    Eval,

    /// <summary>Training mode: dropout stays on, as in the official code for ViLT and METER.</summary>
    Train,
}

/// <summary>What frozen weights and fast validation compute in; what is trained is float32 always.</summary>
/// <remarks>Rewards of different precisions are not the same, bit for bit: it is stored with each.</remarks>
#pragma warning disable CA1720 // They are names of types.
public enum Precision
{
    Float32,

    BFloat16,
}
#pragma warning restore CA1720
