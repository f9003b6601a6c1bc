using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Core.Spaces;

namespace DasSearch.Controller;

/// <summary>Chooses which modules the next subnetworks skip, and learns from their rewards.</summary>
/// <remarks>
/// Not thread-safe: one instance serves one run. All randomness enters through arguments, so that the same state, the
/// same count and the same stream give the same proposals. A new one is a file and a line in <see cref="ControllerTable"/>.
/// </remarks>
public interface IController : IRecommender
{
    /// <summary>The fewest candidates of a round that it can learn from; two where it compares those of a round with each other, as all that come with das do.</summary>
    int LeastCandidates => 2;

    /// <summary>Draws distinct subnetworks.</summary>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="random">Where chance comes from; only it is changed.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="count"/> is below 1, or fewer distinct subnetworks exist.
    /// </exception>
    IReadOnlyList<Subnetwork> Propose(int count, Random random);

    /// <summary>Learns from one round, given whole and in the order in which it was proposed.</summary>
    /// <remarks>What an evaluation counts for is its <see cref="Evaluation.Credit"/>; cancelled ones are left out.</remarks>
    /// <exception cref="ArgumentException">An evaluation is of another number of modules.</exception>
    void Observe(IReadOnlyList<Evaluation> round);

    /// <summary>What it would choose now, of the space that it may propose from; changes nothing.</summary>
    Subnetwork Recommend();

    /// <summary>State that <see cref="Restore"/> turns into an identical controller; its gates are what a person may look at.</summary>
    ControllerState Snapshot();

    /// <summary>Resumes from a snapshot.</summary>
    /// <exception cref="ArgumentException">The state is another controller's, or of another number of modules.</exception>
    void Restore(ControllerState state);
}

/// <summary>What every controller is built from.</summary>
public sealed record ControllerSettings
{
    /// <exception cref="ArgumentException">There are no subnetworks, or the learning rate is out of its range.</exception>
    public ControllerSettings(SkipSpace space, double learningRate = 1.0)
    {
        ArgumentNullException.ThrowIfNull(space);
        if (space.Count == 0)
        {
            throw new ArgumentException("The space is empty.", nameof(space));
        }

        if (!(learningRate > 0 && double.IsFinite(learningRate)))
        {
            throw new ArgumentOutOfRangeException(nameof(learningRate), learningRate, "The learning rate is positive and finite.");
        }

        Space = space;
        LearningRate = learningRate;
    }

    /// <summary>Settings of a controller that may propose all subnetworks of a size.</summary>
    /// <param name="modules">n, at least 0.</param>
    /// <param name="skip">m, from 0 to n.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public ControllerSettings(int modules, int skip, double learningRate = 1.0)
        : this(Sized(modules, skip), learningRate)
    {
    }

    /// <summary>The subnetworks that may be proposed; at least one.</summary>
    public SkipSpace Space { get; }

    /// <summary>n, how many modules the backbone has.</summary>
    public int Modules => Space.Modules;

    /// <summary>η, the step of the gates; positive and finite, 1.0 by default.</summary>
    public double LearningRate { get; }

    /// <summary>How probabilities are made of gates.</summary>
    public GateWeights Weights { get; init; }

    /// <summary>Those of a run's controller.</summary>
    public static ControllerSettings Of(SkipSpace space, ControllerConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return new ControllerSettings(space, config.LearningRate) { Weights = config.Weights ?? GateWeights.Sigmoid };
    }

    private static SkipSpace Sized(int modules, int skip)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(modules);
        ArgumentOutOfRangeException.ThrowIfNegative(skip);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(skip, modules);
        return SkipSpace.Of(modules, skip);
    }
}
