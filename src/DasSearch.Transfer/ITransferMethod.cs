using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Core.Plans;
using DasSearch.Models.Backbones;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasSearch.Transfer;

/// <summary>A way to adapt a frozen backbone to a task: what it attaches at which places, and what of the backbone it trains.</summary>
/// <remarks>
/// It attaches in four ways and no other, each by the name of a place (see <see cref="Attachments"/>), and so composes with any skip plan:
/// what is at a kept module runs where the module does, what replaces one where it is skipped. Costs follow from the description alone,
/// so that a supernet, a plan and a profile are accounted for without being built.
/// </remarks>
public interface ITransferMethod
{
    /// <summary>What commands call it.</summary>
    string Name { get; }

    /// <summary>What it is, in a few words.</summary>
    string Summary { get; }

    /// <summary>The settings of its own that it knows; none by default.</summary>
    IReadOnlyList<string> Options => [];

    /// <summary>The adapters that it lists in a plan, in the modules' order; none by default, where it has no such thing.</summary>
    IReadOnlyList<AdapterPlacement> Placements(IReadOnlyList<ModulePart> modules, Subnetwork skipped, AdapterConfig adapters) => [];

    /// <summary>What it adds, module by module.</summary>
    /// <exception cref="DasSearchException">The settings do not fit the backbone.</exception>
    AddedCosts Costs(BackboneDescription backbone, TransferSettings settings);

    /// <summary>Makes what it adds, with fresh weights.</summary>
    /// <exception cref="DasSearchException">The settings do not fit the backbone.</exception>
    Attached Attach(AttachRequest request);

    /// <summary>Whether a parameter of the backbone is trained; by default what always is, and nothing else.</summary>
    bool Trains(BackboneDescription backbone, string parameter) => backbone.IsAlwaysTrained(parameter);
}

/// <summary>What a method is to add.</summary>
public sealed record TransferSettings
{
    /// <summary>The sizes of adapters, for a supernet.</summary>
    public AdapterConfig Adapters { get; init; } = new();

    /// <summary>The method's own settings by name; of <see cref="ITransferMethod.Options"/>.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();

    /// <summary>The adapters of a plan; null in a supernet, which has those of every module skipped and of every module kept.</summary>
    public IReadOnlyList<AdapterPlacement>? Planned { get; init; }
}

/// <summary>What a method may look at when it makes what it adds.</summary>
/// <param name="Backbone">The backbone with its weights.</param>
/// <param name="Settings">What to add.</param>
/// <param name="Device">Where the parameters live.</param>
/// <param name="Samples">Inputs of the training split, drawn as they are asked for; each is gone when the next one is.</param>
public sealed record AttachRequest(IBackbone Backbone, TransferSettings Settings, Device Device, IEnumerable<BackboneInput> Samples);

/// <summary>What a method has put on a backbone; whoever holds this owns it.</summary>
public sealed record Attached : IDisposable
{
    /// <summary>What the backbone asks at its places.</summary>
    public Attachments Attachments { get; init; } = Attachments.None;

    /// <summary>All parameters of it by their official names; they are all trained.</summary>
    public IReadOnlyDictionary<string, Parameter> Parameters { get; init; } = new Dictionary<string, Parameter>();

    /// <summary>What holds them; null where nothing was added.</summary>
    public nn.Module? Module { get; init; }

    /// <summary>The adapters as a plan lists them; none where the method has no such thing.</summary>
    public IReadOnlyList<AdapterPlacement> Placements { get; init; } = [];

    /// <summary>Inner units that can be sized one by one, a group for each adapter; none where the method has no such thing.</summary>
    public IReadOnlyList<UnitGroup> Units { get; init; } = [];

    /// <summary>Whether <see cref="Merge"/> can put all of it into the backbone's own weights exactly.</summary>
    public bool IsMergeable => Attachments is { Branches.Count: 0, Sequences.Count: 0, Replacements.Count: 0 }
        && Attachments.Projections.Values.All(static projection => projection.IsMergeable);

    /// <summary>Puts all of it into the backbone's own weights, which then does without it.</summary>
    /// <exception cref="InvalidOperationException">That cannot be done exactly.</exception>
    public void Merge(IBackbone backbone)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        if (!IsMergeable)
        {
            throw new InvalidOperationException("What is attached cannot be merged exactly.");
        }

        using var unrecorded = no_grad();
        var layers = backbone.Network.named_modules().ToDictionary(static entry => entry.name, static entry => entry.module);
        foreach (var (place, projection) in Attachments.Projections)
        {
            projection.Merge(layers[place]);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Module?.Dispose();
}

/// <summary>The inner units of one adapter.</summary>
/// <param name="Module">Index of the module where it stands.</param>
/// <param name="Placement">How it stands to the module: it is used where the module is skipped if it replaces it, else where it is kept.</param>
/// <param name="Site">Which part of the module.</param>
/// <param name="Outgoing">The weights that the units act by: [width, units].</param>
/// <param name="Costs">What they cost.</param>
public sealed record UnitGroup(int Module, Placement Placement, string Site, Tensor Outgoing, UnitCosts Costs);

/// <summary>What an adapter costs by its units.</summary>
/// <param name="FixedParameters">Parameters that it has whatever its bottleneck.</param>
/// <param name="UnitParameters">Parameters of each unit.</param>
/// <param name="UnitMultiplyAccumulates">Multiply-accumulates of each unit for one sample.</param>
public readonly record struct UnitCosts(long FixedParameters, long UnitParameters, long UnitMultiplyAccumulates);
