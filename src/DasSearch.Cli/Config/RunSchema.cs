using DasSearch.Core.Configuration;
using Key = DasSearch.Cli.Config.ConfigKey<DasSearch.Core.Configuration.RunConfig>;

namespace DasSearch.Cli.Config;

/// <summary>The settings of a search: a new one is one property in Core and one entry here.</summary>
internal static class RunSchema
{
    /// <summary>The settings.</summary>
    internal static ConfigSchema<RunConfig> Instance { get; } = new(
        [
            Key.Text("name", c => c.Name, (c, v) => c with { Name = v }),
            Key.Text("task", c => c.Task, (c, v) => c with { Task = v }),
            Key.Text("backbone", c => c.Backbone, (c, v) => c with { Backbone = v }),
            Key.OptionalText("checkpoint", c => c.Checkpoint, (c, v) => c with { Checkpoint = v }),
            Key.Text("device", c => c.Device, (c, v) => c with { Device = v }),
            Key.Long("seed", c => c.Seed, (c, v) => c with { Seed = v }),
            Key.Integer("skip", c => c.Skip, (c, v) => c with { Skip = v }),
            Key.Choice("compat", c => (Compatibility?)c.Compat, (c, v) => c with { Compat = v }),

            Key.Text("controller.name", c => c.Controller.Name, (c, v) => c with { Controller = c.Controller with { Name = v } }),
            Key.Number("controller.learning_rate", c => c.Controller.LearningRate, (c, v) => c with { Controller = c.Controller with { LearningRate = v } }),
            Key.Integer("controller.candidates", c => c.Controller.Candidates, (c, v) => c with { Controller = c.Controller with { Candidates = v } }),

            Key.Integer("search.epochs", c => c.Search.Epochs, (c, v) => c with { Search = c.Search with { Epochs = v } }),
            Key.Integer("search.warm_up_epochs", c => c.Search.WarmUpEpochs, (c, v) => c with { Search = c.Search with { WarmUpEpochs = v } }),
            Key.Integer("search.steps_between_rounds", c => c.Search.StepsBetweenRounds, (c, v) => c with { Search = c.Search with { StepsBetweenRounds = v } }),
            Key.Integer("search.batch_size", c => c.Search.BatchSize, (c, v) => c with { Search = c.Search with { BatchSize = v } }),
            Key.Integer("search.accumulated_batches", c => c.Search.AccumulatedBatches, (c, v) => c with { Search = c.Search with { AccumulatedBatches = v } }),
            Key.Number("search.learning_rate", c => c.Search.LearningRate, (c, v) => c with { Search = c.Search with { LearningRate = v } }),
            Key.Number("search.head_multiplier", c => c.Search.HeadMultiplier, (c, v) => c with { Search = c.Search with { HeadMultiplier = v } }),
            Key.Number("search.weight_decay", c => c.Search.WeightDecay, (c, v) => c with { Search = c.Search with { WeightDecay = v } }),
            Key.Number("search.beta1", c => c.Search.Beta1, (c, v) => c with { Search = c.Search with { Beta1 = v } }),
            Key.Number("search.beta2", c => c.Search.Beta2, (c, v) => c with { Search = c.Search with { Beta2 = v } }),
            Key.Number("search.epsilon", c => c.Search.Epsilon, (c, v) => c with { Search = c.Search with { Epsilon = v } }),
            Key.Number("search.warm_up_fraction", c => c.Search.WarmUpFraction, (c, v) => c with { Search = c.Search with { WarmUpFraction = v } }),

            Key.Choice("validation.mode", c => c.Validation.Mode, (c, v) => c with { Validation = c.Validation with { Mode = v } }),
            Key.Choice("validation.batch", c => (BatchPolicy?)c.Validation.Batch, (c, v) => c with { Validation = c.Validation with { Batch = v } }),
            Key.OptionalInteger("validation.batch_size", c => c.Validation.BatchSize, (c, v) => c with { Validation = c.Validation with { BatchSize = v } }),

            Key.Integer("adapters.skip_bottleneck", c => c.Adapters.SkipBottleneck, (c, v) => c with { Adapters = c.Adapters with { SkipBottleneck = v } }),
            Key.Integer("adapters.parallel_bottleneck", c => c.Adapters.ParallelBottleneck, (c, v) => c with { Adapters = c.Adapters with { ParallelBottleneck = v } }),
            Key.Number("adapters.scale", c => c.Adapters.Scale, (c, v) => c with { Adapters = c.Adapters with { Scale = v } }),
            Key.Number("adapters.dropout", c => c.Adapters.Dropout, (c, v) => c with { Adapters = c.Adapters with { Dropout = v } }),
        ],
        [("task", "fashionvl-vqa"), ("backbone", "vilt")],
        path => path is null
            ? new RunConfig { Task = "any", Backbone = "any" }
            : new RunConfig { Task = "any", Backbone = "any", Name = Path.GetFileNameWithoutExtension(path) },
        config => config.Resolved());
}
