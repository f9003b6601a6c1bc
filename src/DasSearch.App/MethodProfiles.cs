using DasSearch.Core.Configuration;
using DasSearch.Models.Backbones;
using DasSearch.Transfer;

namespace DasSearch.App;

/// <summary>What each transfer method costs on a backbone as papers profile it, with nothing skipped, beside what they published.</summary>
/// <param name="Backbone">The backbone's name.</param>
/// <param name="MultiplyAccumulates">Of the backbone alone, for one sample.</param>
public sealed record MethodProfiles(string Backbone, long MultiplyAccumulates, IReadOnlyList<MethodProfile> Methods)
{
    /// <summary>Networks of these methods with layers skipped whose parameters were published.</summary>
    public IReadOnlyList<NetworkParameters> Networks { get; init; } = [];

    /// <summary>Settings of these methods whose parameters were published.</summary>
    public IReadOnlyList<MethodVariant> Variants { get; init; } = [];

    /// <summary>Networks of the backbone's kind whose Linears were made two of a low rank each in a paper.</summary>
    public IReadOnlyList<CompressionProfile> Compressions { get; init; } = [];

    /// <summary>Of some methods, at their default settings.</summary>
    public static MethodProfiles Of(BackboneEntry backbone, IEnumerable<ITransferMethod> methods) => Of(backbone, methods, new Dictionary<string, string>());

    /// <summary>The same at other settings.</summary>
    /// <param name="options">The methods' own, which each of them has.</param>
    /// <exception cref="Core.DasSearchException">They do not fit the backbone.</exception>
    public static MethodProfiles Of(BackboneEntry backbone, IEnumerable<ITransferMethod> methods, IReadOnlyDictionary<string, string> options)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        ArgumentNullException.ThrowIfNull(options);
        var description = backbone.DescribeProfiled();
        var asked = methods.ToList();
        var all = asked.Count == 1 ? asked : [.. asked.Where(method => method.Misfit(description, MethodProfile.SettingsOf(backbone, options)) is null)];
        return new MethodProfiles(
            backbone.Name,
            description.OutsideMultiplyAccumulates + description.Modules.Sum(static module => module.MultiplyAccumulates),
            [.. all.Select(method => MethodProfile.Of(method, MethodProfile.SettingsOf(backbone, options), backbone.Name, description))])
        {
            // At the settings of papers.
            Networks = options.Count > 0 ? [] : [.. all.SelectMany(method => PublishedNetwork.Of(backbone.Name, method.Name).Select(network => network.Count(method, description)))],
            Variants = options.Count > 0 ? [] : [.. all.SelectMany(method => MethodVariant.Of(backbone.Name, method, description))],
        };
    }
}

/// <summary>What a transfer method adds.</summary>
/// <param name="Method">Its name.</param>
/// <param name="Parameters">Parameters that it trains beside poolers, modality embeddings and head, which all methods train.</param>
/// <param name="MultiplyAccumulates">More than the backbone's, for one sample, once all that merges exactly is merged.</param>
/// <param name="UnmergedMultiplyAccumulates">More than the backbone's as it is trained.</param>
/// <param name="Published">What papers say; null where they have no such row.</param>
public sealed record MethodProfile(string Method, long Parameters, long MultiplyAccumulates, long UnmergedMultiplyAccumulates, PublishedCosts? Published)
{
    internal static TransferSettings SettingsOf(BackboneEntry backbone, IReadOnlyDictionary<string, string> options) => new() { Adapters = backbone.Adapters, Options = options };

