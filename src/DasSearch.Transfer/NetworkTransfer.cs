using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Core.Plans;
using DasSearch.Models.Backbones;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasSearch.Transfer;

/// <summary>A method at the kept modules together with what stands in place of the skipped ones.</summary>
public static class NetworkTransfer
{
    /// <summary>What a network lists in its plan, in the modules' order.</summary>
    /// <param name="modules">The backbone's modules, in order.</param>
    /// <param name="skipped">Which are skipped; null for a supernet, which has what every module has when skipped and when kept.</param>
    /// <exception cref="ArgumentException">The subnetwork is of another number of modules.</exception>
    /// <exception cref="DasSearchException">The settings contradict each other.</exception>
    public static IReadOnlyList<AdapterPlacement> Layout(
        this ITransferMethod method, IReadOnlyList<ModulePart> modules, Subnetwork? skipped, TransferSettings settings)
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(modules);
        ArgumentNullException.ThrowIfNull(settings);
        if (skipped is not null && skipped.Modules != modules.Count)
        {
            throw new ArgumentException($"The subnetwork is one of {skipped.Modules} modules, not of {modules.Count}.", nameof(skipped));
        }

        var replacing = method.Replaces ? ReplacementTable.Of(settings.Adapters) : null;
        return [.. modules.SelectMany((module, i) => Enumerable.Concat(
            replacing is not null && skipped?.Contains(i) != false ? replacing.Within(module, settings) : [],
            skipped?.Contains(i) == true ? [] : method.Within(module, settings)))];
    }

    /// <summary>What a backbone costs with a method on it and a head, whichever modules are skipped.</summary>
    /// <param name="settings">What the method adds.</param>
    /// <param name="head">Parameters of the head, which is trained.</param>
    /// <param name="isMerged">Whether what merges exactly is merged, as networks are used, and costs no multiply-accumulates.</param>
    /// <exception cref="DasSearchException">The settings do not fit the backbone.</exception>
    public static NetworkCosts NetworkCosts(
        this ITransferMethod method, BackboneDescription backbone, TransferSettings settings, long head = 0, bool isMerged = true)
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(backbone);
        ArgumentNullException.ThrowIfNull(settings);
        Check(method, backbone, settings);
        var added = method.Costs(backbone, settings);
        var runs = isMerged && method.Merges(settings) ? 0 : 1;
        var replacing = Replacing(method, backbone, settings)
            .Select(group => group.Kind.CostsOf(backbone, group.Placed, settings, added.StayingTokens))
            .Aggregate(AddedCosts.Nothing(backbone).Modules, static (sum, costs) => [.. sum.Zip(costs, static (one, other) => AddedToModule.Sum([one, other]))]);
        var own = backbone.Parameters.Where(parameter => method.Trains(backbone, settings, parameter.Name))
            .ToLookup(static parameter => parameter.Module, static parameter => parameter.Count);
        return new NetworkCosts(
            [.. backbone.Modules.Select((module, i) => new ModuleCosts(
                module,
                replacing[i].Parameters,
                replacing[i].MultiplyAccumulates,
                added.Modules[i].Parameters,
                runs * added.Modules[i].MultiplyAccumulates) { TrainedParameters = own[module.Index].Sum() })],
            backbone.OutsideParameters + added.OutsideParameters + head,
            own[null].Sum() + added.OutsideParameters + head,
            backbone.OutsideMultiplyAccumulates + (runs * added.OutsideMultiplyAccumulates));
    }

    /// <summary>Makes what a method adds and what stands in place of skipped modules, with fresh weights.</summary>
    /// <exception cref="DasSearchException">The settings do not fit the backbone.</exception>
    public static Attached AttachWhole(this ITransferMethod method, AttachRequest request)
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(request);
        var backbone = request.Backbone.Description;
        Check(method, backbone, request.Settings);
        List<Attached> parts = [.. Replacing(method, backbone, request.Settings).Select(group => group.Kind.Attach(request, group.Placed)), method.Attach(request)];
        var order = backbone.Modules.ToDictionary(static module => module.Name, static module => module.Index, StringComparer.Ordinal);
        var own = parts[^1].Attachments;
        return new Attached
        {
            Attachments = own with { Replacements = Joined(parts, static part => part.Attachments.Replacements) },
            Parameters = Joined(parts, static part => part.Parameters),
            Constants = Joined(parts, static part => part.Constants),
            Module = parts.Exists(static part => part.Module is not null) ? new Group(parts.Select(static part => part.Module).OfType<nn.Module>()) : null,
            Placements = [.. parts.SelectMany(static part => part.Placements).OrderBy(placement => order[placement.Module])],
            Units = [.. parts.SelectMany(static part => part.Units).OrderBy(static group => group.Module)],
            LowRankPlaces = [.. backbone.Projections.Where(static place => place.Rank is not null).Select(static place => place.Name)],
        };
    }

    private static void Check(ITransferMethod method, BackboneDescription backbone, TransferSettings settings)
    {
        if (method.Misfit(backbone, settings) is { } misfit)
        {
            throw new DasSearchException($"{method.Name} cannot be put on this backbone: {misfit}");
        }
    }

    private static Dictionary<string, T> Joined<T>(List<Attached> parts, Func<Attached, IReadOnlyDictionary<string, T>> of) =>
        parts.SelectMany(of).ToDictionary(static entry => entry.Key, static entry => entry.Value, StringComparer.Ordinal);

    // A list that is in no other module does not tell its own whether they are trained.
    private sealed class Group : nn.Module
    {
        private readonly ModuleList<nn.Module> _all;

        internal Group(IEnumerable<nn.Module> modules)
            : base(nameof(Group))
        {
            _all = new ModuleList<nn.Module>([.. modules]);
            RegisterComponents();
        }
    }

    // By kind, in the table's order; a plan may have several.
    private static IEnumerable<(AdapterKind Kind, IReadOnlyList<AdapterPlacement> Placed)> Replacing(
        ITransferMethod method, BackboneDescription backbone, TransferSettings settings)
    {
        if (settings.Replacing is { } replacing)
        {
            return replacing.GroupBy(static placement => placement.Type, StringComparer.Ordinal)
                .Select(static group => (ReplacementTable.Named(group.First()), (IReadOnlyList<AdapterPlacement>)[.. group]));
        }

        return method.Replaces && ReplacementTable.Of(settings.Adapters) is { } kind
            ? [(kind, [.. backbone.Modules.Where(module => settings.Absent?.Contains(module.Index) != false).SelectMany(module => kind.Within(module.Part, settings))])]
            : [];
    }
}

