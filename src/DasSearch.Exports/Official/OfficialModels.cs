using DasSearch.Core;
using DasSearch.Core.Configuration;

namespace DasSearch.Exports;

/// <summary>The models that the authors' code searches.</summary>
public static class OfficialModels
{
    /// <summary>ViLT: one list of blocks over text and image together.</summary>
    public static OfficialModel Vilt { get; } = new("vilt", "ViLT-B/32", 12, [new("transformer.blocks", "fused")], new());

    /// <summary>METER: the cross-modal layers of text first, then those of the image; its encoders are not searched.</summary>
    public static OfficialModel Meter { get; } = new(
        "meter", "METER", 12, [new("cross_modal_text_layers", "text"), new("cross_modal_image_layers", "image")], null);

    /// <summary>LaVIN: the decoder layers of LLaMA, as its authors name them.</summary>
    public static OfficialModel Lavin { get; } = new("lavin", "LaVIN on LLaMA-7B", 32, [new("layers", "text")], null);

    /// <summary>LLaVA: the decoder layers of LLaMA, as Hugging Face names them.</summary>
    public static OfficialModel Llava { get; } = new("llava", "LLaVA-1.5-7B", 32, [new("model.layers", "text")], null);

    /// <summary>All of them, in the order in which help lists them.</summary>
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
