using static TorchSharp.torch;

namespace DasSearch.Models.Heads;

/// <summary>Linear, LayerNorm, GELU, Linear: summaries [batch, in] to logits [batch, classes].</summary>
/// <remarks>ViLT's head for VQA and NLVR2; its layers are named 0, 1 and 3, as in the official checkpoints.</remarks>
public sealed class ClassifierHead : nn.Module<Tensor, Tensor>
{
    private const double Deviation = 0.02;

    private readonly TorchSharp.Modules.Sequential _layers;

    /// <param name="inWidth">Width of a summary; of two of them, joined, for NLVR2.</param>
    /// <param name="hiddenWidth">Width in between; twice the backbone's, in ViLT.</param>
    /// <param name="classes">Number of answers.</param>
    /// <param name="device">Where the parameters live; the CPU by default.</param>
    public ClassifierHead(long inWidth, long hiddenWidth, long classes, Device? device = null)
        : base(nameof(ClassifierHead))
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inWidth);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(hiddenWidth);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(classes);
        var first = nn.Linear(inWidth, hiddenWidth, device: device);
        var last = nn.Linear(hiddenWidth, classes, device: device);
        foreach (var layer in new[] { first, last })
        {
            nn.init.normal_(layer.weight, std: Deviation);
            nn.init.zeros_(layer.bias!);
        }

        _layers = nn.Sequential(
            ("0", first), ("1", nn.LayerNorm(hiddenWidth, device: device)), ("2", nn.GELU()), ("3", last));
        foreach (var (name, layer) in _layers.named_children())
        {
            register_module(name, layer);
        }
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => _layers.call(input);
}
