using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Core.Plans;
using DasSearch.Models.Backbones;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasSearch.Transfer;

/// <summary>A way to adapt a frozen backbone to a task: what it attaches to kept modules at which places, and what of the backbone it trains.</summary>
/// <remarks>
/// It attaches in three ways and no other, each by the name of a place (see <see cref="Attachments"/>); the fourth, what stands in place of
/// skipped modules, is any method's (see <see cref="NetworkTransfer"/>). So it composes with any skip plan. Costs follow from the description
/// alone, so that a supernet, a plan and a profile are accounted for without being built.
/// </remarks>
public interface ITransferMethod
{
    /// <summary>What commands call it.</summary>
    string Name { get; }

    /// <summary>What it is, in a few words.</summary>
    string Summary { get; }

    /// <summary>The settings of its own; none by default.</summary>
    IReadOnlyList<MethodOption> Options => [];

    /// <summary>Whether something stands in place of skipped modules; else these hand their input on.</summary>
    bool Replaces => true;

    /// <summary>The setting that it grows by, such as a rank; null where it is of one size.</summary>
    MethodOption<int>? Size => null;

    /// <summary>Whether all that it adds merges into the backbone's own weights exactly, and then costs no multiply-accumulates.</summary>
    /// <exception cref="ConfigException">A setting has none of its values.</exception>
    bool Merges(TransferSettings settings) => false;

    /// <summary>Why it cannot be put on a backbone, as a sentence's end; null, by default, where it can.</summary>
    string? Misfit(BackboneDescription backbone, TransferSettings settings) => null;

    /// <summary>What of a size it lists in a plan for a kept module; none by default, where it has no such thing.</summary>
    /// <exception cref="DasSearchException">The settings contradict each other.</exception>
    IEnumerable<AdapterPlacement> Within(ModulePart module, TransferSettings settings) => [];

    /// <summary>What it adds as it is trained, with nothing merged, module by module.</summary>
    /// <exception cref="DasSearchException">The settings do not fit the backbone.</exception>
    AddedCosts Costs(BackboneDescription backbone, TransferSettings settings);

    /// <summary>What a plan's network is trained to before it is trained with this method, and goes on from; null, by default, for nothing.</summary>
    /// <remarks>What the first stage trains and the method does not stays as it was then, and is saved with what is trained. A search has no first stage.</remarks>
    FirstStage? Before(TransferSettings settings) => null;

    /// <summary>Makes what it adds, with fresh weights.</summary>
    /// <exception cref="DasSearchException">The settings do not fit the backbone.</exception>
    Attached Attach(AttachRequest request);

    /// <summary>Whether a parameter of the backbone is trained; by default what always is, and nothing else.</summary>
    bool Trains(BackboneDescription backbone, TransferSettings settings, string parameter)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        return backbone.IsAlwaysTrained(parameter);
    }
}

/// <summary>What a method is to add.</summary>
public sealed record TransferSettings
{
    /// <summary>The sizes of adapters, for a supernet.</summary>
    public AdapterConfig Adapters { get; init; } = new();

    /// <summary>The method's own settings by name; of <see cref="ITransferMethod.Options"/>.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();

    /// <summary>What a plan has the method put at kept modules; null to go by the settings, at every module that there is.</summary>
    public IReadOnlyList<AdapterPlacement>? Placed { get; init; }

    /// <summary>What a plan has in place of skipped modules; null to go by the settings, in a supernet for every module.</summary>
    public IReadOnlyList<AdapterPlacement>? Replacing { get; init; }

    /// <summary>Modules that a planned network does not have; null in a supernet, where each may be skipped and kept.</summary>
    public Subnetwork? Absent { get; init; }

    /// <summary>Whether a module is there to be attached to; what is outside the modules is.</summary>
    public bool Has(int? module) => module is not { } index || Absent?.Contains(index) != true;

    /// <summary>The same with what a plan lists.</summary>
    public TransferSettings At(IReadOnlyList<AdapterPlacement> planned) => this with
    {
        Placed = [.. planned.Where(static placement => placement.Placement != Placement.Replace)],
        Replacing = [.. planned.Where(static placement => placement.Placement == Placement.Replace)],
    };

    /// <summary>The value of an option.</summary>
    /// <exception cref="ConfigException">It is none of the option's values.</exception>
    public T Get<T>(MethodOption<T> option)
    {
        ArgumentNullException.ThrowIfNull(option);
        return option.Read(Options.GetValueOrDefault(option.Name) ?? option.Default);
    }
}

