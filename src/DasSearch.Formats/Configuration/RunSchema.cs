using DasSearch.Core;
using DasSearch.Core.Configuration;
using Key = DasSearch.Formats.ConfigKey<DasSearch.Core.Configuration.RunConfig>;

namespace DasSearch.Formats;

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
            Key.Integer("threads", c => c.Threads, (c, v) => c with { Threads = v }),
            Key.Long("seed", c => c.Seed, (c, v) => c with { Seed = v }),
            Key.Choice("granularity", c => (Granularity?)c.Granularity, (c, v) => c with { Granularity = v }),
            Key.Integer("skip", c => c.Skip, (c, v) => c with { Skip = v }),
            Key.Choice("compat", c => (Compatibility?)c.Compat, (c, v) => c with { Compat = v }),

            Key.OptionalPercent("budget.macs", c => c.Budget.Macs, (c, v) => c with { Budget = c.Budget with { Macs = v } }),

            Key.OptionalText("constraints.never", c => c.Constraints.Never, (c, v) => c with { Constraints = c.Constraints with { Never = v } }),
            Constraints("kept_per_stream", s => s.KeptPerStream, (s, v) => s with { KeptPerStream = v }),
            Constraints("most_in_a_row", s => s.MostInARow, (s, v) => s with { MostInARow = v }),

            Model("width", s => s.Width, (s, v) => s with { Width = v }),
            Model("layers", s => s.Layers, (s, v) => s with { Layers = v }),
            Model("heads", s => s.Heads, (s, v) => s with { Heads = v }),
            Model("patch_size", s => s.PatchSize, (s, v) => s with { PatchSize = v }),

            Controller(Key.Text, "name", s => s.Name, (s, v) => s with { Name = v }),
            Controller(Key.Number, "learning_rate", s => s.LearningRate, (s, v) => s with { LearningRate = v }),
            Controller(Key.Integer, "candidates", s => s.Candidates, (s, v) => s with { Candidates = v }),

            Search(Key.Integer, "epochs", s => s.Epochs, (s, v) => s with { Epochs = v }),
            Search(Key.Integer, "warm_up_epochs", s => s.WarmUpEpochs, (s, v) => s with { WarmUpEpochs = v }),
            Search(Key.Integer, "steps_between_rounds", s => s.StepsBetweenRounds, (s, v) => s with { StepsBetweenRounds = v }),
            Key.Choice("search.train", c => (TrainedSets?)c.Search.Train, (c, v) => c with { Search = c.Search with { Train = v } }),
            Search(Key.Integer, "batch_size", s => s.BatchSize, (s, v) => s with { BatchSize = v }),
            Search(Key.Integer, "accumulated_batches", s => s.AccumulatedBatches, (s, v) => s with { AccumulatedBatches = v }),
            Search(Key.Number, "learning_rate", s => s.LearningRate, (s, v) => s with { LearningRate = v }),
            Search(Key.Number, "head_multiplier", s => s.HeadMultiplier, (s, v) => s with { HeadMultiplier = v }),
            Search(Key.Number, "weight_decay", s => s.WeightDecay, (s, v) => s with { WeightDecay = v }),
            Search(Key.Number, "beta1", s => s.Beta1, (s, v) => s with { Beta1 = v }),
            Search(Key.Number, "beta2", s => s.Beta2, (s, v) => s with { Beta2 = v }),
            Search(Key.Number, "epsilon", s => s.Epsilon, (s, v) => s with { Epsilon = v }),
            Search(Key.Number, "warm_up_fraction", s => s.WarmUpFraction, (s, v) => s with { WarmUpFraction = v }),

            Key.OptionalNumber("stop.error", c => c.Stop.Error, (c, v) => c with { Stop = c.Stop with { Error = v } }),
            Key.OptionalNumber("stop.tolerance", c => c.Stop.Tolerance, (c, v) => c with { Stop = c.Stop with { Tolerance = v } }),

            Key.Choice("validation.mode", c => c.Validation.Mode, (c, v) => c with { Validation = c.Validation with { Mode = v } }),
            Key.Choice(
                "validation.batch", c => (BatchPolicy?)c.Validation.Batch, (c, v) => c with { Validation = c.Validation with { Batch = v } }),
            Key.OptionalInteger(
                "validation.batch_size", c => c.Validation.BatchSize, (c, v) => c with { Validation = c.Validation with { BatchSize = v } }),

            Adapters(Key.Integer, "skip_bottleneck", s => s.SkipBottleneck, (s, v) => s with { SkipBottleneck = v }),
            Adapters(Key.Integer, "parallel_bottleneck", s => s.ParallelBottleneck, (s, v) => s with { ParallelBottleneck = v }),
            Adapters(Key.Number, "scale", s => s.Scale, (s, v) => s with { Scale = v }),

            Training(Key.Integer, "epochs", s => s.Epochs, (s, v) => s with { Epochs = v }),
            Training(Key.OptionalInteger, "batch_size", s => s.BatchSize, (s, v) => s with { BatchSize = v }),
            Training(Key.OptionalNumber, "learning_rate", s => s.LearningRate, (s, v) => s with { LearningRate = v }),
        ],
        [("task", "fashionvl-vqa"), ("backbone", "vilt")],
        path => path is null
            ? new RunConfig { Task = "any", Backbone = "any" }
            : new RunConfig { Task = "any", Backbone = "any", Name = Path.GetFileNameWithoutExtension(path) },
        config => config.Resolved());

    private static Key Model(string name, Func<ModelConfig, int?> get, Func<ModelConfig, int?, ModelConfig> set) =>
        Key.OptionalInteger($"model.{name}", c => get(c.Model), (c, v) => c with { Model = set(c.Model, v) });

    private static Key Constraints(string name, Func<ConstraintsConfig, int?> get, Func<ConstraintsConfig, int?, ConstraintsConfig> set) =>
        Key.OptionalInteger($"constraints.{name}", c => get(c.Constraints), (c, v) => c with { Constraints = set(c.Constraints, v) });

    private static Key Controller<TValue>(
        Func<string, Func<RunConfig, TValue>, Func<RunConfig, TValue, RunConfig>, Key> make,
        string name,
        Func<ControllerConfig, TValue> get,
        Func<ControllerConfig, TValue, ControllerConfig> set) =>
        make($"controller.{name}", c => get(c.Controller), (c, v) => c with { Controller = set(c.Controller, v) });

    private static Key Search<TValue>(
        Func<string, Func<RunConfig, TValue>, Func<RunConfig, TValue, RunConfig>, Key> make,
        string name,
        Func<SearchConfig, TValue> get,
        Func<SearchConfig, TValue, SearchConfig> set) =>
        make($"search.{name}", c => get(c.Search), (c, v) => c with { Search = set(c.Search, v) });

    private static Key Adapters<TValue>(
        Func<string, Func<RunConfig, TValue>, Func<RunConfig, TValue, RunConfig>, Key> make,
        string name,
        Func<AdapterConfig, TValue> get,
        Func<AdapterConfig, TValue, AdapterConfig> set) =>
        make($"adapters.{name}", c => get(c.Adapters), (c, v) => c with { Adapters = set(c.Adapters, v) });

    private static Key Training<TValue>(
        Func<string, Func<RunConfig, TValue>, Func<RunConfig, TValue, RunConfig>, Key> make,
        string name,
        Func<TrainingConfig, TValue> get,
        Func<TrainingConfig, TValue, TrainingConfig> set) =>
        make($"training.{name}", c => get(c.Training), (c, v) => c with { Training = set(c.Training, v) });
}
