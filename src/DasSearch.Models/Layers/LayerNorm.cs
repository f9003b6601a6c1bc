using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace DasSearch.Models.Layers;

/// <summary>Normalises over the last dimension, then scales and shifts: [*, width] to [*, width].</summary>
/// <remarks>
/// As torch.nn.LayerNorm (Ba et al., arXiv:1607.06450). TorchSharp has the class, too, but the factory's signature
/// differs between its releases; this one compiles against all of them.
/// </remarks>
public sealed class LayerNorm : nn.Module<Tensor, Tensor>
{
    private readonly Parameter weight;
    private readonly Parameter bias;
    private readonly long[] _shape;
    private readonly double _eps;

    /// <param name="width">Size of the last dimension.</param>
    /// <param name="eps">Added to the variance; 1e-5 in adapters and heads, 1e-6 in ViT blocks, 1e-12 in BERT.</param>
    /// <param name="device">Where the parameters live; the CPU by default.</param>
    /// <param name="dtype">Their type; the default floating type by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">The width is not positive, or eps is negative.</exception>
    public LayerNorm(long width, double eps = 1e-5, Device? device = null, ScalarType? dtype = null)
        : base(nameof(LayerNorm))
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegative(eps);
        _shape = [width];
        _eps = eps;
        weight = new Parameter(ones(width, dtype, device));
        bias = new Parameter(zeros(width, dtype, device));
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => F.layer_norm(input, _shape, weight, bias, _eps);
}
