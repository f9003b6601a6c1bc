using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Models.Backbones;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Dropout = DasSearch.Models.Backbones.Dropout;

namespace DasSearch.Transfer;

/// <summary>LoRA (Hu et al., arXiv:2106.09685): updates of low rank to attention's queries and values, which merge into their projections.</summary>
/// <remarks>
/// q = W_q x + b_q + s · B_q A_q x, and v likewise; dropout is on the update's x. As in the code of APT's comparison (arXiv:2306.15706): s is 1
/// rather than α / r, and A starts from N(0, 1), which PEFT's scale and Kaiming's deviation may stand in for; B starts at 0, so that a fresh one
/// changes nothing. ViLT-B, rank 4: 12 · 4 · 768 · 4 = 147,456 parameters.
/// </remarks>
public sealed class LoraTransfer() : PlacedTransfer("lora", "updates of low rank to attention's queries and values")
{
    private static readonly MethodOption<int> _rank = MethodOption.Count("rank", 4, "rank of each update");
    private static readonly MethodOption<double> _scale = MethodOption.Number("scale", 1, "what updates are multiplied by; PEFT's lora_alpha / r");
    private static readonly MethodOption<double> _dropout = MethodOption.Number("dropout", 0.1, "probability of dropout on what updates read", least: 0, below: 1);
    private static readonly MethodOption<double> _init = MethodOption.Number("init", 1, "standard deviation of A's entries at the start", least: 0);

    /// <inheritdoc/>
    public override IReadOnlyList<MethodOption> Options => [_rank, _scale, _dropout, _init];

    /// <inheritdoc/>
    public override MethodOption<int> Size => _rank;

    /// <inheritdoc/>
    public override bool Merges(TransferSettings settings) => true;

    /// <inheritdoc/>
    public override IEnumerable<AdapterPlacement> Within(ModulePart module, TransferSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return Site.Attentions(module).Select(site => new AdapterPlacement(module.Name, Placement.Parallel, site, Type, settings.Get(_rank), "none", "none", settings.Get(_scale)));
    }

    /// <inheritdoc/>
    protected override AddedToModule CostsOf(AdapterSpot spot, TransferSettings settings)
    {
        ArgumentNullException.ThrowIfNull(spot);
        var (query, value) = (Sizes(spot, ProjectionRole.Query), Sizes(spot, ProjectionRole.Value));
        var asked = spot.Find(ProjectionRole.Value)?.Tokens ?? spot.Shape.Tokens;
        return new AddedToModule((query.Both + value.Both) * Rank(spot), ((spot.Shape.Tokens * query.Both) + (asked * value.Both)) * Rank(spot));
    }

    /// <inheritdoc/>
    protected override Piece Create(AdapterSpot spot, AttachRequest request)
    {
        ArgumentNullException.ThrowIfNull(spot);
        ArgumentNullException.ThrowIfNull(request);
        var (deviation, dropout) = (request.Settings.Get(_init), request.Settings.Get(_dropout));
        var update = new Update(Sizes(spot, ProjectionRole.Query), Sizes(spot, ProjectionRole.Value), Rank(spot), spot.Of.Scale, deviation, dropout, request.Device);
        var fused = spot.Find(ProjectionRole.QueryKeyValue);
        var places = fused is not null
            ? new Dictionary<string, nn.Module> { [fused.Name] = new Fused(update) }
            : new Dictionary<string, nn.Module>
            {
                [spot.Projection(ProjectionRole.Query).Name] = new Single(update, "query"),
                [spot.Projection(ProjectionRole.Value).Name] = new Single(update, "value"),
            };
        return Piece.At(spot.SubLayer.Name, update, fused?.Name ?? spot.SubLayer.Name) with { Places = places, Units = update.Outgoing, UnitDimension = 1 };
    }

