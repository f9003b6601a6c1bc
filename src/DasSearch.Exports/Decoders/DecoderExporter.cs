using System.Globalization;
using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Formats;

namespace DasSearch.Exports;

/// <summary>A decoder's checkpoint without the layers that a plan skips, the others numbered anew, and the settings beside it to match.</summary>
/// <remarks>What a method trains, and what stands in place of skipped layers, is not in it.</remarks>
internal sealed class DecoderExporter : IPlanExporter
{
    private static readonly DecoderFolder _folder = new("decoder without layers", "das export --to decoder");

    public string Name => "decoder";

    public string Summary => "a folder with a decoder's own checkpoint without the skipped layers, as Hugging Face and das read it";

    public void Claim(OutputGuard guard, ExportRequest request) => _folder.Claim(guard, request);

    public ExportResult Export(ExportRequest request)
    {
        var plan = request.Plan;
        DecoderNames.CheckBackbone(plan, request.PlanPath);
        if (plan.Granularity != Granularity.Layers)
        {
            throw new ExportException($"a checkpoint has whole layers, and {request.PlanPath} skips parts of them: --to llm-drop can express it");
        }

        var source = DecoderSource.Of(request);
        var numbers = KeptRanges.Of(plan.Subnetwork).SelectMany(static range => Enumerable.Range(range.Start, range.End - range.Start))
            .Select(static (layer, number) => (layer, number)).ToDictionary(static kept => kept.layer, static kept => kept.number);
        var tensors = source.Weights.Tensors.Values.Select(tensor => DecoderNames.Renumbered(tensor.Name, numbers) is { } name ? tensor with { Name = name } : null);
        return _folder.Write(request, source, tensors.OfType<WeightTensor>(), source.Settings?.Without(plan.Subnetwork), [.. Notes(plan, source)]);
    }

    private static IEnumerable<string> Notes(SkipPlan plan, DecoderSource source)
    {
        if (plan.Adapters.Count > 0)
        {
            yield return $"a checkpoint can only lack layers: the plan's {plan.Adapters.Count} adapters are left out";
        }

        if (source.Settings is null)
        {
            yield return $"there is no {string.Join(" or ", DecoderSettings.Files)} beside {source.Path}: tools that need one have to be told of {plan.Modules - plan.Skip.Count} layers";
        }
    }
}

/// <summary>A decoder's checkpoint without the attentions and feed-forward parts that a plan skips, and LLM-Drop's lists of them (arXiv:2406.15786).</summary>
/// <remarks>Layers keep their numbers, and a skipped layer is in both lists: LLM-Drop's models run neither the norm nor anything else of what is in them.</remarks>
internal sealed class LlmDropExporter : IPlanExporter
{
    private static readonly DecoderFolder _folder = new("decoder for LLM-Drop", "das export --to llm-drop");

    public string Name => "llm-drop";

    public string Summary => "a folder with a decoder without skipped parts, and LLM-Drop's drop_attn_list and drop_mlp_list in its config.json";

    public void Claim(OutputGuard guard, ExportRequest request) => _folder.Claim(guard, request);

    public ExportResult Export(ExportRequest request)
    {
        var plan = request.Plan;
        DecoderNames.CheckBackbone(plan, request.PlanPath);
        var source = DecoderSource.Of(request);
        if (source.Weights.Tensors.Keys.FirstOrDefault(static name => DecoderNames.PartOf(name) is { IsHuggingFaces: false }) is { } other)
        {
            throw new ExportException($"LLM-Drop's models have Hugging Face's names, and {source.Path} has {other}: convert the checkpoint first");
        }

        var (attentions, feedForward) = (Layers(plan, ModuleKind.Attention), Layers(plan, ModuleKind.FeedForward));
        var tensors = source.Weights.Tensors.Values
            .Where(tensor => DecoderNames.PartOf(tensor.Name) is not { } part || !(part.IsAttention ? attentions : feedForward).Contains(part.Layer));
        var settings = (source.Settings ?? DecoderSettings.Empty).With(("drop_attn_list", attentions), ("drop_mlp_list", feedForward));
        return _folder.Write(request, source, tensors, settings, [.. Notes(plan, source)]);
    }

    private static IEnumerable<string> Notes(SkipPlan plan, DecoderSource source)
    {
        yield return "the model's code has to be LLM-Drop's: copy its configuration_dropped_….py and modeling_dropped_….py into the folder and name them in config.json under auto_map";
        if (plan.Adapters.Count > 0)
        {
            yield return $"LLM-Drop can only drop: the plan's {plan.Adapters.Count} adapters are left out";
        }

        if (source.Settings is null)
        {
            yield return $"there is no config.json beside {source.Path}: the one that was written has nothing but the two lists";
        }
    }

