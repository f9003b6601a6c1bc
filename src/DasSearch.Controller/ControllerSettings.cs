using DasSearch.Core.Spaces;

namespace DasSearch.Controller;

/// <summary>What every controller is built from.</summary>
public sealed record ControllerSettings
{
    /// <summary>Settings of a controller.</summary>
    /// <param name="space">The subnetworks that it may propose; not empty.</param>
    /// <param name="learningRate">η, the step of the gates; positive and finite, 1.0 by default.</param>
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
    /// <param name="modules">n, how many modules the backbone has; at least 0.</param>
    /// <param name="skip">m, how many of them a subnetwork skips; from 0 to n.</param>
    /// <param name="learningRate">η, the step of the gates; positive and finite, 1.0 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public ControllerSettings(int modules, int skip, double learningRate = 1.0)
        : this(Sized(modules, skip), learningRate)
    {
    }

    /// <summary>The subnetworks that may be proposed.</summary>
    public SkipSpace Space { get; }

    /// <summary>n, how many modules the backbone has.</summary>
    public int Modules => Space.Modules;

    /// <summary>η, the step of the gates.</summary>
    public double LearningRate { get; }

    private static SkipSpace Sized(int modules, int skip)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(modules);
        ArgumentOutOfRangeException.ThrowIfNegative(skip);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(skip, modules);
        return SkipSpace.Of(modules, skip);
    }
}
