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

    private readonly LayerNorm adapter_layer_norm_before;
    private readonly Linear down_proj;
    private readonly Linear up_proj;
    private readonly double _scale;

    /// <param name="scale">s; the paper's is 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The bottleneck is not positive.</exception>
    public BottleneckAdapter(long width, long bottleneck, double scale = 1, Device? device = null)
        : base(nameof(BottleneckAdapter))
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bottleneck);
        _scale = scale;
        adapter_layer_norm_before = nn.LayerNorm(width, device: device);
        down_proj = nn.Linear(width, bottleneck, device: device);
        up_proj = nn.Linear(bottleneck, width, device: device);
        foreach (var layer in new[] { down_proj, up_proj })
        {
            nn.init.normal_(layer.weight, std: Deviation);
            nn.init.zeros_(layer.bias!);
        }

        RegisterComponents();
    }

    /// <summary>The parameters of one, by the adapter's name.</summary>
    public static IEnumerable<ParameterShape> Shapes(string name, long width, long bottleneck) =>
    [
        new($"{name}.{nameof(adapter_layer_norm_before)}.weight", [width]),
        new($"{name}.{nameof(adapter_layer_norm_before)}.bias", [width]),
        new($"{name}.{nameof(down_proj)}.weight", [bottleneck, width]),
        new($"{name}.{nameof(down_proj)}.bias", [bottleneck]),
        new($"{name}.{nameof(up_proj)}.weight", [width, bottleneck]),
        new($"{name}.{nameof(up_proj)}.bias", [width]),
    ];

    /// <summary>Parameters of one: 2·width·bottleneck for the projections, their biases, and the norm's 2·width.</summary>
    public static long Parameters(long width, long bottleneck) => (2 * width * bottleneck) + bottleneck + (3 * width);

    /// <summary>Multiply-accumulates of one for so many tokens.</summary>
    public static long Operations(long width, long bottleneck, long tokens) => 2 * tokens * width * bottleneck;

    /// <summary>The weights that the inner units act by: [width, bottleneck], a column each.</summary>
    internal Tensor Outgoing => up_proj.weight!;

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var inner = down_proj.call(adapter_layer_norm_before.call(input)).relu();
        var output = up_proj.call(inner);
        return (_scale == 1 ? output : output * _scale).MoveToOuterDisposeScope();
    }
}