    // One Linear that gives queries, keys and values has them as wide as what it reads.
    private static MatrixSize Sizes(AdapterSpot spot, ProjectionRole role) =>
        spot.Find(role) is { } place ? new MatrixSize(place.In, place.Out) : new MatrixSize(spot.Shape.Width, spot.Shape.Width);

    private static int Rank(AdapterSpot spot) => spot.Size <= spot.Shape.Width
        ? spot.Size
        : throw new DasSearchException($"LoRA on {spot.Of.Module} is of rank {spot.Size}, expected at most its width of {spot.Shape.Width}");

    private readonly record struct MatrixSize(long In, long Out)
    {
        internal long Both => In + Out;
    }

    /// <summary>What the queries and the values of an attention get besides.</summary>
    private sealed class Update : nn.Module
    {
        private readonly ModuleDict<Linear> lora_A, lora_B; // query and value; [rank, in] and [out, rank]
        private readonly Dropout _dropout;
        private readonly double _scale;

        internal Update(MatrixSize query, MatrixSize value, long rank, double scale, double deviation, double dropout, Device device)
            : base(nameof(Update))
        {
            (_scale, _dropout) = (scale, new Dropout(dropout));
            lora_A = Both(query.In, rank, value.In, rank);
            lora_B = Both(rank, query.Out, rank, value.Out);
            foreach (var name in Parts)
            {
                nn.init.normal_(lora_A[name].weight!, std: deviation);
                nn.init.zeros_(lora_B[name].weight!);
            }

            RegisterComponents();

            ModuleDict<Linear> Both(long queryIn, long queryOut, long valueIn, long valueOut) => nn.ModuleDict(
                (Parts[0], nn.Linear(queryIn, queryOut, hasBias: false, device: device)), (Parts[1], nn.Linear(valueIn, valueOut, hasBias: false, device: device)));
        }

        /// <summary>B of the queries and of the values: a column for each component.</summary>
        internal IReadOnlyList<Parameter> Outgoing => [.. Parts.Select(name => lora_B[name].weight!)];

        private static string[] Parts => ["query", "value"];

        internal Tensor Changed(Tensor part, string name, Tensor input) =>
            part + (lora_B[name].call(lora_A[name].call(_dropout.call(input))) * _scale).to(part.dtype);

        internal Tensor Product(string name) => lora_B[name].weight!.matmul(lora_A[name].weight!) * _scale;
    }

    /// <summary>The update around one Linear that gives queries, keys and values.</summary>
    private sealed class Fused(Update update) : Projection(nameof(Fused))
    {
        /// <inheritdoc/>
        public override bool IsMergeable => true;

        /// <inheritdoc/>
        public override Tensor Apply(Func<Tensor, Tensor> own, Tensor input)
        {
            using var scope = NewDisposeScope();
            var parts = own(input).chunk(3, -1); // queries, keys, values: [batch, tokens, width] each
            var (query, value) = (update.Changed(parts[0], "query", input), update.Changed(parts[2], "value", input));
            return cat([query, parts[1], value], -1).MoveToOuterDisposeScope();
        }

        /// <inheritdoc/>
        public override void Merge(nn.Module layer)
        {
            var rows = ((Linear)layer).weight!.chunk(3, 0);
            rows[0].add_(update.Product("query"));
            rows[2].add_(update.Product("value"));
        }
    }

    /// <summary>The update around the Linear of the queries or of the values.</summary>
    private sealed class Single(Update update, string part) : Projection(nameof(Single))
    {
        /// <inheritdoc/>
        public override bool IsMergeable => true;

        /// <inheritdoc/>
        public override Tensor Apply(Func<Tensor, Tensor> own, Tensor input)
        {
            using var scope = NewDisposeScope();
            return update.Changed(own(input), part, input).MoveToOuterDisposeScope();
        }

        /// <inheritdoc/>
        public override void Merge(nn.Module layer) => ((Linear)layer).weight!.add_(update.Product(part));
    }
}
