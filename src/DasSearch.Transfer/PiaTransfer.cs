using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Models.Backbones;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Dropout = DasSearch.Models.Backbones.Dropout;

namespace DasSearch.Transfer;

/// <summary>PIA before every kept group of Linears, PIA-FFN of Efficient Attention Skipping (the authors' code for METER; no paper was at hand).</summary>
/// <remarks>
/// What queries, keys and values and what the feed-forward part's first Linear read is x + s · B(dropout(A x)) instead of x; the residual takes
/// the x that nothing was done to. A is from the width to the bottleneck, B back in two groups, and both have biases. B starts at 0, so that a fresh
/// one changes nothing. It folds into the Linear that reads it, from the weights as they were: the authors' code computes the bias with the new ones.
/// One has d·h + h + d·h/2 + d parameters, d being the width and h the bottleneck; the 150,626 of the code at h = 96 include a second B and a
/// router between the two, which METER never uses. Before it is folded it has n·d·h·3/2 multiply-accumulates. In training, queries, keys and values each
/// have a dropout mask of their own, where the code's have one. A feed-forward part that is no module's, as in METER's sub-layers, has none, where the code
/// has one.
/// </remarks>
public sealed class PiaTransfer() : PlacedTransfer(PiaLayers.Type, "PIA before attention and feed-forward part; folds into them")
{
    private static readonly MethodOption<int> _bottleneck = MethodOption.Count("bottleneck", 96, "inner width, even");
    private static readonly MethodOption<double> _scale = MethodOption.Number("scale", 1, "what is added is multiplied by this");

    /// <inheritdoc/>
    public override IReadOnlyList<MethodOption> Options => [_bottleneck, _scale];

    /// <inheritdoc/>
    public override MethodOption<int> Size => _bottleneck;

    /// <inheritdoc/>
    public override bool Merges(TransferSettings settings) => true;

    /// <inheritdoc/>
    public override IEnumerable<AdapterPlacement> Within(ModulePart module, TransferSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return Site.Within(module).Select(site => new AdapterPlacement(
            module.Name, Placement.Sequential, site, Type, settings.Get(_bottleneck), "none", "none", settings.Get(_scale)));
    }

    /// <inheritdoc/>
    protected override AddedToModule CostsOf(AdapterSpot spot, TransferSettings settings)
    {
        ArgumentNullException.ThrowIfNull(spot);
        var costs = PiaLayers.Costs(spot, inputs: 1);
        return costs with { MultiplyAccumulates = costs.MultiplyAccumulates / spot.Shape.Tokens * spot.Readers.Sum(reader => reader.Role == ProjectionRole.QueryKeyValue ? spot.Shape.Tokens : reader.Tokens) };
    }

    /// <inheritdoc/>
    protected override Piece Create(AdapterSpot spot, AttachRequest request)
    {
        ArgumentNullException.ThrowIfNull(spot);
        ArgumentNullException.ThrowIfNull(request);
        var pia = new InFront(spot, request.Device);
        return Piece.At(spot.SubLayer.Name, pia, spot.SubLayer.Name + ".pia") with
        {
            Places = spot.Readers.ToDictionary(static reader => reader.Name, nn.Module (_) => pia, StringComparer.Ordinal),
        };
    }

    private sealed class InFront : Projection
    {
        private readonly Linear conv_A;
        private readonly GroupedLinear conv_B;
        private readonly Dropout _dropout = new(PiaLayers.Dropped);
        private readonly double _scale;

        internal InFront(AdapterSpot spot, Device device)
            : base(nameof(InFront))
        {
            _scale = spot.Of.Scale;
            conv_A = PiaLayers.Inner(spot, device);
            conv_B = new GroupedLinear(spot.Size, spot.Shape.Width, device);
            RegisterComponents();
        }

        public override bool IsMergeable => true;

        public override Tensor Apply(Func<Tensor, Tensor> own, Tensor input)
        {
            using var scope = NewDisposeScope();
            return own(input + (conv_B.call(_dropout.call(conv_A.call(input))) * _scale)).MoveToOuterDisposeScope();
        }

        // W (x + s B (A x + a) + s b) = (W + s W B A) x + s W (B a + b).
        public override void Merge(nn.Module layer)
        {
            var (weight, bias) = (((Linear)layer).weight!, LayerBias.Of(layer));
            var read = weight.to(conv_B.Whole.dtype);
            var moved = read.matmul(conv_B.Whole) * _scale; // [out, bottleneck]
            bias.add_(moved.matmul(conv_A.bias!) + (read.matmul(conv_B.Bias) * _scale));
            weight.add_(moved.matmul(conv_A.weight!));
        }
    }
}

/// <summary>PIA in place of a skipped module, PIA-attention of Efficient Attention Skipping (the authors' code for METER): x + s · B(½ dropout(C x + mean of A x)).</summary>
/// <remarks>
/// In place of attention to another stream, of METER's sub-layers, it is x + s · B(½ dropout(C h + mean of A c)), h being what the layer read and c the
/// other stream, whose m tokens make it 3/2 · n·d·h + m·d·h multiply-accumulates.
/// So what a token gets depends on the mean over all tokens of the stream, padding included, as in the code: replacements are not told
/// which tokens are padding. B starts at 0, so that a fresh one hands its input on. One has 2 (d·h + h) + d·h/2 + d parameters and 5/2 · n·d·h
/// multiply-accumulates; the 335,138 of the code at h = 144 include a second B and a router, which METER never uses.
/// </remarks>
public sealed class PiaReplacement() : AdapterKind(PiaLayers.Type)
{
    /// <inheritdoc/>
    public override IEnumerable<AdapterPlacement> Within(ModulePart module, TransferSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return [new AdapterPlacement(module.Name, Placement.Replace, Site.Module, Type, DasPlacement.WidthInPlace(settings.Adapters), "none", "none", settings.Adapters.Scale)];
    }

