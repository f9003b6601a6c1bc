using DasSearch.Formats;
using DasSearch.Models.Checkpoints;

namespace DasSearch.Models.Backbones;

/// <summary>The names under which a LLaMA's weights come: its authors', which are the official ones here, and those of Hugging Face's models.</summary>
public static class LlamaNames
{
    private const string HuggingFaceStart = "model.";

    private static readonly (string From, string To)[] _huggingFace =
    [
        ("model.embed_tokens", "tok_embeddings"),
        ("model.layers.*.input_layernorm", "layers.*.attention_norm"),
        ("model.layers.*.post_attention_layernorm", "layers.*.ffn_norm"),
        ("model.layers.*.self_attn.q_proj", "layers.*.attention.wq"),
        ("model.layers.*.self_attn.k_proj", "layers.*.attention.wk"),
        ("model.layers.*.self_attn.v_proj", "layers.*.attention.wv"),
        ("model.layers.*.self_attn.o_proj", "layers.*.attention.wo"),
        ("model.layers.*.mlp.gate_proj", "layers.*.feed_forward.w1"),
        ("model.layers.*.mlp.down_proj", "layers.*.feed_forward.w2"),
        ("model.layers.*.mlp.up_proj", "layers.*.feed_forward.w3"),
        ("model.norm", "norm"),
        ("lm_head", "output"),
    ];

    /// <summary>All of them.</summary>
    public static NameTable Table { get; } = new([.. _huggingFace.Select(static name => new NameRule(name.From, name.To))]);

    internal static CheckpointKind Kind { get; } = new("LLaMA", Table) { Others = ["rope.", "model.rotary_emb."], Tables = [ResizableTable.Positions(ClipConfig.ImagePositions)] };

    /// <summary>Whether a file's own names are Hugging Face's, whose queries and keys are of <see cref="RotaryLayout.HalfSplit"/>.</summary>
    internal static bool AreHuggingFaces(IEnumerable<string> names) => names.Any(static name => name.StartsWith(HuggingFaceStart, StringComparison.Ordinal));
}
