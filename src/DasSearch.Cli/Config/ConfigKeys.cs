namespace DasSearch.Cli.Config;

/// <summary>All settings that a configuration may have, in the order of their canonical form: a new one is one entry here.</summary>
internal static class ConfigKeys
{
    /// <summary>The settings; those of one section stand together, and those without a section come first.</summary>
    internal static IReadOnlyList<ConfigKey> All { get; } =
    [
        ConfigKey.Text("name", c => c.Name, (c, v) => c with { Name = v }),
        ConfigKey.Text("task", c => c.Task, (c, v) => c with { Task = v }),
        ConfigKey.Text("backbone", c => c.Backbone, (c, v) => c with { Backbone = v }),
        ConfigKey.OptionalText("checkpoint", c => c.Checkpoint, (c, v) => c with { Checkpoint = v }),
        ConfigKey.Text("device", c => c.Device, (c, v) => c with { Device = v }),
        ConfigKey.Long("seed", c => c.Seed, (c, v) => c with { Seed = v }),
        ConfigKey.Integer("skip", c => c.Skip, (c, v) => c with { Skip = v }),
        ConfigKey.Choice("compat", c => (Core.Configuration.Compatibility?)c.Compat, (c, v) => c with { Compat = v }),

        ConfigKey.Text("controller.name", c => c.Controller.Name, (c, v) => c with { Controller = c.Controller with { Name = v } }),
        ConfigKey.Number("controller.learning_rate", c => c.Controller.LearningRate, (c, v) => c with { Controller = c.Controller with { LearningRate = v } }),
        ConfigKey.Integer("controller.candidates", c => c.Controller.Candidates, (c, v) => c with { Controller = c.Controller with { Candidates = v } }),

        ConfigKey.Integer("search.epochs", c => c.Search.Epochs, (c, v) => c with { Search = c.Search with { Epochs = v } }),
        ConfigKey.Integer("search.warm_up_epochs", c => c.Search.WarmUpEpochs, (c, v) => c with { Search = c.Search with { WarmUpEpochs = v } }),
        ConfigKey.Integer("search.steps_between_rounds", c => c.Search.StepsBetweenRounds, (c, v) => c with { Search = c.Search with { StepsBetweenRounds = v } }),
        ConfigKey.Integer("search.batch_size", c => c.Search.BatchSize, (c, v) => c with { Search = c.Search with { BatchSize = v } }),
        ConfigKey.Integer("search.accumulated_batches", c => c.Search.AccumulatedBatches, (c, v) => c with { Search = c.Search with { AccumulatedBatches = v } }),
        ConfigKey.Number("search.learning_rate", c => c.Search.LearningRate, (c, v) => c with { Search = c.Search with { LearningRate = v } }),
        ConfigKey.Number("search.head_multiplier", c => c.Search.HeadMultiplier, (c, v) => c with { Search = c.Search with { HeadMultiplier = v } }),
        ConfigKey.Number("search.weight_decay", c => c.Search.WeightDecay, (c, v) => c with { Search = c.Search with { WeightDecay = v } }),
        ConfigKey.Number("search.beta1", c => c.Search.Beta1, (c, v) => c with { Search = c.Search with { Beta1 = v } }),
        ConfigKey.Number("search.beta2", c => c.Search.Beta2, (c, v) => c with { Search = c.Search with { Beta2 = v } }),
        ConfigKey.Number("search.epsilon", c => c.Search.Epsilon, (c, v) => c with { Search = c.Search with { Epsilon = v } }),
        ConfigKey.Number("search.warm_up_fraction", c => c.Search.WarmUpFraction, (c, v) => c with { Search = c.Search with { WarmUpFraction = v } }),

        ConfigKey.Choice("validation.mode", c => c.Validation.Mode, (c, v) => c with { Validation = c.Validation with { Mode = v } }),
        ConfigKey.Choice("validation.batch", c => (Core.Configuration.BatchPolicy?)c.Validation.Batch, (c, v) => c with { Validation = c.Validation with { Batch = v } }),
        ConfigKey.OptionalInteger("validation.batch_size", c => c.Validation.BatchSize, (c, v) => c with { Validation = c.Validation with { BatchSize = v } }),

        ConfigKey.Integer("adapters.skip_bottleneck", c => c.Adapters.SkipBottleneck, (c, v) => c with { Adapters = c.Adapters with { SkipBottleneck = v } }),
        ConfigKey.Integer("adapters.parallel_bottleneck", c => c.Adapters.ParallelBottleneck, (c, v) => c with { Adapters = c.Adapters with { ParallelBottleneck = v } }),
        ConfigKey.Number("adapters.scale", c => c.Adapters.Scale, (c, v) => c with { Adapters = c.Adapters with { Scale = v } }),
        ConfigKey.Number("adapters.dropout", c => c.Adapters.Dropout, (c, v) => c with { Adapters = c.Adapters with { Dropout = v } }),
    ];

    /// <summary>The names of all settings and sections.</summary>
    internal static IReadOnlyList<string> Names { get; } =
        [.. All.Select(key => key.Name), .. All.Where(key => key.Name.Contains('.', StringComparison.Ordinal)).Select(key => key.Name.Split('.')[0]).Distinct()];

    /// <summary>The setting of a name; null where there is none.</summary>
    internal static ConfigKey? Find(string name) => All.FirstOrDefault(key => key.Name == name);

    /// <summary>The names within a section, without it; none where there is no such section.</summary>
    internal static IReadOnlyList<string> Within(string section) =>
        [.. All.Where(key => key.Name.StartsWith(section + ".", StringComparison.Ordinal)).Select(key => key.Name[(section.Length + 1)..])];
}