/// <summary>What can stand in place of skipped modules. A new kind is one file and one line here.</summary>
public static class ReplacementTable
{
    /// <summary>The setting's value for nothing: skipped modules hand their input on.</summary>
    public const string None = "none";

    private static readonly AdapterKind[] _kinds = 
    [
        new DasReplacement(), new PiaReplacement(), new DecoderReplacement(new RoutedAdapter(RoutedAdapter.Lavin)),
        new DecoderReplacement(new PlainAdapter(PlainAdapter.LavinText)), new DecoderReplacement(new PlainAdapter(PlainAdapter.Llava)), new EasReplacement(),
    ];

    /// <summary>The names, for messages.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. _kinds.Select(static kind => kind.Type), None];

    /// <summary>The kind of the settings; null for none.</summary>
    /// <exception cref="ConfigException">There is no such kind.</exception>
    public static AdapterKind? Of(AdapterConfig adapters)
    {
        ArgumentNullException.ThrowIfNull(adapters);
        return adapters.Replacement == None
            ? null
            : Array.Find(_kinds, kind => kind.Type == adapters.Replacement)
                ?? throw new ConfigException("adapters.replacement", $"must be {string.Join(" or ", Names)}, not '{adapters.Replacement}'");
    }

    /// <summary>The kind of what a plan has in place of a module.</summary>
    /// <exception cref="DasSearchException">There is no such kind.</exception>
    public static AdapterKind Named(AdapterPlacement placement)
    {
        ArgumentNullException.ThrowIfNull(placement);
        return Array.Find(_kinds, kind => kind.Type == placement.Type)
            ?? throw new DasSearchException(
                $"the adapter in place of {placement.Module} must be of type {string.Join(" or ", _kinds.Select(static kind => kind.Type))}, not {placement.Type}");
    }
}
