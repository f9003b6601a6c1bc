using DasSearch.Core;
using DasSearch.Models.Checkpoints;

namespace DasSearch.Models.Backbones;

/// <summary>What a <c>config.json</c> of Hugging Face, or the authors' <c>params.json</c>, says of a LLaMA that its tensors do not; null for what it does not say.</summary>
internal sealed record LlamaSettings(int? Heads = null, double? Eps = null, double? Theta = null, int? Length = null)
{
    /// <summary>The file beside a checkpoint; nothing said where there is none.</summary>
    /// <exception cref="DasSearchException">It is not sound, or says what is computed otherwise here.</exception>
    internal static LlamaSettings Beside(CheckpointSource source)
    {
        if (SettingsFile.Beside(source, "config.json", "params.json") is not { } said)
        {
            return new LlamaSettings();
        }

        // Since transformers 5 θ stands with what scales it.
        var rotary = said.Within("rope_parameters") ?? said.Within("rope_scaling");
        return (rotary?.Text("rope_type") ?? rotary?.Text("type")) is { } kind and not "default" ? throw new DasSearchException($"{said.Path} scales rotary positions by '{kind}', expected positions as they are")
            : said.Text("hidden_act") is { } activation and not "silu" ? throw new DasSearchException($"{said.Path} says that hidden_act is '{activation}', expected silu")
            : new LlamaSettings(
                said.Count("num_attention_heads") ?? said.Count("n_heads"),
                said.Number("rms_norm_eps") ?? said.Number("norm_eps"),
                said.Number("rope_theta") ?? rotary?.Number("rope_theta"),
                said.Count("max_position_embeddings"));
    }
}
