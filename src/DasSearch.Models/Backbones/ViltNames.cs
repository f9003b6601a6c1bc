using DasSearch.Formats;
using DasSearch.Models.Checkpoints;

namespace DasSearch.Models.Backbones;

/// <summary>The names under which a ViLT's weights come: the official ones, and those of Hugging Face's models, with <c>vilt.</c> before them or without.</summary>
/// <remarks>
/// Hugging Face keeps queries, keys and values apart that are one Linear here, and calls every task's head <c>classifier</c>: the first Linear of that
/// for NLVR2 reads two summaries and is as wide as what it reads, that of VQA's twice so.
/// </remarks>
public static class ViltNames
{
    private static readonly (string From, string To)[] _huggingFace =
    [
        ("embeddings.text_embeddings", "text_embeddings"),
        ("embeddings.cls_token", "transformer.cls_token"),
        ("embeddings.position_embeddings", "transformer.pos_embed"),
        ("embeddings.patch_embeddings.projection", "transformer.patch_embed.proj"),
        ("embeddings.token_type_embeddings", "token_type_embeddings"),
        ("encoder.layer.*.layernorm_before", "transformer.blocks.*.norm1"),
        ("encoder.layer.*.layernorm_after", "transformer.blocks.*.norm2"),
        ("encoder.layer.*.attention.output.dense", "transformer.blocks.*.attn.proj"),
        ("encoder.layer.*.intermediate.dense", "transformer.blocks.*.mlp.fc1"),
        ("encoder.layer.*.output.dense", "transformer.blocks.*.mlp.fc2"),
        ("layernorm", "transformer.norm"),
        ("pooler", "pooler"),
    ];

    private static readonly string[] _projections = ["query", "key", "value"];

    /// <summary>All of them.</summary>
    public static NameTable Table { get; } = new([.. Rules("vilt."), .. Rules("")])
    {
        Shaped = [new ShapedName("classifier", "classifier.0.weight", static shape => shape is [var rows, var columns] && rows == columns ? "nlvr2_classifier" : "vqa_classifier")],
    };

    /// <summary>What a ViLT's checkpoints are like: they may have heads besides.</summary>
    internal static CheckpointKind Kind { get; } = new("ViLT", Table)
    {
        Others =
        [
            "mlm_score.", "itm_score.", "word_itm_score.", "summary_score.", "mpp_score.", "vqa_classifier.", "nlvr2_classifier.", "snli_classifier.", "img_classifier.", "classifier.", "rank_output.",
            "text_embeddings.position_ids", "transformer.mask_token", "transformer.head.", "adapter_list.", "skip_num", "das_gate",
        ],
        Tables = [ResizableTable.SecondImage(ViltCheckpoint.Modalities)],
    };

    private static IEnumerable<NameRule> Rules(string prefix) =>
    [
        .. _huggingFace.Select(name => new NameRule(prefix + name.From, name.To)),
        .. _projections.Select((name, i) => new NameRule($"{prefix}encoder.layer.*.attention.attention.{name}", "transformer.blocks.*.attn.qkv") { Parts = _projections.Length, Part = i }),
    ];
}
