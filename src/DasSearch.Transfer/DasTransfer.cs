using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Models.Backbones;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasSearch.Transfer;

/// <summary>A(x) = s · (W_up ReLU(W_down LN(x) + b_down) + b_up): [batch, tokens, width] to the same, without a residual.</summary>
/// <remarks>
/// The adapter of DAS (arXiv:2309.01479) for ViLT and METER, as in the authors' code: in place of a skipped layer its
/// output is added to the layer's input, beside a kept layer to the sub-layer's. The up-projection does not start at
/// zero, so that a fresh adapter disturbs the backbone a little.
/// </remarks>
public sealed class BottleneckAdapter : nn.Module<Tensor, Tensor>
{
    private const double Deviation = 0.02; // BERT's initialisation.

    private readonly LayerNorm? adapter_layer_norm_before;
    private readonly Linear down_proj;
    private readonly Linear up_proj;
    private readonly double _scale;

    /// <param name="scale">s; the paper's is 1.</param>
    /// <param name="isNormed">Whether it has its norm; the adapters of other papers do without.</param>
    /// <exception cref="ArgumentOutOfRangeException">The bottleneck is not positive.</exception>
    public BottleneckAdapter(long width, long bottleneck, double scale = 1, Device? device = null, bool isNormed = true)
        : base(nameof(BottleneckAdapter))
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bottleneck);
        _scale = scale;
        adapter_layer_norm_before = isNormed ? nn.LayerNorm(width, device: device) : null;
        down_proj = nn.Linear(width, bottleneck, device: device);
        up_proj = nn.Linear(bottleneck, width, device: device);
        foreach (var layer in new[] { down_proj, up_proj })
        {
            nn.init.normal_(layer.weight, std: Deviation);
            nn.init.zeros_(layer.bias!);
        }

        RegisterComponents();
    }

    /// <summary>What one costs: 2·width·bottleneck parameters of the projections, their biases, the norm's 2·width; 2·tokens·width·bottleneck multiply-accumulates.</summary>
    public static AddedToModule Costs(ModuleShape shape, long bottleneck, bool isNormed = true)
    {
        ArgumentNullException.ThrowIfNull(shape);
        long width = shape.Width;
        return new AddedToModule((2 * width * bottleneck) + bottleneck + ((isNormed ? 3 : 1) * width), 2 * shape.Tokens * width * bottleneck);
    }

    /// <summary>The weights that the inner units act by: [width, bottleneck], a column each.</summary>
    internal Parameter Outgoing => up_proj.weight!;

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var read = adapter_layer_norm_before is null ? input : adapter_layer_norm_before.call(input);
        var output = up_proj.call(down_proj.call(read).relu());
        return (_scale == 1 ? output : output * _scale).MoveToOuterDisposeScope();
    }
}

/// <summary>What an adapter at a sub-layer reads.</summary>
internal enum AdapterInput
{
    /// <summary>The residual stream.</summary>
    Stream,

    /// <summary>What the sub-layer reads, in pre-norm models the norm of the stream.</summary>
    Read,

    /// <summary>What the sub-layer gives.</summary>
    Output,
}

/// <summary>Adds an adapter's output to a sub-layer's: [batch, tokens, width] each.</summary>
internal sealed class AdapterBranch : Branch
{
    private readonly BottleneckAdapter adapter;
    private readonly AdapterInput _input;

    internal AdapterBranch(BottleneckAdapter adapter, AdapterInput input)
        : base(nameof(AdapterBranch))
    {
        (this.adapter, _input) = (adapter, input);
        RegisterComponents();
    }

    public override Tensor forward(Tensor stream, Tensor read, Tensor output)
    {
        using var scope = NewDisposeScope();
        var input = _input switch { AdapterInput.Stream => stream, AdapterInput.Read => read, _ => output };
        return (output + adapter.call(input)).MoveToOuterDisposeScope();
    }
}

/// <summary>The adapters of DAS (arXiv:2309.01479) at kept modules, where the plan or supernet places them.</summary>
/// <remarks>
/// As in the authors' code: a kept module runs with an adapter of the residual stream, A(x), added to what each of its sub-layers gives; in
/// METER, whose norms come after the residual, that of the feed-forward part is added behind the norm. A supernet has all of them for every module; those that a
/// subnetwork does not use get no gradient in its step.
/// </remarks>
public sealed class DasTransfer() : PlacedTransfer(DasPlacement.Type, "bottleneck adapters beside attention and feed-forward parts")
{
    /// <inheritdoc/>
    public override IEnumerable<AdapterPlacement> Within(ModulePart module, TransferSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return DasPlacement.Within(module, settings.Adapters);
    }

    /// <inheritdoc/>
    protected override AddedToModule CostsOf(AdapterSpot spot, TransferSettings settings)
    {
        ArgumentNullException.ThrowIfNull(spot);
        return BottleneckAdapter.Costs(spot.Shape, spot.Size);
    }

    /// <inheritdoc/>
    protected override Piece Create(AdapterSpot spot, AttachRequest request)
    {
        ArgumentNullException.ThrowIfNull(spot);
        ArgumentNullException.ThrowIfNull(request);
        var adapter = new BottleneckAdapter(spot.Shape.Width, spot.Size, spot.Of.Scale, request.Device);
        var place = spot.Of.Site == Site.FeedForward ? spot.SubLayer.Normed ?? spot.SubLayer.Name : spot.SubLayer.Name;
        return Piece.At(place, adapter, NameOf(spot)) with
        {
            Places = new Dictionary<string, nn.Module> { [place] = new AdapterBranch(adapter, AdapterInput.Stream) }, Units = [adapter.Outgoing], UnitDimension = 1,
        };
    }

    private static string NameOf(AdapterSpot spot) => spot.SubLayer.Adapter
        ?? spot.SubLayer.Name[..spot.SubLayer.Name.LastIndexOf('.')] + (spot.Of.Site == Site.Attention ? ".adapter0" : ".adapter1");
}

/// <summary>DAS's adapter in place of a skipped module: x + A(x) (arXiv:2309.01479).</summary>
public sealed class DasReplacement() : AdapterKind(DasPlacement.Type)
{
    /// <inheritdoc/>
    public override IEnumerable<AdapterPlacement> Within(ModulePart module, TransferSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return DasPlacement.InPlaceOf(module, settings.Adapters);
    }

    internal static string NameOf(AdapterSpot spot) => spot.Shape.Replacement ?? $"adapter_list.{spot.Module.Index}.0";

    /// <inheritdoc/>
    protected override AddedToModule CostsOf(AdapterSpot spot, TransferSettings settings)
    {
        ArgumentNullException.ThrowIfNull(spot);
        return BottleneckAdapter.Costs(spot.Shape, spot.Size);
    }

    /// <inheritdoc/>
    protected override Piece Create(AdapterSpot spot, AttachRequest request)
    {
        ArgumentNullException.ThrowIfNull(spot);
        ArgumentNullException.ThrowIfNull(request);
        var adapter = new BottleneckAdapter(spot.Shape.Width, spot.Size, spot.Of.Scale, request.Device);
        return Piece.At(spot.Module.Name, adapter, NameOf(spot)) with
        {
            Places = new Dictionary<string, nn.Module> { [spot.Module.Name] = new InPlace(adapter) }, Units = [adapter.Outgoing], UnitDimension = 1,
        };
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