    internal static MethodProfile Of(ITransferMethod method, TransferSettings settings, string backbone, BackboneDescription description)
    {
        var whole = Core.Subnetwork.Whole(description.Modules.Count);
        var (account, unmerged) = (method.NetworkCosts(description, settings).Of(whole), method.NetworkCosts(description, settings, isMerged: false).Of(whole));
        var shared = description.Parameters.Where(parameter => description.IsAlwaysTrained(parameter.Name)).Sum(static parameter => parameter.Count);
        return new MethodProfile(
            method.Name,
            account.TrainableParameters - shared,
            account.PlanMultiplyAccumulates - account.FullMultiplyAccumulates,
            unmerged.PlanMultiplyAccumulates - unmerged.FullMultiplyAccumulates,
            settings.Options.Count > 0 ? null : PublishedCosts.Find(backbone, method.Name));
    }
}

/// <summary>What papers say that a method costs, as they print it.</summary>
/// <param name="Parameters">Updated parameters, such as <c>1.92 M</c>.</param>
/// <param name="MultiplyAccumulates">More multiply-accumulates, such as <c>0.91 G</c>, which they call FLOPs; null where they say nothing.</param>
/// <param name="Source">Which paper.</param>
public sealed record PublishedCosts(string Parameters, string? MultiplyAccumulates, string Source)
{
    private const string Apt = "APT (arXiv:2306.15706)";
    private const string Ttc = "TTC-Tuning (arXiv:2303.07910), ViT-B/16";

    private static readonly Dictionary<(string Backbone, string Method), PublishedCosts> _all = new()
    {
        [("vilt", "full")] = new("115.43 M", "0", Apt),
        [("vilt", "linear")] = new("0", "0", Apt),
        [("vilt", "prompt-shallow")] = new("0.15 M", null, Apt),
        [("vilt", "prompt-deep")] = new("1.84 M", "5.14 G", Apt),
        [("vilt", "lora")] = new("0.15 M", "0, merged", Apt),
        [("vilt", "scaled-pa")] = new("1.80 M", "0.44 G", Apt),
        [("vilt", "adapter")] = new("3.56 M", "0.86 G", Apt),
        [("vilt", "apt")] = new("1.92 M", "0.91 G", Apt),
        [("meter", "full")] = new("323.31 M", "0", Apt),
        [("meter", "linear")] = new("0", "0", Apt),
        [("meter", "prompt-shallow")] = new("0.31 M", null, Apt),
        [("meter", "prompt-deep")] = new("3.68 M", "13.05 G", Apt),
        [("meter", "lora")] = new("0.29 M", "0, merged", Apt),
        [("meter", "scaled-pa")] = new("3.82 M", "1.12 G", Apt),
        [("meter", "adapter")] = new("5.34 M", "1.64 G", Apt),
        [("meter", "apt")] = new("3.83 M", "2.31 G", Apt),
        [("vit", "layer-norm")] = new("0.03 M", null, Ttc),
        [("vit", "bitfit")] = new("0.10 M", null, Ttc),
        [("vit", "ssf")] = new("0.21 M", null, Ttc),
        [("vit", "ttc")] = new("0.11 M, with norms 0.15 M", null, Ttc),
        [("vilt", "layer-norm")] = new("0.03 M", null, Ttc),
        [("vilt", "bitfit")] = new("0.10 M", null, Ttc),
        [("vilt", "ssf")] = new("0.21 M", null, Ttc),
        [("vilt", "ttc")] = new("0.11 M, with norms 0.15 M", null, Ttc),
    };

    internal static PublishedCosts? Find(string backbone, string method) => _all.GetValueOrDefault((backbone, method));
}

/// <summary>A method at other settings than its own, at which papers count what it adds.</summary>
/// <param name="Settings">The settings.</param>
/// <param name="Parameters">Parameters that it trains beside poolers, modality embeddings and head.</param>
/// <param name="Published">What is published.</param>
/// <param name="Source">Where.</param>
public sealed record MethodVariant(string Method, IReadOnlyDictionary<string, string> Settings, long Parameters, string Published, string Source)
{
    private static readonly Dictionary<(string Backbone, string Method), PublishedVariant[]> _all = new()
    {
        [("vit", "ttc")] =
        [
            new(new() { ["freeze_norms"] = "true" }, "0.11 M", "SCT, the code that TTC builds on: 12 · (96² + 96)"),
            new(new() { ["freeze_norms"] = "true", ["bias"] = "false" }, "0.11 M", "TTC-Tuning (arXiv:2303.07910): 12 · 96²"),
        ],
        [("swin", "ttc")] = [new([], "0.2 % of Swin-B", "TTC-Tuning (arXiv:2303.07910): 11 · (96² + 96), and 57,600 of norms") { LastModules = 11 }],
    };

