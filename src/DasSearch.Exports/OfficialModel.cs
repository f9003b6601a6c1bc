using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Core.Plans;

namespace DasSearch.Exports;

/// <summary>A model of the authors' code (github.com/DoubtedSteam/DAS): how its gates are numbered, and what they belong to.</summary>
/// <remarks>
/// Gates count the layers of the first list, then those of the second. What a layer is called decides, never what the
/// code prints beside it: METER's prints its text layers under the label of images.
/// </remarks>
/// <param name="Name">What plans call the backbone.</param>
/// <param name="Summary">What it is, in a few words.</param>
/// <param name="Modules">How many gates the code has.</param>
/// <param name="Lists">The lists of layers that the gates belong to, each with the same number of layers.</param>
/// <param name="Adapters">Sizes of the adapters that the code places; null where das does not know how to place them.</param>
public sealed record OfficialModel(
    string Name, string Summary, int Modules, IReadOnlyList<LayerSeries> Lists, AdapterConfig? Adapters)
{
    /// <summary>What its modules are.</summary>
    public ModuleKind Kind => Lists.Count > 1 ? ModuleKind.CrossLayer : ModuleKind.Whole;

    /// <summary>The modules in the order in which the backbone computes them, where lists take turns.</summary>
    /// <exception cref="DasSearchException">The lists would be of different lengths.</exception>
    public IReadOnlyList<ModulePart> InOrder(int modules)
    {
        var (names, layers) = (Names(modules), modules / Lists.Count);
        return [.. Enumerable.Range(0, modules).Select(i => new ModulePart(names[(i % Lists.Count * layers) + (i / Lists.Count)], Kind))];
    }

    /// <summary>The modules' names, in the order of the gates.</summary>
    /// <exception cref="DasSearchException">The lists would be of different lengths.</exception>
    public IReadOnlyList<string> Names(int modules)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(modules, 1);
        if (modules % Lists.Count != 0)
        {
            throw new DasSearchException(
                $"{Name} has {Lists.Count} lists of layers, one as long as the other, which {modules} modules cannot be");
        }

        var layers = Enumerable.Range(0, modules / Lists.Count);
        return [.. Lists.SelectMany(list => layers.Select(layer => $"{list.Prefix}.{layer}"))];
    }

    /// <summary>The gates of the modules that a plan skips, ascending.</summary>
    /// <exception cref="DasSearchException">The plan skips parts of layers, or what is no module of this model.</exception>
    public IReadOnlyList<int> GatesOf(SkipPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var names = Names(plan.Modules).ToList();
        return [.. plan.Skip.Select(module => GateOf(module, names)).Order()];
    }

    private int GateOf(SkippedModule module, List<string> names)
    {
        if (!module.Kind.IsLayer())
        {
            throw new DasSearchException(
                $"{module.Module} is skipped as {EnumNames.NameOf(module.Kind)}, but {Name} can only be told to skip whole layers");
        }

        var gate = names.IndexOf(module.Module);
        return gate >= 0
            ? gate
            : throw new DasSearchException(
                $"{module.Module} is no module of {Name}, whose {names.Count} modules go from {names[0]} to {names[^1]}");
    }
}

/// <summary>A list of layers in a checkpoint, one after the other.</summary>
/// <param name="Prefix">What stands before a layer's number in its name, such as <c>transformer.blocks</c>.</param>
/// <param name="Stream">The stream that its layers work on, such as <c>fused</c> or <c>text</c>.</param>
public sealed record LayerSeries(string Prefix, string Stream);

/// <summary>Layers that are kept, from <see cref="Start"/> up to, without, <see cref="End"/>.</summary>
internal readonly record struct LayerRange(int Start, int End);

/// <summary>What is left of a list of layers, as other tools write it.</summary>
internal static class KeptRanges
{
    /// <summary>The fewest ranges that hold every kept layer and no other, in order.</summary>
    /// <exception cref="ExportException">No layer is left.</exception>
    internal static IReadOnlyList<LayerRange> Of(Subnetwork skipped)
    {
        var ranges = new List<LayerRange>();
        var start = 0;
        foreach (var index in skipped.Skipped.Append(skipped.Modules))
        {
            if (index > start)
            {
                ranges.Add(new LayerRange(start, index));
            }

            start = index + 1;
        }

        return ranges.Count > 0 ? ranges : throw new ExportException("the plan skips every layer, and one has to be left");
    }
}

/// <summary>The models that the authors' code searches.</summary>
public static class OfficialModels
{
    /// <summary>ViLT: one list of blocks over text and image together.</summary>
    public static OfficialModel Vilt { get; } = new("vilt", "ViLT-B/32", 12, [new("transformer.blocks", "fused")], new());

    /// <summary>METER: the cross-modal layers of text first, then those of the image; its encoders are not searched.</summary>
    public static OfficialModel Meter { get; } = new(
        "meter", "METER", 12, [new("cross_modal_text_layers", "text"), new("cross_modal_image_layers", "image")], new() { SkipBottleneck = 288 });

    /// <summary>LaVIN: the decoder layers of LLaMA, as its authors name them.</summary>
    public static OfficialModel Lavin { get; } = new("lavin", "LaVIN on LLaMA-7B", 32, [new("layers", "text")], null);

    /// <summary>LLaVA: the decoder layers of LLaMA, as Hugging Face names them.</summary>
    public static OfficialModel Llava { get; } = new("llava", "LLaVA-1.5-7B", 32, [new("model.layers", "text")], null);

    /// <summary>A decoder as das has it, whose layers have the names of LaVIN's; no model of the authors' code.</summary>
    internal static OfficialModel Llama { get; } = new("llama", "a LLaMA-style decoder", 32, [new("layers", "text")], null);

    /// <summary>The models that the authors' code searches, in the order in which help lists them.</summary>
    public static IReadOnlyList<OfficialModel> All { get; } = [Vilt, Meter, Lavin, Llava];

    /// <summary>The model of a backbone's name; null where the authors' code has none.</summary>
    public static OfficialModel? Find(string backbone) => All.FirstOrDefault(model => model.Name == backbone);

    /// <summary>The model that <c>--backbone</c> names.</summary>
    /// <exception cref="ConfigException">There is none; the message lists the names.</exception>
    public static OfficialModel Named(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var names = All.Select(model => model.Name).ToList();
        var hint = NearestName.Of(name, names) is { } nearest ? $"; did you mean {nearest}?" : "";
        return Find(name) ?? throw new ConfigException("--backbone", $"must be {string.Join(" or ", names)}, not '{name}'{hint}");
    }
}
