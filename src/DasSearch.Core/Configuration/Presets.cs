namespace DasSearch.Core.Configuration;

/// <summary>What <c>compat</c> has other settings be that nobody gives: the numbers of DAS's code (arXiv:2309.01479) for decoders.</summary>
/// <remarks>
/// LaVIN's are those for ScienceQA on two GPUs: their batches of 4 are one of 8 here, gradients of 4 are added up, the rate is 9e-3 · 32 / 256, and a round scores four
/// times a training batch of the validation split. LLaVA's are those for AID on four GPUs, with batches of 8 and 4 added up; its warm-up is 380 batches, of which the
/// first trains a subnetwork that skips one layer, and a round scores the training batch in training mode.
/// </remarks>
public static class Presets
{
    private static readonly Dictionary<Compatibility, Dictionary<string, string>> _all = new()
    {
        [Compatibility.Lavin] = new(StringComparer.Ordinal)
        {
            ["skip"] = "6",
            ["controller.candidates"] = "3",
            ["controller.learning_rate"] = "0.05",
            ["search.epochs"] = "10",
            ["search.warm_up_epochs"] = "5",
            ["search.rounds_per_epoch"] = "150",
            ["search.batch_size"] = "8",
            ["search.accumulated_batches"] = "4",
            ["search.learning_rate"] = "0.001125",
            ["search.weight_decay"] = "0.02",
            ["search.beta2"] = "0.95",
            ["search.warm_up_fraction"] = "0.4",
            ["search.decay"] = "cosine",
            ["validation.mode"] = "eval",
            ["validation.batch"] = "fresh",
            ["validation.batch_size"] = "32",
            ["method.name"] = "lavin",
            ["adapters.replacement"] = "lavin",
            ["adapters.skip_bottleneck"] = "32",
            ["training.epochs"] = "20",
            ["training.warm_up_fraction"] = "0.1",
        },
        [Compatibility.Llava] = new(StringComparer.Ordinal)
        {
            ["skip"] = "4",
            ["controller.candidates"] = "5",
            ["controller.learning_rate"] = "0.1",
            ["search.epochs"] = "20",
            ["search.warm_up_batches"] = "380",
            ["search.warm_up_skips"] = "growing",
            ["search.steps_between_rounds"] = "3",
            ["search.batch_size"] = "32",
            ["search.accumulated_batches"] = "4",
            ["search.learning_rate"] = "0.0004",
            ["search.weight_decay"] = "0",
            ["search.beta2"] = "0.999",
            ["search.warm_up_fraction"] = "0.03",
            ["search.decay"] = "cosine",
            ["validation.mode"] = "train",
            ["validation.batch"] = "training",
            ["method.name"] = "llava",
            ["adapters.replacement"] = "llava",
            ["adapters.skip_bottleneck"] = "256",
            ["training.epochs"] = "20",
        },
    };

    /// <summary>Values by the names of settings; none where nothing is preset.</summary>
    public static IReadOnlyDictionary<string, string> Of(Compatibility compat) => _all.GetValueOrDefault(compat) ?? [];
}
