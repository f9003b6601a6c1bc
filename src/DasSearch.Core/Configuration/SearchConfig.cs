namespace DasSearch.Core.Configuration;

/// <summary>How long and how the shared weights are trained during the search; defaults as in DAS's code for ViLT and VQA.</summary>
public sealed record SearchConfig
{
    /// <summary>Epochs of the search; at least 1, by default 3.</summary>
    public int Epochs { get; init => field = Check.AtLeast(value, 1, "search.epochs"); } = 3;

    /// <summary>Epochs without rounds, in which adapters learn on subnetworks drawn uniformly; at least 0, by default 1.</summary>
    public int WarmUpEpochs { get; init => field = Check.AtLeast(value, 0, "search.warm_up_epochs"); } = 1;

    /// <summary>Training batches between two rounds; at least 1, by default 10.</summary>
    public int StepsBetweenRounds { get; init => field = Check.AtLeast(value, 1, "search.steps_between_rounds"); } = 10;

    /// <summary>Which subnetworks are trained between rounds, by default those that the controller proposes.</summary>
    public TrainedSets Train { get; init => field = Check.Known(value, "search.train"); } = TrainedSets.Proposed;

    /// <summary>Samples of a training batch; at least 1, by default 256.</summary>
    public int BatchSize { get; init => field = Check.AtLeast(value, 1, "search.batch_size"); } = 256;

    /// <summary>Training batches whose gradients are added up before a step of the optimiser; at least 1, by default 1.</summary>
    public int AccumulatedBatches { get; init => field = Check.AtLeast(value, 1, "search.accumulated_batches"); } = 1;

    /// <summary>The largest learning rate of adapters and other trained parts; positive, by default 1e-4.</summary>
    public double LearningRate { get; init => field = Check.Positive(value, "search.learning_rate"); } = 1e-4;

    /// <summary>What the learning rate is multiplied by for the task's head; positive, by default 10.</summary>
    public double HeadMultiplier { get; init => field = Check.Positive(value, "search.head_multiplier"); } = 10;

    /// <summary>Decoupled weight decay; at least 0, by default 0.01.</summary>
    public double WeightDecay { get; init => field = Check.NotNegative(value, "search.weight_decay"); } = 0.01;

    /// <summary>AdamW's β₁; from 0 up to, without, 1, by default 0.9.</summary>
    public double Beta1 { get; init => field = Check.BelowOne(value, "search.beta1"); } = 0.9;

    /// <summary>AdamW's β₂; from 0 up to, without, 1, by default 0.98.</summary>
    public double Beta2 { get; init => field = Check.BelowOne(value, "search.beta2"); } = 0.98;

    /// <summary>AdamW's ε; positive, by default 1e-8.</summary>
    public double Epsilon { get; init => field = Check.Positive(value, "search.epsilon"); } = 1e-8;

    /// <summary>The part of all steps over which the learning rate rises before it falls to 0; from 0 to 1, by default 0.1.</summary>
    public double WarmUpFraction { get; init => field = Check.Fraction(value, "search.warm_up_fraction"); } = 0.1;
}
