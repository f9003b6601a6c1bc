namespace DasSearch.Core.Configuration;

/// <summary>The bandit and its settings; defaults as in DAS (arXiv:2309.01479) and its code for ViLT.</summary>
public sealed record ControllerConfig
{
    /// <summary>Which controller; <c>das</c> by default.</summary>
    public string Name { get; init => field = Check.NotEmpty(value, "controller.name"); } = "das";

    /// <summary>η, the step of the gates; positive, 1.0 by default.</summary>
    /// <remarks>The official code for METER declares 0.1 and never multiplies by it.</remarks>
    public double LearningRate { get; init => field = Check.Positive(value, "controller.learning_rate"); } = 1.0;

    /// <summary>K, the candidates of a round; at least 1, by default 3.</summary>
    public int Candidates { get; init => field = Check.AtLeast(value, 1, "controller.candidates"); } = 3;
}
