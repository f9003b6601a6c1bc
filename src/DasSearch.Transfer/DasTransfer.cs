using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Core.Plans;
using DasSearch.Models.Backbones;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasSearch.Transfer;

/// <summary>An adapter of a plan.</summary>
/// <param name="Name">What official checkpoints call it, such as <c>adapter_list.3.0</c>.</param>
public sealed record PlacedAdapter(AdapterPlacement Placement, string Name);

/// <summary>The adapters of DAS (arXiv:2309.01479), where the plan or supernet places them.</summary>
/// <remarks>
/// As in the authors' ViLT code: a skipped module is replaced by x + A(x), and a kept one runs with A₀(x) added to its attention's
/// output and A₁(x) to its feed-forward part's, or with one of them if it is only that part. A supernet has all of them for every
/// module; those that a subnetwork does not use get no gradient in its step.
/// </remarks>
public sealed class DasTransfer : ITransferMethod
{
    /// <inheritdoc/>
    public string Name => DasPlacement.Type;

    /// <inheritdoc/>
    public string Summary => "the plan's adapters, poolers and modality embeddings";

    /// <inheritdoc/>
    public IReadOnlyList<AdapterPlacement> Placements(IReadOnlyList<ModulePart> modules, Subnetwork skipped, AdapterConfig adapters) =>
        DasPlacement.Of(modules, skipped, adapters);