    /// <summary>At how many of the last modules alone it stands; null for all of them.</summary>
    public int? LastModules { get; init; }

    internal static IEnumerable<MethodVariant> Of(string backbone, ITransferMethod method, BackboneDescription description) =>
        (_all.GetValueOrDefault((backbone, method.Name)) ?? []).Select(variant =>
        {
            var settings = new TransferSettings { Options = variant.Settings };
            settings = variant.LastModules is { } last ? settings.At([.. description.Parts.TakeLast(last).SelectMany(module => method.Within(module, settings))]) : settings;
            var account = method.NetworkCosts(description, settings).Of(Core.Subnetwork.Whole(description.Modules.Count));
            return new MethodVariant(method.Name, variant.Settings, account.TrainableParameters, variant.Published, variant.Source) { LastModules = variant.LastModules };
        });

    private sealed record PublishedVariant(Dictionary<string, string> Settings, string Published, string Source)
    {
        internal int? LastModules { get; init; }
    }
}

/// <summary>What a method trains in a network without some layers.</summary>
/// <param name="Skipped">How many layers are skipped.</param>
/// <param name="Beside">What the authors' code trains outside the backbone; null for nothing.</param>
/// <param name="Parameters">Parameters that are trained, with those.</param>
/// <param name="Published">What is published, such as <c>4.2 M</c>; null where nothing is.</param>
/// <param name="Source">Where.</param>
public sealed record NetworkParameters(string Method, int Skipped, string? Beside, long Parameters, string? Published, string Source);

/// <summary>A network whose parameters were published, or follow from its authors' code.</summary>
internal sealed record PublishedNetwork(int Skipped, int SkipBottleneck, string? Published, string? Beside = null, long BesideParameters = 0)
{
    private const string Source = "DAS (arXiv:2309.01479) and its code";

    private static readonly Dictionary<string, string> _modalities = new() { ["modality"] = "true" };

    // Two Linears from CLIP's width to the decoder's.
    private const long LlavaImages = (1024 * 4096) + 4096 + (4096 * 4096) + 4096;

    private static readonly Dictionary<(string Backbone, string Method), PublishedNetwork[]> _all = new()
    {
        [("lavin", "lavin")] =
        [
            new(0, 32, "3.8 M") { Options = _modalities }, new(2, 32, "4.2 M") { Options = _modalities },
            new(4, 32, "4.6 M") { Options = _modalities }, new(6, 32, "5.0 M") { Options = _modalities },
        ],
        [("llama", "lavin-text")] = [new(0, 32, null), new(6, 32, null)],
        [("llama", "llava")] = [new(4, 256, null, "images' projection", LlavaImages)],
    };

    /// <summary>What the authors chose about the method.</summary>
    internal IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();

    internal static IReadOnlyList<PublishedNetwork> Of(string backbone, string method) => _all.GetValueOrDefault((backbone, method)) ?? [];

    internal NetworkParameters Count(ITransferMethod method, BackboneDescription description)
    {
        var settings = new TransferSettings { Options = Options, Adapters = new AdapterConfig { SkipBottleneck = SkipBottleneck, Replacement = method.Name } };
        var account = method.NetworkCosts(description, settings).Of(new Core.Subnetwork(description.Modules.Count, Enumerable.Range(0, Skipped)));
        return new NetworkParameters(method.Name, Skipped, Beside, account.TrainableParameters + BesideParameters, Published, Source);
    }
}