/// <summary>What a method may look at when it makes what it adds.</summary>
/// <param name="Backbone">The backbone with its weights.</param>
/// <param name="Settings">What to add.</param>
/// <param name="Device">Where the parameters live.</param>
/// <param name="Samples">Inputs of the training split, drawn as they are asked for; each is gone when the next one is.</param>
public sealed record AttachRequest(IBackbone Backbone, TransferSettings Settings, Device Device, IEnumerable<BackboneInput> Samples)
{
    /// <summary>What can be found out about the network; null where all that is trained or chosen is about to be put in place anyway.</summary>
    public IEvidence? Evidence { get; init; }
}

/// <summary>What a method has put on a backbone; whoever holds this owns it.</summary>
public sealed record Attached : IDisposable
{
    /// <summary>What the backbone asks at its places.</summary>
    public Attachments Attachments { get; init; } = Attachments.None;

    /// <summary>All parameters of it by their official names; they are all trained.</summary>
    public IReadOnlyDictionary<string, Parameter> Parameters { get; init; } = new Dictionary<string, Parameter>();

    /// <summary>What belongs to it and is saved with it, but not trained, such as which channels were chosen.</summary>
    public IReadOnlyDictionary<string, Tensor> Constants { get; init; } = new Dictionary<string, Tensor>();

    /// <summary>What holds them; null where nothing was added.</summary>
    public nn.Module? Module { get; init; }

    /// <summary>What a plan lists, in the modules' order; none where the method has no such thing.</summary>
    public IReadOnlyList<AdapterPlacement> Placements { get; init; } = [];

    /// <summary>Inner units that can be sized one by one, a group for each placement; none where the method has no such thing.</summary>
    public IReadOnlyList<UnitGroup> Units { get; init; } = [];

    /// <summary>Whether <see cref="Merge"/> can put all of it but what replaces modules into the backbone's own weights exactly.</summary>
    /// <remarks>Nothing merges into a Linear that is two of a low rank: see <see cref="LowRank"/>.</remarks>
    public bool IsMergeable => Attachments is { Branches.Count: 0, Sequences.Count: 0 }
        && Attachments.Projections.All(around => around.Value.IsMergeable && !LowRankPlaces.Contains(around.Key));

    /// <summary>The places of projections whose Linear is two of a low rank.</summary>
    internal IReadOnlyList<string> LowRankPlaces { get; init; } = [];

    /// <summary>Puts all of it but what replaces modules into the backbone's own weights, which then does without it.</summary>
    /// <returns>What is still attached.</returns>
    /// <exception cref="InvalidOperationException">That cannot be done exactly.</exception>
    public Attachments Merge(IBackbone backbone)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        if (!IsMergeable)
        {
            throw new InvalidOperationException("What is attached cannot be merged exactly.");
        }

        using var unrecorded = no_grad();
        using var scope = NewDisposeScope();
        var layers = backbone.Network.named_modules().ToDictionary(static entry => entry.name, static entry => entry.module);
        foreach (var (place, projection) in Attachments.Projections)
        {
            projection.Merge(layers[place]);
        }

        return new Attachments { Replacements = Attachments.Replacements };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Module?.Dispose();
        foreach (var constant in Constants.Values)
        {
            constant.Dispose();
        }
    }
}

/// <summary>The inner units of one adapter, token list or the like.</summary>
/// <param name="Module">Index of the module where it stands.</param>
/// <param name="Placement">How it stands to the module: it is used where the module is skipped if it replaces it, else where it is kept.</param>
/// <param name="Site">Which part of the module.</param>
/// <param name="Weights">The weights that the units act by, matrices.</param>
/// <param name="Dimension">Which dimension of each counts the units.</param>
/// <param name="Costs">What they cost.</param>
public sealed record UnitGroup(int Module, Placement Placement, string Site, IReadOnlyList<Tensor> Weights, int Dimension, UnitCosts Costs);

/// <summary>What an adapter costs by its units.</summary>
/// <param name="FixedParameters">Parameters that it has whatever its bottleneck.</param>
/// <param name="UnitParameters">Parameters of each unit.</param>
/// <param name="UnitMultiplyAccumulates">Multiply-accumulates of each unit for one sample.</param>
public readonly record struct UnitCosts(long FixedParameters, long UnitParameters, long UnitMultiplyAccumulates);
