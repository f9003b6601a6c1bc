using System.Globalization;
using DasSearch.Core;
using DasSearch.Core.Plans;

namespace DasSearch.Exports;

/// <summary>A model as PEFT sees it: Hugging Face's names for the layers and for their projections.</summary>
/// <param name="Base">The class to load, for the reader.</param>
/// <param name="TaskType">PEFT's task type; null for none.</param>
/// <param name="Layers">What stands before a layer's number in a parameter's name.</param>
/// <param name="Attention">The projections that LoRA on attention changes: queries and values, as in its paper (arXiv:2106.09685).</param>
/// <param name="FeedForward">The projections that LoRA on the feed-forward part changes: all of them.</param>
/// <param name="Trained">What das's LoRA calls its matrices of a projection within a module, by the projection's name; the matrix is left open.</param>
internal sealed record PeftLayout(
    OfficialModel Model,
    string Base,
    string? TaskType,
    string Layers,
    IReadOnlyList<string> Attention,
    IReadOnlyList<string> FeedForward,
    IReadOnlyDictionary<string, string> Trained)
{
    private static readonly Dictionary<string, string> _viltNorms = new()
    {
        ["transformer.blocks.*.norm1"] = "encoder.layer.*.layernorm_before",
        ["transformer.blocks.*.norm2"] = "encoder.layer.*.layernorm_after",
        ["transformer.norm"] = "layernorm",
    };

    private static readonly string[] _viltAttention = ["attention.attention.query", "attention.attention.value"];
    private static readonly string[] _llamaAttention = ["self_attn.q_proj", "self_attn.v_proj"];
    private static readonly string[] _llamaFeedForward = ["mlp.gate_proj", "mlp.up_proj", "mlp.down_proj"];
    private static readonly Dictionary<string, string> _none = [];

    // One matrix has queries, keys and values, one after the other, so that an update of queries or values is one of Hugging Face's projection.
    private static readonly Dictionary<string, string> _viltTrained = new()
    {
        ["attention.attention.query"] = "attn.qkv.*.query.weight", ["attention.attention.value"] = "attn.qkv.*.value.weight",
    };

    /// <summary>The models whose layers PEFT can find: those with one list of them.</summary>
    internal static IReadOnlyList<PeftLayout> All { get; } =
    [
        new(OfficialModels.Vilt, "ViltModel", null, "encoder.layer", _viltAttention, ["intermediate.dense", "output.dense"], _viltTrained) { Norms = _viltNorms },
        new(OfficialModels.Lavin, "LlamaForCausalLM", "CAUSAL_LM", "model.layers", _llamaAttention, _llamaFeedForward, _none),
        new(OfficialModels.Llama, "LlamaForCausalLM", "CAUSAL_LM", "model.layers", _llamaAttention, _llamaFeedForward, _none),
        new(OfficialModels.Llava, "LlamaForCausalLM", "CAUSAL_LM", "model.layers", _llamaAttention, _llamaFeedForward, _none),
    ];

    /// <summary>Hugging Face's names of norms by das's, with the layer's number left open; none where nothing trains them.</summary>
    internal IReadOnlyDictionary<string, string> Norms { get; private init; } = _none;

    /// <summary>What the trained weights call A and B of a projection; none where they would not fit Hugging Face's.</summary>
    /// <remarks>LLaMA's own checkpoint orders the rows of queries otherwise; where layers have Hugging Face's names, so have projections.</remarks>
    internal IReadOnlyList<string> TrainedNames(string module, string projection)
    {
        var name = Trained.GetValueOrDefault(projection) ?? (Model.Lists[0].Prefix == Layers ? projection + ".*.weight" : null);
        return name is null ? [] : [Of("lora_A"), Of("lora_B")];

        string Of(string matrix) => $"{module}.{name.Replace("*", matrix, StringComparison.Ordinal)}";
    }

    /// <summary>The projections of a part of a layer; null where LoRA has none there.</summary>
    internal IReadOnlyList<string>? Projections(string site) => site switch
    {
        Site.Attention => Attention,
        Site.FeedForward => FeedForward,
        _ => null,
    };
}

/// <summary>Turns a plan's LoRA placements into what PEFT targets.</summary>
/// <remarks>
/// Full names, since they alone mean the same in every model. PEFT drops the skipped layers first and renumbers the rest,
/// so names count the layers that are left.
/// </remarks>
internal static class LoraTargets
{
    /// <summary>The type of placement that PEFT has an equivalent for.</summary>
    internal const string Type = "lora";

    /// <param name="skipped">The layers that the plan skips, as the model numbers them.</param>
    /// <exception cref="DasSearchException">A placement is on what is no layer, or where LoRA cannot stand.</exception>
    internal static IReadOnlyList<LoraTarget> Of(SkipPlan plan, PeftLayout layout, Subnetwork skipped)
    {
        var names = layout.Model.Names(plan.Modules).ToList();
        var kept = Enumerable.Range(0, plan.Modules).Where(layer => !skipped.Contains(layer)).ToList();
        var targets = new List<LoraTarget>();
        foreach (var adapter in plan.Adapters.Where(adapter => adapter.Type == Type))
        {
            var layer = kept.IndexOf(names.IndexOf(adapter.Module));
            if (layer < 0)
            {
                throw new DasSearchException($"LoRA is placed on {adapter.Module}, which is no kept layer of {plan.Backbone}");
            }

            var projections = adapter.Placement == Placement.Parallel ? layout.Projections(adapter.Site) : null;
            if (projections is null)
            {
                throw new DasSearchException(
                    $"PEFT has LoRA parallel to {Site.Attention} or {Site.FeedForward}, "
                    + $"not {EnumNames.NameOf(adapter.Placement)} to '{adapter.Site}' of {adapter.Module}");
            }

            targets.AddRange(projections.Select(projection => new LoraTarget(
                $"{adapter.Module}.{projection}",
                layout.TrainedNames(adapter.Module, projection),
                string.Create(CultureInfo.InvariantCulture, $"{layout.Layers}.{layer}.{projection}"),
                adapter.Bottleneck,
                adapter.Scale * adapter.Bottleneck)));
        }

        return [.. targets.OrderBy(target => target.Path, StringComparer.Ordinal)];
    }
}

/// <summary>A projection that LoRA changes.</summary>
/// <param name="Source">Its module in the checkpoint that das reads, and its name there.</param>
/// <param name="Trained">What the trained weights call A and B; none where they would not fit.</param>
/// <param name="Path">Its full name in the model that PEFT makes, whose layers are renumbered.</param>
/// <param name="Rank">LoRA's rank.</param>
/// <param name="Alpha">What PEFT divides by the rank to get the scale.</param>
internal sealed record LoraTarget(string Source, IReadOnlyList<string> Trained, string Path, int Rank, double Alpha);
