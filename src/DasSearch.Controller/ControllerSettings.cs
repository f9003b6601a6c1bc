namespace DasSearch.Controller;

/// <summary>What every controller is built from.</summary>
public sealed record ControllerSettings
{
    /// <summary>Settings of a controller.</summary>
    /// <param name="modules">n, how many modules the backbone has; at least 0.</param>
    /// <param name="skip">m, how many of them a subnetwork skips; from 0 to n.</param>
    /// <param name="learningRate">η, the step of the gates; positive and finite, 1.0 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public ControllerSettings(int modules, int skip, double learningRate = 1.0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(modules);
        ArgumentOutOfRangeException.ThrowIfNegative(skip);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(skip, modules);
        if (!(learningRate > 0 && double.IsFinite(learningRate)))
        {
            throw new ArgumentOutOfRangeException(nameof(learningRate), learningRate, "The learning rate is positive and finite.");
        }

        Modules = modules;
        Skip = skip;
        LearningRate = learningRate;
    }

    /// <summary>n, how many modules the backbone has.</summary>
    public int Modules { get; }

    /// <summary>m, how many of them a subnetwork skips.</summary>
    public int Skip { get; }

    /// <summary>η, the step of the gates.</summary>
    public double LearningRate { get; }
}
