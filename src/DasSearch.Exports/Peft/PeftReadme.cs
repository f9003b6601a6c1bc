using System.Globalization;
using DasSearch.Core;
using DasSearch.Core.Plans;

namespace DasSearch.Exports;

/// <summary><c>README.md</c> in the folder: how to use it, and what is not in it.</summary>
internal static class PeftReadme
{
    internal static string Text(
        PeftLayout layout, string? baseModel, SkipPlan plan, Subnetwork skipped, IReadOnlyList<string> files, IReadOnlyList<string> notes)
    {
        var model = baseModel ?? "BASE_MODEL";
        var load = files.Contains(PeftExporter.WeightsName)
            ? $"model = PeftModel.from_pretrained({layout.Base}.from_pretrained(\"{model}\"), \"THIS_FOLDER\")"
            : $"model = get_peft_model({layout.Base}.from_pretrained(\"{model}\"), LoraConfig.from_pretrained(\"THIS_FOLDER\"))";
        var import = files.Contains(PeftExporter.WeightsName) ? "PeftModel" : "LoraConfig, get_peft_model";
        var lost = notes.Count == 0 ? "Nothing of the plan is left out." : string.Join("\n", notes.Select(note => $"- {note}."));
        return string.Create(CultureInfo.InvariantCulture, $"""
            # {plan.Backbone} without {skipped.Count} of {plan.Modules} layers

            A plan of das for {OneLine.Of(plan.Task)}. Layers that are left out: {skipped}. In `adapter_config.json`,
            `layer_replication` lists those that are kept. PEFT drops the others before anything else, so that names in
            `target_modules` count what is left.

            ```python
            from peft import {import}
            from transformers import {layout.Base}

            {load}
            ```

            PEFT cannot merge an adapter that drops layers (`merge_and_unload`).

            ## What is not here

            {lost}

            """).ReplaceLineEndings("\n");
    }
}
