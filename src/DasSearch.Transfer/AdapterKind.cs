using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Models.Backbones;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasSearch.Transfer;

/// <summary>Something of a size that stands at places of modules, which plans list: a bottleneck adapter, a list of tokens, an update of some rank.</summary>
/// <param name="type">What plans call it.</param>
public abstract class AdapterKind(string type)
{
    /// <summary>What plans call it.</summary>
    public string Type => type;

    /// <summary>Where it stands at a module, at the sizes of the settings.</summary>
    /// <exception cref="DasSearchException">The settings contradict each other.</exception>
    public abstract IEnumerable<AdapterPlacement> Within(ModulePart module, TransferSettings settings);

    /// <summary>What one costs: linear in its size where it has units.</summary>
    protected abstract AddedToModule CostsOf(AdapterSpot spot, TransferSettings settings);

    /// <summary>Makes one, with fresh weights.</summary>
    /// <exception cref="DasSearchException">It does not fit there.</exception>
    protected abstract Piece Create(AdapterSpot spot, AttachRequest request);

    /// <summary>What those that stand somewhere cost, module by module.</summary>
    /// <exception cref="DasSearchException">One cannot stand where it is to.</exception>
    internal IReadOnlyList<AddedToModule> CostsOf(BackboneDescription backbone, IEnumerable<AdapterPlacement> placed, TransferSettings settings, int moreTokens = 0)
    {
        var spots = placed.Select(placement => Spot(backbone, placement, settings, moreTokens)).ToLookup(static spot => spot.Module.Index);
        return [.. backbone.Modules.Select(module => AddedToModule.Sum(spots[module.Index].Select(spot => CostsOf(spot, settings))))];
    }

    /// <summary>Makes those that stand somewhere.</summary>
    /// <exception cref="DasSearchException">One cannot stand where it is to.</exception>
    internal Attached Attach(AttachRequest request, IEnumerable<AdapterPlacement> placed)
    {
        var pieces = new List<Piece>();
        var (spots, units) = (new List<AdapterSpot>(), new List<UnitGroup>());
        foreach (var placement in placed)
        {
            var spot = Spot(request.Backbone.Description, placement, request.Settings);
            var piece = Create(spot, request);
            spots.Add(spot);
            pieces.Add(piece);
            if (piece.Units is { Count: > 0 } weights)
            {
                var (none, one) = (CostsOf(spot.OfSize(0), request.Settings), CostsOf(spot.OfSize(1), request.Settings));
                var costs = new UnitCosts(none.Parameters, one.Parameters - none.Parameters, one.MultiplyAccumulates - none.MultiplyAccumulates);
                units.Add(new UnitGroup(spot.Module.Index, placement.Placement, placement.Site, weights, piece.UnitDimension, costs));
            }
        }

        return new Attached
        {
            Attachments = new Attachments
            {
                Projections = Piece.AllOf<Projection>(pieces),
                Branches = Piece.AllOf<Branch>(pieces),
                Sequences = Piece.AllOf<TokenSequence>(pieces),
                Replacements = Piece.AllOf<Replacement>(pieces),
            },
            Parameters = pieces.SelectMany(static piece => piece.Parameters).ToDictionary(static entry => entry.Key, static entry => entry.Value, StringComparer.Ordinal),
            Constants = pieces.SelectMany(static piece => piece.Constants).ToDictionary(static entry => entry.Key, static entry => entry.Value, StringComparer.Ordinal),
            Module = pieces.Count > 0 ? new ModuleList<nn.Module>([.. pieces.Select(static piece => piece.Module)]) : null,
            Placements = [.. spots.Select(static spot => spot.Of)],
            Units = units,
        };
    }