    private static List<int> Layers(SkipPlan plan, ModuleKind part) => [.. plan.Skip
        .Where(module => module.Kind == ModuleKind.Whole || module.Kind == part)
        .Select(module => plan.Granularity == Granularity.Layers ? module.Index : module.Index / 2)
        .Order()];
}

/// <summary>A folder with one file of weights and the settings beside it.</summary>
/// <remarks>Tensors go from file to file one after the other, as they are: a model of any size takes no more memory than its largest tensor.</remarks>
/// <param name="name">What messages call one.</param>
/// <param name="making">What the weights say of who made them.</param>
internal sealed class DecoderFolder(string name, string making)
{
    internal const string WeightsName = "model.safetensors";

    private const string Maker = "made_by";

    // What an index says of its files, which are others now.
    private const string Size = "total_size";

    private static readonly string[] _names = [WeightsName, .. DecoderSettings.Files];
    private readonly FolderKind _kind = new(name, folder => Path.Combine(folder, WeightsName) is var weights && File.Exists(weights)
        && SafetensorsFile.Kind(name, Maker, making).IsOwn(weights) ? _names : []);

    internal void Claim(OutputGuard guard, ExportRequest request) => guard.ClaimFolder(request.Output, _kind, _names);

    /// <param name="settings">The text of the settings; null for none.</param>
    /// <exception cref="DasSearchException">It is the folder that the weights come from, or cannot be written.</exception>
    internal ExportResult Write(ExportRequest request, DecoderSource source, IEnumerable<WeightTensor> tensors, string? settings, IReadOnlyList<string> notes)
    {
        if (Path.GetFullPath(request.Output) == Path.GetDirectoryName(Path.GetFullPath(source.Path)))
        {
            throw new ExportUsageException($"the output {request.Output} is the folder of what it is made of: name another one with -o");
        }

        var metadata = source.Weights.Metadata.Where(static entry => entry.Key is not (Maker or Size)).Append(new("format", "pt")).Append(new(Maker, making))
            .DistinctBy(static entry => entry.Key).ToDictionary();
        OutputFolder.Write(request.Output, _kind, folder =>
        {
            SafetensorsFile.Write(Path.Combine(folder, WeightsName), tensors, metadata);
            if (settings is not null)
            {
                File.WriteAllText(Path.Combine(folder, source.Settings?.Name ?? DecoderSettings.Files[0]), settings);
            }
        });
        return new ExportResult([.. _names.Select(name => Path.Combine(request.Output, name)).Where(File.Exists)], notes);
    }
}

/// <summary>Names of what is in a decoder's layers, the authors' and Hugging Face's.</summary>
internal static class DecoderNames
{
    private static readonly (string Prefix, string[] Attention)[] _names =
    [
        ("layers.", [".attention.", ".attention_norm."]),
        ("model.layers.", [".self_attn.", ".input_layernorm."]),
    ];

    /// <exception cref="ExportUsageException">The plan is for another backbone.</exception>
    internal static void CheckBackbone(SkipPlan plan, string path)
    {
        if (plan.Backbone != OfficialModels.Llama.Name)
        {
            throw new ExportUsageException($"only plans for {OfficialModels.Llama.Name} leave layers out of a decoder's checkpoint, and {path} is for {plan.Backbone}");
        }
    }

    /// <summary>Where a tensor belongs; null outside the layers.</summary>
    internal static DecoderPart? PartOf(string name)
    {
        var (prefix, attention) = Array.Find(_names, names => name.StartsWith(names.Prefix, StringComparison.Ordinal));
        var end = prefix is null ? -1 : name.IndexOf('.', prefix.Length);
        return end > 0 && int.TryParse(name.AsSpan(prefix!.Length, end - prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var layer)
            ? new DecoderPart(prefix, layer, name[end..], Array.Exists(attention, part => name.AsSpan(end).StartsWith(part, StringComparison.Ordinal)))
            : null;
    }

    /// <summary>A tensor's name once layers are numbered anew; null where its layer is gone.</summary>
    internal static string? Renumbered(string name, IReadOnlyDictionary<int, int> numbers) => PartOf(name) is not { } part ? name
        : numbers.TryGetValue(part.Layer, out var number) ? string.Create(CultureInfo.InvariantCulture, $"{part.Prefix}{number}{part.Rest}")
        : null;
}

/// <summary>Where a tensor of a decoder's layers belongs.</summary>
/// <param name="Prefix">What stands before the layer's number.</param>
/// <param name="Rest">What follows it.</param>
/// <param name="IsAttention">Whether it is of the attention or its norm; else of the feed-forward part or its.</param>
internal sealed record DecoderPart(string Prefix, int Layer, string Rest, bool IsAttention)
{
    internal bool IsHuggingFaces => Prefix.StartsWith("model.", StringComparison.Ordinal);
}
