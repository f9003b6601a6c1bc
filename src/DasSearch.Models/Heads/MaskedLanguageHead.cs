using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasSearch.Models.Heads;

/// <summary>Which word was hidden? Tokens [*, width] to logits [*, vocabulary].</summary>
/// <remarks>BERT's head, named mlm_score in the official checkpoints: dense, GELU, norm, then a decoder and its bias.</remarks>
public sealed class MaskedLanguageHead : nn.Module<Tensor, Tensor>
{
    private readonly Transform transform;
    private readonly Linear decoder;
    private readonly Parameter bias;

    /// <param name="width">Width of a token's vector.</param>
    /// <param name="vocabulary">Number of words.</param>
    /// <param name="device">Where the parameters live; the CPU by default.</param>
    public MaskedLanguageHead(long width, long vocabulary, Device? device = null)
        : base(nameof(MaskedLanguageHead))
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(vocabulary);
        transform = new Transform(width, device);
        decoder = nn.Linear(width, vocabulary, hasBias: false, device: device);
        nn.init.normal_(decoder.weight, std: 0.02);
        bias = new Parameter(zeros(vocabulary, device: device));
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return (decoder.call(transform.call(input)) + bias).MoveToOuterDisposeScope();
    }

    private sealed class Transform : nn.Module<Tensor, Tensor>
    {
        private const double Eps = 1e-12;

        private readonly Linear dense;
        private readonly LayerNorm LayerNorm;

        internal Transform(long width, Device? device)
            : base(nameof(Transform))
        {
            dense = nn.Linear(width, width, device: device);
            nn.init.normal_(dense.weight, std: 0.02);
            nn.init.zeros_(dense.bias!);
            LayerNorm = nn.LayerNorm(width, Eps, device: device);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            return LayerNorm.call(dense.call(input).gelu()).MoveToOuterDisposeScope();
        }
    }
}
