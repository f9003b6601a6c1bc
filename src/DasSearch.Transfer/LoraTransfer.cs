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
        return new AddedToModule(4L * spot.Shape.Width * Rank(spot), 4L * spot.Shape.Tokens * spot.Shape.Width * Rank(spot));
    }

    /// <inheritdoc/>
    protected override Piece Create(AdapterSpot spot, AttachRequest request)
    {
        ArgumentNullException.ThrowIfNull(spot);
        ArgumentNullException.ThrowIfNull(request);
        var place = spot.Projection(ProjectionRole.QueryKeyValue);
        var (deviation, dropout) = (request.Settings.Get(_init), request.Settings.Get(_dropout));
        var update = new Update(place, Rank(spot), spot.Of.Scale, deviation, dropout, request.Device);
        return Piece.At(place.Name, update, place.Name) with { Units = update.Outgoing, UnitDimension = 1 };
    }

    private static int Rank(AdapterSpot spot) => spot.Size <= spot.Shape.Width
        ? spot.Size
        : throw new DasSearchException($"LoRA on {spot.Of.Module} is of rank {spot.Size}, expected at most its width of {spot.Shape.Width}");

    private sealed class Update : Projection
    {
        private readonly ModuleDict<Linear> lora_A, lora_B; // query and value; [rank, width] and [width, rank]
        private readonly Dropout _dropout;
        private readonly double _scale;

        internal Update(ProjectionPlace place, long rank, double scale, double deviation, double dropout, Device device)
            : base(nameof(Update))
        {
            (_scale, _dropout) = (scale, new Dropout(dropout));
            lora_A = Both(() => nn.Linear(place.In, rank, hasBias: false, device: device));
            lora_B = Both(() => nn.Linear(rank, place.Out / 3, hasBias: false, device: device));
            foreach (var name in Parts)
            {
                nn.init.normal_(lora_A[name].weight!, std: deviation);
                nn.init.zeros_(lora_B[name].weight!);
            }

            RegisterComponents();
        }

        /// <inheritdoc/>
        public override bool IsMergeable => true;

        /// <summary>B of the queries and of the values: a column for each component.</summary>
        internal IReadOnlyList<Parameter> Outgoing => [.. Parts.Select(name => lora_B[name].weight!)];

        private static string[] Parts => ["query", "value"];

        /// <inheritdoc/>
        public override Tensor Apply(Func<Tensor, Tensor> own, Tensor input)
        {
            using var scope = NewDisposeScope();
            var parts = own(input).chunk(3, -1); // queries, keys, values: [batch, tokens, width] each
            var (query, value) = (Changed(parts[0], "query", input), Changed(parts[2], "value", input));
            return cat([query, parts[1], value], -1).MoveToOuterDisposeScope();
        }

        /// <inheritdoc/>
        public override void Merge(nn.Module layer)
        {
            var rows = ((Linear)layer).weight!.chunk(3, 0);
            rows[0].add_(Product("query"));
            rows[2].add_(Product("value"));
        }

        private static ModuleDict<Linear> Both(Func<Linear> make) => nn.ModuleDict(Parts.Select(name => (name, make())).ToArray());

        private Tensor Changed(Tensor part, string name, Tensor input) =>
            part + (lora_B[name].call(lora_A[name].call(_dropout.call(input))) * _scale).to(part.dtype);

        private Tensor Product(string name) => lora_B[name].weight!.matmul(lora_A[name].weight!) * _scale;
    }
}
