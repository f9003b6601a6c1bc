using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Formats;

namespace DasSearch.Exports;

/// <summary>A configuration for mergekit (github.com/arcee-ai/mergekit) that leaves the skipped layers out of a model.</summary>
/// <remarks>mergekit can only drop layers: what stands in for them, and all that DAS trains, is not in its model.</remarks>
internal sealed class MergekitExporter : IPlanExporter
{
    private const string Model = "model";
    private const string Type = "dtype";

    private static readonly OutputKind _kind = OutputKind.Begins("configuration of mergekit", "^# A plan of das for ");
    private static readonly string[] _types = ["bfloat16", "float16", "float32"];

    public string Name => "mergekit";

    public string Summary => "a mergekit configuration (YAML) that drops the skipped layers of a decoder";

    public string Suffix => ".mergekit.yaml";

    public IReadOnlyList<ExportOption> Options { get; } =
    [
        new(Model, "the model to take the layers from, a folder or a name on the Hugging Face hub; always needed"),
        new(Type, $"the type to save weights in, {string.Join(" or ", _types)}; by default {_types[0]}"),
    ];

    public void Claim(OutputGuard guard, ExportRequest request) => guard.Claim(request.Output, _kind);

    public ExportResult Export(ExportRequest request)
    {
        var plan = request.Plan;
        var model = request.Options.GetValueOrDefault(Model);
        var official = plan.Backbone == OfficialModels.Llama.Name ? OfficialModels.Llama : OfficialModels.Find(plan.Backbone);
        if (official?.Lists.Count != 1)
        {
            throw new ExportUsageException(
                $"mergekit knows decoders of one list of layers, and {plan.Backbone} is none: it cannot express {request.PlanPath}");
        }

        if (string.IsNullOrWhiteSpace(model))
        {
            throw new ExportUsageException(
                $"mergekit has to know the model that the layers come from: --option {Model}=NAME, {Advice(official)}");
        }

        var type = request.Options.GetValueOrDefault(Type, _types[0]);
        if (!_types.Contains(type))
        {
            throw new ExportUsageException($"--option {Type} must be {string.Join(" or ", _types)}, not '{type}'");
        }

        var skipped = new Subnetwork(plan.Modules, official.GatesOf(plan));
        var text = MergekitConfig.Text(plan, skipped, model, type);
        OutputFile.Write(request.Output, file => file.Write(Encoding.UTF8.GetBytes(text)));
        return new ExportResult([request.Output], [.. Notes(plan, official)]);
    }

    private static string Advice(OfficialModel model) =>
        model == OfficialModels.Lavin ? "the LLaMA-7B that LaVIN stands on, in Hugging Face's form"
        : model == OfficialModels.Llama ? "the plan's checkpoint in Hugging Face's form"
        : model == OfficialModels.Llava ? "the decoder alone, such as the Vicuna-7B that LLaVA stands on"
        : "a bare ViltModel in Hugging Face's form";

    private static IEnumerable<string> Notes(SkipPlan plan, OfficialModel model)
    {
        if (plan.Adapters.Count > 0)
        {
            yield return $"mergekit can only drop layers: the plan's {plan.Adapters.Count} adapters are left out";
        }

        if (model == OfficialModels.Vilt)
        {
            yield return "mergekit has no definition of ViLT and goes by tensor names: with a numbered head, such as that of "
                + "ViltForQuestionAnswering, it fails, and num_hidden_layers in config.json has to be set by hand";
        }
    }
}

/// <summary>The configuration's text.</summary>
internal static class MergekitConfig
{
    private static readonly JsonSerializerOptions _quoted = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="skipped">The layers that it skips, as the model numbers them; not all.</param>
    /// <param name="model">The model, as mergekit refers to it.</param>
    /// <param name="type">The type of the weights to save.</param>
    internal static string Text(SkipPlan plan, Subnetwork skipped, string model, string type)
    {
        var text = new StringBuilder();
        var left = plan.Modules - skipped.Count;
        Line(text, $"# A plan of das for {SingleLine.Of(plan.Task)}: without layers {skipped}, {left} of {plan.Modules} are left.");
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