    /// <summary>What a placement means on a backbone.</summary>
    /// <exception cref="DasSearchException">Nothing of this kind can stand there.</exception>
    internal AdapterSpot Spot(BackboneDescription backbone, AdapterPlacement placement, TransferSettings settings, int moreTokens = 0)
    {
        var module = backbone.Modules.FirstOrDefault(module => module.Name == placement.Module)
            ?? throw new DasSearchException($"an adapter is placed on {placement.Module}, which the backbone does not have");
        var possible = Within(module.Part, settings).ToList();
        var like = possible.FirstOrDefault(one => one.Placement == placement.Placement && one.Site == placement.Site)
            ?? throw new DasSearchException(
                $"the adapter on {placement.Module} cannot stand {EnumNames.NameOf(placement.Placement)} to '{placement.Site}'");
        if (placement.Type != type || placement.Activation != like.Activation || placement.Normalisation != like.Normalisation)
        {
            throw new DasSearchException(
                $"the adapter on {placement.Module} must be of type {type} with {like.Activation} and {like.Normalisation}, "
                + $"not {placement.Type} with {placement.Activation} and {placement.Normalisation}");
        }

        var shape = backbone.Shapes[module.Index];
        return new AdapterSpot(placement, placement.Bottleneck, module, shape with { Tokens = shape.Tokens + moreTokens }, backbone);
    }
}

/// <summary>Where something of a size stands.</summary>
/// <param name="Of">As the plan has it.</param>
/// <param name="Size">Its size; the plan's, or another one that is asked about.</param>
/// <param name="Shape">What the module works on.</param>
public sealed record AdapterSpot(AdapterPlacement Of, int Size, ModuleInfo Module, ModuleShape Shape, BackboneDescription Backbone)
{
    /// <summary>The sub-layer at the placement's site.</summary>
    /// <exception cref="DasSearchException">The module has none there.</exception>
    public SubLayer SubLayer => Backbone.SubLayers.FirstOrDefault(place => place.Module == Module.Index && Site.Of(place.Kind) == Of.Site)
        ?? throw new DasSearchException($"the adapter on {Of.Module} cannot stand {EnumNames.NameOf(Of.Placement)} to '{Of.Site}'");

    /// <summary>The Linear or norm with a role in that sub-layer.</summary>
    /// <exception cref="DasSearchException">There is none.</exception>
    public ProjectionPlace Projection(ProjectionRole role) =>
        Find(role) ?? throw new DasSearchException($"{SubLayer.Name} has no {EnumNames.NameOf(role)} projection");

    /// <summary>The same; null where there is none.</summary>
    public ProjectionPlace? Find(ProjectionRole role) =>
        Backbone.Projections.FirstOrDefault(place => place.Role == role && place.Module == Module.Index && IsOfSubLayer(place));

    /// <summary>Tokens of the stream that the module attends to beside its own, with those that a method adds to every stream.</summary>
    internal int ContextTokens => Backbone.ContextTokens(Module.Index) + Shape.Tokens - Backbone.Shapes[Module.Index].Tokens;

    /// <summary>
    /// The Linears that read what the sub-layer does of its own stream: of queries, keys and values each, and of a feed-forward part's gate, where they are
    /// Linears of their own.
    /// </summary>
    /// <exception cref="DasSearchException">There are none.</exception>
    internal IReadOnlyList<ProjectionPlace> Readers => Of.Site == Site.FeedForward
        ? [.. new[] { Find(ProjectionRole.Gate), Projection(ProjectionRole.Expand) }.OfType<ProjectionPlace>()]
        : Of.Site == Site.CrossAttention ? [Projection(ProjectionRole.Query)]
        : Find(ProjectionRole.QueryKeyValue) is { } fused
            ? [fused]
            : [Projection(ProjectionRole.Query), Projection(ProjectionRole.Key), Projection(ProjectionRole.Value)];

    internal AdapterSpot OfSize(int size) => this with { Size = size };

    // A module has one feed-forward part at most, whose Linears need not be named after it.
    private bool IsOfSubLayer(ProjectionPlace place) =>
        place.Role is ProjectionRole.Expand or ProjectionRole.Gate or ProjectionRole.Contract || place.Name.StartsWith(SubLayer.Name + ".", StringComparison.Ordinal);
}