    /// <inheritdoc/>
    public AddedCosts Costs(BackboneDescription backbone, TransferSettings settings)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        var byModule = Places(backbone, settings).ToLookup(static place => place.Module);
        return new AddedCosts([.. backbone.Modules.Select(module =>
        {
            var (width, tokens) = (backbone.Shapes[module.Index].Width, backbone.Shapes[module.Index].Tokens);
            var replacing = byModule[module.Index].Where(static place => place.IsReplacement).ToList();
            var attached = byModule[module.Index].Where(static place => !place.IsReplacement).ToList();
            return new AddedToModule(
                replacing.Sum(place => BottleneckAdapter.Parameters(width, place.Of.Bottleneck)),
                replacing.Sum(place => BottleneckAdapter.Operations(width, place.Of.Bottleneck, tokens)),
                attached.Sum(place => BottleneckAdapter.Parameters(width, place.Of.Bottleneck)),
                attached.Sum(place => BottleneckAdapter.Operations(width, place.Of.Bottleneck, tokens)));
        })]);
    }

    /// <inheritdoc/>
    public Attached Attach(AttachRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var backbone = request.Backbone.Description;
        var (branches, replacements) = (new Dictionary<string, Branch>(), new Dictionary<string, Replacement>());
        var (state, units, placements) = (new Dictionary<string, Tensor>(StringComparer.Ordinal), new List<UnitGroup>(), new List<AdapterPlacement>());
        var all = new ModuleList<nn.Module>();
        foreach (var place in Places(backbone, request.Settings))
        {
            var (width, tokens) = (backbone.Shapes[place.Module].Width, backbone.Shapes[place.Module].Tokens);
            var adapter = new BottleneckAdapter(width, place.Of.Bottleneck, place.Of.Scale, request.Device);
            if (place.SubLayer is { } subLayer)
            {
                branches.Add(subLayer, new Beside(adapter));
                all.append(branches[subLayer]);
            }
            else
            {
                replacements.Add(place.Of.Module, new InPlace(adapter));
                all.append(replacements[place.Of.Module]);
            }

            adapter.state_dict(state, OfficialName(place));
            placements.Add(place.Of);
            units.Add(new UnitGroup(
                place.Module,
                place.Of.Placement,
                place.Of.Site,
                adapter.Outgoing,
                new UnitCosts(
                    BottleneckAdapter.Parameters(width, 0),
                    BottleneckAdapter.Parameters(width, 1) - BottleneckAdapter.Parameters(width, 0),
                    BottleneckAdapter.Operations(width, 1, tokens))));
        }

        return new Attached
        {
            Attachments = new Attachments { Branches = branches, Replacements = replacements },
            Parameters = state.ToDictionary(static entry => entry.Key, static entry => (Parameter)entry.Value, StringComparer.Ordinal),
            Module = all,
            Placements = placements,
            Units = units,
        };
    }

    /// <summary>Where a plan's adapters stand, and what official checkpoints call them.</summary>
    /// <exception cref="DasSearchException">The plan places what DAS does not have, or where the backbone has no room for it.</exception>
    public static IReadOnlyList<PlacedAdapter> Layout(BackboneDescription backbone, IReadOnlyList<AdapterPlacement> planned)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        return [.. Places(backbone, new TransferSettings { Planned = planned }).Select(place =>
            new PlacedAdapter(place.Of, OfficialName(place)))];
    }

    private static List<Place> Places(BackboneDescription backbone, TransferSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var indices = backbone.Modules.ToDictionary(static module => module.Name, static module => module.Index, StringComparer.Ordinal);
        return [.. (settings.Planned ?? DasPlacement.OfSupernet(backbone.Parts, settings.Adapters)).Select(placement =>
        {
            if (!indices.TryGetValue(placement.Module, out var module))
            {
                throw new DasSearchException($"an adapter is placed on {placement.Module}, which the backbone does not have");
            }

            if (placement is not { Type: DasPlacement.Type, Activation: "relu", Normalisation: "layer-norm" })
            {
                throw new DasSearchException(
                    $"the adapter on {placement.Module} must be of type {DasPlacement.Type} with relu and layer-norm, "
                    + $"not {placement.Type} with {placement.Activation} and {placement.Normalisation}");
            }

            return new Place(placement, module, (placement.Placement, placement.Site) switch
            {
                (Placement.Replace, DasPlacement.Module) => null,
                (Placement.Parallel, DasPlacement.Attention) => SubLayer(ModuleKind.Attention),
                (Placement.Parallel, DasPlacement.FeedForward) => SubLayer(ModuleKind.FeedForward),
                _ => throw Misplaced(),
            });

            string SubLayer(ModuleKind kind) =>
                backbone.SubLayers.FirstOrDefault(place => place.Module == module && place.Kind == kind)?.Name ?? throw Misplaced();

            DasSearchException Misplaced() =>
                new($"the adapter on {placement.Module} cannot stand {EnumNames.NameOf(placement.Placement)} to '{placement.Site}'");
        })];
    }

    // adapter_list.i.0 in place of module i, adapter0 and adapter1 beside the sub-layers of a block such as transformer.blocks.3.
    private static string OfficialName(Place place) => place.SubLayer is not { } subLayer
        ? $"adapter_list.{place.Module}.0"
        : subLayer[..subLayer.LastIndexOf('.')] + (place.Of.Site == DasPlacement.Attention ? ".adapter0" : ".adapter1");

    /// <summary>An adapter, with what it stands on: a sub-layer, or where it replaces the module none.</summary>
    private sealed record Place(AdapterPlacement Of, int Module, string? SubLayer)
    {
        internal bool IsReplacement => SubLayer is null;
    }

    private sealed class Beside : Branch
    {
        private readonly BottleneckAdapter adapter;

        internal Beside(BottleneckAdapter adapter)
            : base(nameof(Beside))
        {
            this.adapter = adapter;
            RegisterComponents();
        }

        public override Tensor forward(Tensor input, Tensor output)
        {
            using var scope = NewDisposeScope();
            return (output + adapter.call(input)).MoveToOuterDisposeScope();
        }
    }

    private sealed class InPlace : Replacement
    {
        private readonly BottleneckAdapter adapter;

        internal InPlace(BottleneckAdapter adapter)
            : base(nameof(InPlace))
        {
            this.adapter = adapter;
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            return (input + adapter.call(input)).MoveToOuterDisposeScope();
        }
    }
}