    /// <inheritdoc/>
    protected override AddedToModule CostsOf(AdapterSpot spot, TransferSettings settings)
    {
        ArgumentNullException.ThrowIfNull(spot);
        var costs = PiaLayers.Costs(spot, inputs: 2);
        return spot.Module.Kind != ModuleKind.CrossAttention
            ? costs
            : costs with { MultiplyAccumulates = costs.MultiplyAccumulates + ((long)(spot.ContextTokens - spot.Shape.Tokens) * spot.Shape.Width * spot.Size) };
    }

    /// <inheritdoc/>
    protected override Piece Create(AdapterSpot spot, AttachRequest request)
    {
        ArgumentNullException.ThrowIfNull(spot);
        ArgumentNullException.ThrowIfNull(request);
        return Piece.At(spot.Module.Name, new InPlace(spot, request.Device), $"pia_list.{spot.Module.Index}");
    }

    private sealed class InPlace : Replacement
    {
        private readonly Linear conv_A, conv_C;
        private readonly GroupedLinear conv_B;
        private readonly Dropout _dropout = new(PiaLayers.Dropped);
        private readonly double _scale;

        internal InPlace(AdapterSpot spot, Device device)
            : base(nameof(InPlace))
        {
            _scale = spot.Of.Scale;
            conv_A = PiaLayers.Inner(spot, device);
            conv_C = PiaLayers.Inner(spot, device);
            conv_B = new GroupedLinear(spot.Size, spot.Shape.Width, device);
            RegisterComponents();
        }

        public override bool MixesTokens => true;

        public override Tensor forward(Tensor input) => Replace(input, input, input);

        public override Tensor Cross(Tensor input, CrossedStreams streams) => Replace(input, streams.Layer, streams.Context);

        private Tensor Replace(Tensor stream, Tensor own, Tensor averaged)
        {
            using var scope = NewDisposeScope();
            var mean = conv_A.call(averaged).mean([1], keepdim: true); // [batch, 1, bottleneck]
            var inner = _dropout.call(conv_C.call(own) + mean) * 0.5;
            return (stream + (conv_B.call(inner) * _scale)).MoveToOuterDisposeScope();
        }
    }
}

/// <summary>What both kinds of PIA are made of.</summary>
internal static class PiaLayers
{
    internal const string Type = "pia";
    internal const double Dropped = 0.1;

    /// <summary>The costs of one with so many layers into its bottleneck.</summary>
    /// <exception cref="DasSearchException">Bottleneck or width has no two halves.</exception>
    internal static AddedToModule Costs(AdapterSpot spot, int inputs)
    {
        Check(spot);
        long width = spot.Shape.Width, size = spot.Size;
        return new AddedToModule((inputs * ((width * size) + size)) + (width * size / 2) + width, spot.Shape.Tokens * ((inputs * width * size) + (width * size / 2)));
    }

    /// <summary>A layer into the bottleneck, with fresh weights.</summary>
    /// <exception cref="DasSearchException">Bottleneck or width has no two halves.</exception>
    internal static Linear Inner(AdapterSpot spot, Device device)
    {
        Check(spot);
        return Inner(spot.Shape.Width, spot.Size, device);
    }

    /// <summary>The same, whose halves were checked.</summary>
    internal static Linear Inner(long width, long size, Device device)
    {
        var layer = nn.Linear(width, size, device: device);
        nn.init.xavier_uniform_(layer.weight!);
        nn.init.zeros_(layer.bias!);
        return layer;
    }

    /// <exception cref="DasSearchException">Bottleneck or width has no two halves.</exception>
    internal static void Check(AdapterSpot spot)
    {
        var name = spot.Of.Type == Type ? "PIA" : spot.Of.Type;
        if (spot.Size % 2 != 0)
        {
            throw new DasSearchException($"{name} on {spot.Of.Module} works in two halves: its bottleneck must be even, not {spot.Size}");
        }

        if (spot.Shape.Width % 2 != 0)
        {
            throw new DasSearchException($"{name} on {spot.Of.Module} works in two halves: the width must be even, not {spot.Shape.Width}");
        }
    }
}

/// <summary>A Linear in two halves, each of which reads half of the input and gives half of the output; starts at 0.</summary>
internal sealed class GroupedLinear : nn.Module<Tensor, Tensor>
{
    private readonly Parameter weight; // [out, in / 2]
    private readonly Parameter bias;

    internal GroupedLinear(long inputs, long outputs, Device device)
        : base(nameof(GroupedLinear))
    {
        weight = new Parameter(zeros(outputs, inputs / 2, device: device));
        bias = new Parameter(zeros(outputs, device: device));
        RegisterComponents();
    }

    /// <summary>The whole matrix: [out, in], with two blocks that are not 0.</summary>
    internal Tensor Whole => block_diag([.. weight.chunk(2, 0)]);

    internal Tensor Bias => bias;

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var (halves, weights) = (input.chunk(2, -1), weight.chunk(2, 0));
        return (cat([halves[0].matmul(weights[0].t()), halves[1].matmul(weights[1].t())], -1) + bias).MoveToOuterDisposeScope();
    }
}
