using System.Text.Json;
using System.Text.Json.Nodes;
using DasSearch.Core;
using DasSearch.Formats;

namespace DasSearch.Exports;

/// <summary>What a decoder's plan was made for: its checkpoint, and the settings beside it.</summary>
/// <param name="Path">The checkpoint.</param>
/// <param name="Weights">What is in it.</param>
/// <param name="Settings">Null where there are none.</param>
internal sealed record DecoderSource(string Path, WeightFile Weights, DecoderSettings? Settings)
{
    /// <exception cref="DasSearchException">The plan began with fresh weights, or its checkpoint is missing, another one or of other layers.</exception>
    internal static DecoderSource Of(ExportRequest request)
    {
        var plan = request.Plan;
        var path = new PlanFiles(plan, request.PlanPath, request.Database).Checkpoint(request.Checkpoint, PlanRun.Settings(request)?.Path)
            ?? throw new ExportException($"{request.PlanPath} began with fresh weights, which are in no checkpoint");
        var weights = WeightFile.Open(path);
        var layers = weights.Tensors.Keys.Max(static name => DecoderNames.PartOf(name)?.Layer ?? -1L) + 1;
        var planned = plan.Granularity == Granularity.Layers ? plan.Modules : plan.Modules / 2;
        return layers == planned
            ? new DecoderSource(path, weights, DecoderSettings.Beside(path))
            : throw new ExportException($"{path} has {layers} layers, and {request.PlanPath} is for {planned}");
    }
}

/// <summary>What lies beside a decoder's checkpoint and says how many layers it has.</summary>
/// <param name="Name">The file's name.</param>
/// <param name="Text">What it says, JSON.</param>
internal sealed record DecoderSettings(string Name, string Text)
{
    private static readonly JsonSerializerOptions _written = new() { WriteIndented = true, NewLine = "\n" };
    private static readonly string[] _counts = ["num_hidden_layers", "n_layers"];

    /// <summary>Hugging Face's, and the authors'.</summary>
    internal static IReadOnlyList<string> Files { get; } = ["config.json", "params.json"];

    internal static DecoderSettings Empty { get; } = new(Files[0], "{}");

    internal static DecoderSettings? Beside(string checkpoint)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(checkpoint))!;
        return Files.FirstOrDefault(file => File.Exists(Path.Combine(folder, file))) is { } name
            ? new DecoderSettings(name, InputFile.ReadText(Path.Combine(folder, name), InputKind.ModelSettings))
            : null;
    }

    /// <summary>The same of a model without some layers; what is told of each layer, <c>layer_types</c>, loses theirs.</summary>
    /// <exception cref="ExportException">It is no JSON object.</exception>
    internal string Without(Subnetwork skipped)
    {
        var settings = Parse();
        foreach (var key in _counts.Where(settings.ContainsKey))
        {
            settings[key] = skipped.Modules - skipped.Count;
        }

        if (settings["layer_types"] is JsonArray types && types.Count == skipped.Modules)
        {
            settings["layer_types"] = new JsonArray([.. types.Where((_, layer) => !skipped.Contains(layer)).Select(static type => type?.DeepClone())]);
        }

        return settings.ToJsonString(_written) + "\n";
    }

    /// <summary>The same with lists of layers.</summary>
    /// <exception cref="ExportException">It is no JSON object.</exception>
    internal string With(params IEnumerable<(string Key, List<int> Layers)> lists)
    {
        var settings = Parse();
        foreach (var (key, layers) in lists)
        {
            settings[key] = new JsonArray([.. layers.Select(static layer => (JsonNode)layer)]);
        }

        return settings.ToJsonString(_written) + "\n";
    }

    private JsonObject Parse()
    {
        try
        {
            return JsonNode.Parse(Text) is JsonObject settings && settings.Count >= 0 // finds a key that is there twice
                ? settings
                : throw new ExportException($"{Name} beside the checkpoint is no JSON object of settings");
        }
        catch (Exception failure) when (failure is JsonException or ArgumentException)
        {
            throw new ExportException($"{Name} beside the checkpoint is no JSON: {failure.Message.Split('\n')[0]}", failure);
        }
    }
}
