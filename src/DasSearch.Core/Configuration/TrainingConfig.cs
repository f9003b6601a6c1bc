namespace DasSearch.Core.Configuration;

/// <summary>How the planned network is trained; what is not here is as in the search, as in DAS's code.</summary>
public sealed record TrainingConfig
{
    /// <summary>Epochs; at least 1, by default 10.</summary>
    public int Epochs { get; init => field = Check.AtLeast(value, 1, "training.epochs"); } = 10;

    /// <summary>Samples of a batch; at least 1, by default as in the search.</summary>
    public int? BatchSize { get; init => field = Check.AtLeastOrNull(value, 1, "training.batch_size"); }

    /// <summary>The largest learning rate; positive, by default as in the search.</summary>
    public double? LearningRate { get; init => field = Check.PositiveOrNull(value, "training.learning_rate"); }
}
