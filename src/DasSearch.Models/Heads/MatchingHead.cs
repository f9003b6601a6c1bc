using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasSearch.Models.Heads;

/// <summary>Does the text belong to the image? Summaries [batch, width] to logits [batch, 2]; 1 stands for "yes".</summary>
/// <remarks>ViLT's image-text matching head, named itm_score in the official checkpoints.</remarks>
public sealed class MatchingHead : nn.Module<Tensor, Tensor>
{
    private readonly Linear fc;

    /// <param name="width">Width of a summary.</param>
    /// <param name="device">Where the parameters live; the CPU by default.</param>
    public MatchingHead(long width, Device? device = null)
        : base(nameof(MatchingHead))
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        fc = nn.Linear(width, 2, device: device);
        nn.init.normal_(fc.weight, std: 0.02);
        nn.init.zeros_(fc.bias!);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => fc.call(input);
}
