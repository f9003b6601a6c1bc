namespace DasSearch.Core.Configuration;

/// <summary>The bandit and its settings; defaults as in DAS (arXiv:2309.01479) and its code for ViLT.</summary>
public sealed record ControllerConfig
{
    /// <summary>Which controller; <c>das</c> by default.</summary>
    public string Name { get; init => field = Check.NotEmpty(value, "controller.name"); } = "das";

    /// <summary>η, the step of the gates; positive, 1.0 by default.</summary>
    /// <remarks>The official code for METER declares 0.1 and never multiplies by it.</remarks>
    public double LearningRate { get; init => field = Check.Positive(value, "controller.learning_rate"); } = 1.0;

    /// <summary>How <c>das</c> makes probabilities of gates; null, the default, for the logistic function.</summary>
    public GateWeights? Weights { get; init => field = value is { } known ? Check.Known(known, "controller.weights") : null; }

    /// <summary>K, the candidates of a round; at least 1, by default 3.</summary>
    public int Candidates { get; init => field = Check.AtLeast(value, 1, "controller.candidates"); } = 3;
}

/// <summary>How probabilities are made of gates.</summary>
public enum GateWeights
{
    /// <summary>σ(g) of each, as DAS's code has it.</summary>
    Sigmoid,

    /// <summary>softmax(10 g) over all, as the code of Efficient Attention Skipping has it for LaVIN.</summary>
    Softmax,
}

/// <summary>How long and how the shared weights are trained during the search; defaults as in DAS's code for ViLT and VQA.</summary>
public sealed record SearchConfig
{
    /// <summary>Epochs of the search; at least 1, by default 3.</summary>
    public int Epochs { get; init => field = Check.AtLeast(value, 1, "search.epochs"); } = 3;

    /// <summary>Epochs without rounds, in which adapters learn on subnetworks drawn uniformly; at least 0, by default 1.</summary>
    public int WarmUpEpochs { get; init => field = Check.AtLeast(value, 0, "search.warm_up_epochs"); } = 1;

    /// <summary>Training batches between two rounds; at least 1, by default 10.</summary>
    public int StepsBetweenRounds { get; init => field = Check.AtLeast(value, 1, "search.steps_between_rounds"); } = 10;

    /// <summary>Rounds of an epoch, in place of batches between two; at least 1. Null, the default, goes by the batches.</summary>
    public int? RoundsPerEpoch { get; init => field = Check.AtLeastOrNull(value, 1, "search.rounds_per_epoch"); }

    /// <summary>Batches without rounds, in place of epochs; at least 1. Null, the default, goes by the epochs.</summary>
    public int? WarmUpBatches { get; init => field = Check.AtLeastOrNull(value, 1, "search.warm_up_batches"); }

    /// <summary>How many modules are skipped during warm-up: as many as afterwards, the default, or one at first and more and more.</summary>
    public WarmUpSkips? WarmUpSkips { get; init => field = value is { } skips ? Check.Known(skips, "search.warm_up_skips") : null; }

    /// <summary>Which subnetworks are trained between rounds, by default those that the controller proposes.</summary>
    public PathSampling Train { get; init => field = Check.Known(value, "search.train"); } = PathSampling.Proposed;

    /// <summary>Samples of a training batch; at least 1, by default 256.</summary>
    public int BatchSize { get; init => field = Check.AtLeast(value, 1, "search.batch_size"); } = 256;

    /// <summary>Training samples that the search learns from, each once an epoch; at least a batch. Null, the default, takes all.</summary>
    public int? Samples { get; init => field = Check.AtLeastOrNull(value, 1, "search.samples"); }

    /// <summary>Training batches whose gradients are added up before a step of the optimiser; at least 1, by default 1.</summary>
    public int AccumulatedBatches { get; init => field = Check.AtLeast(value, 1, "search.accumulated_batches"); } = 1;

    /// <summary>The largest learning rate of adapters and other trained parts; positive, by default 1e-4.</summary>
    public double LearningRate { get; init => field = Check.Positive(value, "search.learning_rate"); } = 1e-4;

    /// <summary>What the learning rate is multiplied by for a classifier as the task's head; positive. Null, the default, leaves it to the backbone.</summary>
    public double? HeadMultiplier { get; init => field = Check.PositiveOrNull(value, "search.head_multiplier"); }

    /// <summary>The same for what is between a backbone's streams, their poolers included; positive. Null, the default, leaves it to the backbone.</summary>
    public double? CrossModalMultiplier { get; init => field = Check.PositiveOrNull(value, "search.cross_modal_multiplier"); }

    /// <summary>
    /// How likely a classifier of questions' answers takes each to be at first; above 0 and below 1. Null, the default, for 0.5, as the official
    /// code has it: of many answers of which one is right, hundreds of batches then learn little but that each is unlikely. A small one is how
    /// RetinaNet begins (arXiv:1708.02002, section 4.1).
    /// </summary>
    public double? AnswerPrior { get; init => field = Check.ChanceOrNull(value, "search.answer_prior"); }

    /// <summary>What changes the weights; null, the default, for AdamW. Of SGD the decay of weights is part of the gradient, and β₁ the momentum.</summary>
    public OptimizerKind? Optimizer { get; init => field = value is { } kind ? Check.Known(kind, "search.optimizer") : null; }

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

    /// <summary>How the learning rate falls after that; <c>linear</c> by default.</summary>
    public RateDecay? Decay { get; init => field = value is { } decay ? Check.Known(decay, "search.decay") : null; }

    /// <summary>Training batches between two rounds, of epochs of so many.</summary>
    public int StepsBetween(int batchesPerEpoch) => RoundsPerEpoch is { } rounds ? Math.Max(batchesPerEpoch / rounds, 1) : StepsBetweenRounds;