/// <summary>One of something that stands at a place.</summary>
/// <param name="Module">What holds its parameters.</param>
/// <param name="Places">What the backbone asks, by the names of places: <see cref="Projection"/>, <see cref="Branch"/>, <see cref="TokenSequence"/> or <see cref="Replacement"/>.</param>
/// <param name="Parameters">Its parameters by official names.</param>
public sealed record Piece(nn.Module Module, IReadOnlyDictionary<string, nn.Module> Places, IReadOnlyDictionary<string, Parameter> Parameters)
{
    /// <summary>What is saved with it, but not trained.</summary>
    public IReadOnlyDictionary<string, Tensor> Constants { get; init; } = new Dictionary<string, Tensor>();

    /// <summary>The weights that its units act by; none where it cannot be sized unit by unit.</summary>
    public IReadOnlyList<Parameter> Units { get; init; } = [];

    /// <summary>Which dimension of each counts the units.</summary>
    public int UnitDimension { get; init; }

    /// <summary>One at a single place, whose parameters are named under <paramref name="name"/>.</summary>
    public static Piece At(string place, nn.Module module, string name)
    {
        ArgumentNullException.ThrowIfNull(module);
        return new Piece(
            module,
            new Dictionary<string, nn.Module> { [place] = module },
            module.named_parameters().ToDictionary(entry => $"{name}.{entry.name}", static entry => entry.parameter, StringComparer.Ordinal));
    }

    /// <summary>What stands at places of one sort, by their names. (Not in the kind: a type with this constraint loads libtorch, even for help.)</summary>
    internal static Dictionary<string, T> AllOf<T>(IEnumerable<Piece> pieces)
        where T : nn.Module =>
        pieces.SelectMany(static piece => piece.Places).Where(static entry => entry.Value is T)
            .ToDictionary(static entry => entry.Key, static entry => (T)entry.Value, StringComparer.Ordinal);
}

/// <summary>A method that puts things of a size at kept modules, which plans list.</summary>
/// <param name="name">What commands and plans call it.</param>
/// <param name="summary">What it is, in a few words.</param>
public abstract class PlacedTransfer(string name, string summary) : AdapterKind(name), ITransferMethod
{
    /// <inheritdoc/>
    public string Name => Type;

    /// <inheritdoc/>
    public string Summary => summary;

    /// <inheritdoc/>
    public virtual IReadOnlyList<MethodOption> Options => [];

    /// <inheritdoc/>
    public virtual MethodOption<int>? Size => null;

    /// <inheritdoc/>
    public virtual bool Merges(TransferSettings settings) => false;

    /// <inheritdoc/>
    public virtual string? Misfit(BackboneDescription backbone, TransferSettings settings)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        return backbone.Parts.Any(part => Within(part, settings).Any()) ? null : $"it stands at parts that none of its modules has, such as {backbone.Modules[0].Name}";
    }

    /// <inheritdoc/>
    public virtual FirstStage? Before(TransferSettings settings) => null;

    /// <inheritdoc/>
    public virtual AddedCosts Costs(BackboneDescription backbone, TransferSettings settings) =>
        new(CostsOf(backbone, Placed(backbone, settings), settings));

    /// <inheritdoc/>
    public virtual Attached Attach(AttachRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var attached = Attach(request, Placed(request.Backbone.Description, request.Settings));
        return Merges(request.Settings)
            ? attached with { Units = [.. attached.Units.Select(static units => units with { Costs = units.Costs with { UnitMultiplyAccumulates = 0 } })] }
            : attached;
    }

    /// <inheritdoc/>
    public virtual bool Trains(BackboneDescription backbone, TransferSettings settings, string parameter)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        return backbone.IsAlwaysTrained(parameter);
    }

    private protected IEnumerable<AdapterPlacement> Placed(BackboneDescription backbone, TransferSettings settings)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        ArgumentNullException.ThrowIfNull(settings);
        return settings.Placed
            ?? backbone.Modules.Where(module => settings.Has(module.Index)).SelectMany(module => Within(module.Part, settings));
    }
}
