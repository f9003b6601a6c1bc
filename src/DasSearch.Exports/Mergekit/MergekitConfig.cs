using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using DasSearch.Core;
using DasSearch.Core.Plans;

namespace DasSearch.Exports;

/// <summary>The configuration's text.</summary>
internal static class MergekitConfig
{
    private static readonly JsonSerializerOptions _quoted = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="plan">The plan.</param>
    /// <param name="skipped">The layers that it skips, as the model numbers them; not all.</param>
    /// <param name="model">The model, as mergekit refers to it.</param>
    /// <param name="type">The type of the weights to save.</param>
    internal static string Text(SkipPlan plan, Subnetwork skipped, string model, string type)
    {
        var text = new StringBuilder();
        var left = plan.Modules - skipped.Count;
        Line(text, $"# A plan of das for {OneLine.Of(plan.Task)}: without layers {skipped}, {left} of {plan.Modules} are left.");
        Line(text, $"# Passthrough only drops layers: adapters cannot be expressed, neither in place of a layer nor beside it.");
        Line(text, $"# If config.json lists layer_types, cut the list, too: mergekit leaves it as it was.");
        Line(text, $"merge_method: passthrough");
        Line(text, $"dtype: {type}");
        Line(text, $"slices:");

        // A JSON text is one of YAML, whatever is in the name.
        var name = JsonSerializer.Serialize(model, _quoted);
        foreach (var range in KeptRanges.Of(skipped))
        {
            Line(text, $"  - sources:");
            Line(text, $"      - model: {name}");
            Line(text, $"        layer_range: [{range.Start}, {range.End}]");
        }

        return text.ToString();
    }

    private static void Line(StringBuilder text, FormattableString line) =>
        text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
