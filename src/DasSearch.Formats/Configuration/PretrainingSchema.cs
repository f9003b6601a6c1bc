using DasSearch.Core.Configuration;
using Key = DasSearch.Formats.ConfigKey<DasSearch.Core.Configuration.PretrainingConfig>;

namespace DasSearch.Formats;

/// <summary>The settings of a pre-training: a new one is one property in Core and one entry here.</summary>
internal static class PretrainingSchema
{
    /// <summary>The settings.</summary>
    internal static ConfigSchema<PretrainingConfig> Instance { get; } = new(
        [
            Key.Text("output", c => c.Output, (c, v) => c with { Output = v }),
            Key.Text("device", c => c.Device, (c, v) => c with { Device = v }),
            Key.Integer("threads", c => c.Threads, (c, v) => c with { Threads = v }),
            Key.Long("seed", c => c.Seed, (c, v) => c with { Seed = v }),

            Key.Integer("model.width", c => c.Model.Width, (c, v) => c with { Model = c.Model with { Width = v } }),
            Key.Integer("model.layers", c => c.Model.Layers, (c, v) => c with { Model = c.Model with { Layers = v } }),
            Key.Integer("model.heads", c => c.Model.Heads, (c, v) => c with { Model = c.Model with { Heads = v } }),
            Key.Integer("model.patch_size", c => c.Model.PatchSize, (c, v) => c with { Model = c.Model with { PatchSize = v } }),
            Key.Number("model.dropout", c => c.Model.Dropout, (c, v) => c with { Model = c.Model with { Dropout = v } }),

            Training(Key.Integer, "steps", t => t.Steps, (t, v) => t with { Steps = v }),
            Training(Key.Integer, "word_steps", t => t.WordSteps, (t, v) => t with { WordSteps = v }),
            Training(Key.Integer, "batch_size", t => t.BatchSize, (t, v) => t with { BatchSize = v }),
            Training(Key.Number, "learning_rate", t => t.LearningRate, (t, v) => t with { LearningRate = v }),
            Training(Key.Number, "weight_decay", t => t.WeightDecay, (t, v) => t with { WeightDecay = v }),
            Training(Key.Integer, "warm_up_steps", t => t.WarmUpSteps, (t, v) => t with { WarmUpSteps = v }),
            Training(Key.Number, "clip_norm", t => t.ClipNorm, (t, v) => t with { ClipNorm = v }),
            Training(Key.Number, "masking_rate", t => t.MaskingRate, (t, v) => t with { MaskingRate = v }),
            Training(Key.Number, "easy_share", t => t.EasyShare, (t, v) => t with { EasyShare = v }),

            Evaluation("every", e => e.Every, (e, v) => e with { Every = v }),
            Evaluation("samples", e => e.Samples, (e, v) => e with { Samples = v }),
            Evaluation("final_samples", e => e.FinalSamples, (e, v) => e with { FinalSamples = v }),
        ],
        [("output", "vilt.safetensors")],
        _ => new PretrainingConfig { Output = "any" },
        config => config);

    private static Key Training<TValue>(
        Func<string, Func<PretrainingConfig, TValue>, Func<PretrainingConfig, TValue, PretrainingConfig>, Key> make,
        string name,
        Func<PretrainingScheduleConfig, TValue> get,
        Func<PretrainingScheduleConfig, TValue, PretrainingScheduleConfig> set) =>
        make($"training.{name}", c => get(c.Training), (c, v) => c with { Training = set(c.Training, v) });

    private static Key Evaluation(
        string name,
        Func<PretrainingEvaluationConfig, int> get,
        Func<PretrainingEvaluationConfig, int, PretrainingEvaluationConfig> set) =>
        Key.Integer($"evaluation.{name}", c => get(c.Evaluation), (c, v) => c with { Evaluation = set(c.Evaluation, v) });
}
