using System.Text.Json;
using System.Text.Json.Nodes;
using DasSearch.Core;

namespace DasSearch.Exports;

/// <summary><c>adapter_config.json</c>, whose fields are those of PEFT's LoraConfig.</summary>
internal static class PeftConfig
{
    // What PEFT takes for an adapter that changes no module (peft/utils/constants.py).
    private const string NoTargets = "dummy-target-modules";

    private static readonly JsonSerializerOptions _written = new() { WriteIndented = true, NewLine = "\n" };

    /// <param name="layout">The model.</param>
    /// <param name="baseModel">Its name or folder; null where the user named none.</param>
    /// <param name="skipped">The layers to drop, as the model numbers them.</param>
    /// <param name="targets">What LoRA changes, in the model without them.</param>
    /// <param name="isTrained">Whether the weights come along.</param>
    internal static string Text(PeftLayout layout, string? baseModel, Subnetwork skipped, IReadOnlyList<LoraTarget> targets, bool isTrained)
    {
        var config = new JsonObject
        {
            ["peft_type"] = "LORA",
            ["task_type"] = layout.TaskType,
            ["base_model_name_or_path"] = baseModel,
            ["inference_mode"] = isTrained,
            ["target_modules"] = targets.Count == 0 ? NoTargets : new JsonArray([.. targets.Select(target => (JsonNode)target.Path)]),
            ["bias"] = "none",
            ["lora_dropout"] = 0.0,
        };
        if (skipped.Count > 0)
        {
            config["layer_replication"] = new JsonArray(
                [.. KeptRanges.Of(skipped).Select(range => (JsonNode)new JsonArray(range.Start, range.End))]);
        }

        if (targets.Count > 0)
        {
            AddRanks(config, targets);
        }

        return config.ToJsonString(_written) + "\n";
    }

    // One rank for all, and a list of those that differ.
    private static void AddRanks(JsonObject config, IReadOnlyList<LoraTarget> targets)
    {
        var (rank, alpha) = (targets[0].Rank, targets[0].Alpha);
        config["r"] = rank;
        config["lora_alpha"] = alpha;
        config["rank_pattern"] = new JsonObject(
            targets.Where(target => target.Rank != rank).Select(target => KeyValuePair.Create(target.Path, (JsonNode?)target.Rank)));
        config["alpha_pattern"] = new JsonObject(
            targets.Where(target => target.Alpha != alpha).Select(target => KeyValuePair.Create(target.Path, (JsonNode?)target.Alpha)));
    }
}
