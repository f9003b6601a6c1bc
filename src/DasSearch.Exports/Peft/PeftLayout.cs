using DasSearch.Core.Plans;

namespace DasSearch.Exports;

/// <summary>A model as PEFT sees it: Hugging Face's names for the layers and for their projections.</summary>
/// <param name="Model">The model.</param>
/// <param name="Base">The class to load, for the reader.</param>
/// <param name="TaskType">PEFT's task type; null for none.</param>
/// <param name="Layers">What stands before a layer's number in a parameter's name.</param>
/// <param name="Attention">The projections that LoRA on attention changes: queries and values, as in its paper (arXiv:2106.09685).</param>
/// <param name="FeedForward">The projections that LoRA on the feed-forward part changes: all of them.</param>
internal sealed record PeftLayout(
    OfficialModel Model,
    string Base,
    string? TaskType,
    string Layers,
    IReadOnlyList<string> Attention,
    IReadOnlyList<string> FeedForward)
{
    private static readonly string[] _viltAttention = ["attention.attention.query", "attention.attention.value"];
    private static readonly string[] _llamaAttention = ["self_attn.q_proj", "self_attn.v_proj"];
    private static readonly string[] _llamaFeedForward = ["mlp.gate_proj", "mlp.up_proj", "mlp.down_proj"];

    /// <summary>The models whose layers PEFT can find: those with one list of them.</summary>
    internal static IReadOnlyList<PeftLayout> All { get; } =
    [
        new(OfficialModels.Vilt, "ViltModel", null, "encoder.layer", _viltAttention, ["intermediate.dense", "output.dense"]),
        new(OfficialModels.Lavin, "LlamaForCausalLM", "CAUSAL_LM", "model.layers", _llamaAttention, _llamaFeedForward),
        new(OfficialModels.Llava, "LlamaForCausalLM", "CAUSAL_LM", "model.layers", _llamaAttention, _llamaFeedForward),
    ];

    /// <summary>Whether the checkpoint that das reads has Hugging Face's projections, so that weights trained on them fit.</summary>
    /// <remarks>ViLT's own has one matrix for queries, keys and values; LLaMA's own orders the rows of queries otherwise.</remarks>
    internal bool SharesProjections => Model.Lists[0].Prefix == Layers;

    /// <summary>The projections of a part of a layer; null where LoRA has none there.</summary>
    internal IReadOnlyList<string>? Projections(string site) => site switch
    {
        DasPlacement.Attention => Attention,
        DasPlacement.FeedForward => FeedForward,
        _ => null,
    };
}