    /// <summary>Training batches before there are rounds, of epochs of so many.</summary>
    public long WarmUp(int batchesPerEpoch) => WarmUpBatches ?? (long)WarmUpEpochs * batchesPerEpoch;
}

/// <summary>What changes weights by their gradients.</summary>
public enum OptimizerKind
{
    /// <summary>AdamW (arXiv:1711.05101).</summary>
    Adamw,

    /// <summary>Stochastic gradient descent with momentum, as CoOp and APT train CLIP.</summary>
    Sgd,
}

/// <summary>How a learning rate falls to 0.</summary>
public enum RateDecay
{
    /// <summary>Along a line.</summary>
    Linear,

    /// <summary>Along half a period of a cosine.</summary>
    Cosine,
}

/// <summary>How many modules a subnetwork skips that is trained during warm-up.</summary>
public enum WarmUpSkips
{
    /// <summary>As many as afterwards.</summary>
    All,

    /// <summary>min(m, ⌊2 m t / w⌋ + 1) at batch t of w, as DAS's code for LLaVA has it.</summary>
    Growing,
}

/// <summary>Which subnetworks are trained between two rounds.</summary>
public enum PathSampling
{
    /// <summary>What the controller proposes, as in DAS: what it likes is trained more.</summary>
    Proposed,

    /// <summary>Drawn uniformly from all, so that no one's reward is better for having been trained more.</summary>
    Uniform,
}

/// <summary>Whether a search may end before its schedule does, being sure enough of its choice.</summary>
public sealed record StopConfig
{
    /// <summary>δ, how likely the choice may still be wrong when the search ends; above 0, below 1. Null, the default, never ends it early.</summary>
    /// <remarks>It holds as far as rewards are sums of what layers and pairs of layers add.</remarks>
    public double? Error { get; init => field = Check.ChanceOrNull(value, "stop.error"); }

    /// <summary>ε, by what share more reward another subnetwork must have for the choice to be wrong; at least 0, by default 0.02.</summary>
    public double? Tolerance { get; init => field = Check.NotNegativeOrNull(value, "stop.tolerance"); }

    /// <summary>The same with its tolerance, where the rule is on.</summary>
    public StopConfig Resolved() => Error is null ? this : this with { Tolerance = Tolerance ?? 0.02 };
}

/// <summary>Fast validation: how a candidate is scored.</summary>
public sealed record ValidationConfig
{
    /// <summary>How the network stands; by default <c>eval</c>, under <c>compat: official</c> <c>train</c>.</summary>
    public ValidationMode? Mode { get; init => field = value is { } mode ? Check.Known(mode, "validation.mode") : null; }

    /// <summary>Which batch a round is scored on; <c>fixed</c> by default, as in the official code for ViLT and METER.</summary>
    public BatchPolicy Batch { get; init => field = Check.Known(value, "validation.batch"); } = BatchPolicy.Fixed;

    /// <summary>Samples of the batch; at least 1, by default as many as a training batch has.</summary>
    public int? BatchSize { get; init => field = Check.AtLeastOrNull(value, 1, "validation.batch_size"); }

    /// <summary>How many of the validation split a search looks at, in batches spread over it; at least one batch. Null, the default, for all.</summary>
    public int? Samples { get; init => field = Check.AtLeastOrNull(value, 1, "validation.samples"); }
}

/// <summary>Which validation batch a round is scored on; all candidates of one round see the same.</summary>
public enum BatchPolicy
{
    /// <summary>The same batch in every round, as in the official code.</summary>
    Fixed,

    /// <summary>Another batch in every round.</summary>
    Fresh,

    /// <summary>The training batch that the round comes before, as in the code for LLaVA.</summary>
    Training,
}

/// <summary>How the planned network is trained; what is not here is as in the search, as in DAS's code.</summary>
public sealed record TrainingConfig
{
    /// <summary>Epochs; at least 1, by default 10.</summary>
    public int Epochs { get; init => field = Check.AtLeast(value, 1, "training.epochs"); } = 10;

    /// <summary>Samples of a batch; at least 1, by default as in the search.</summary>
    public int? BatchSize { get; init => field = Check.AtLeastOrNull(value, 1, "training.batch_size"); }

    /// <summary>How many samples of the training split are learnt from, the same in each epoch; at least a batch. Null, the default, for all.</summary>
    public int? Samples { get; init => field = Check.AtLeastOrNull(value, 1, "training.samples"); }

    /// <summary>The largest learning rate; positive, by default as in the search.</summary>
    public double? LearningRate { get; init => field = Check.PositiveOrNull(value, "training.learning_rate"); }

    /// <summary>The part of all steps over which the learning rate rises; from 0 to 1. Null, the default, has it as in the search.</summary>
    public double? WarmUpFraction { get; init => field = value is { } share ? Check.Fraction(share, "training.warm_up_fraction") : null; }

    /// <summary>ε, by which the true class is to be less likely than 1, and all together as much (arXiv:1512.00567); from 0 up to, without, 1. Null, the default, for 0.</summary>
    public double? LabelSmoothing { get; init => field = value is { } share ? Check.BelowOne(share, "training.label_smoothing") : null; }

    /// <summary>
    /// How likely a sample is without a residual branch of the last block (stochastic depth, arXiv:1603.09382), of the blocks before linearly less down to 0 of the
    /// first; from 0 up to, without, 1. Null, the default, for 0.
    /// </summary>
    public double? DropPath { get; init => field = value is { } share ? Check.BelowOne(share, "training.drop_path") : null; }
}
