using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasSearch.Models.Backbones.Vilt;

/// <summary>Two linear layers with a GELU between them: [batch, tokens, width] to the same.</summary>
internal sealed class ViltFeedForward : nn.Module<Tensor, Tensor>
{
    private readonly Linear fc1;
    private readonly Linear fc2;
    private readonly Dropout _dropout;

    internal ViltFeedForward(ViltConfig config, Device device)
        : base(nameof(ViltFeedForward))
    {
        var inner = config.FeedForwardRatio * config.Width;
        fc1 = nn.Linear(config.Width, inner, device: device);
        fc2 = nn.Linear(inner, config.Width, device: device);
        _dropout = nn.Dropout(config.Dropout);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var inner = _dropout.call(fc1.call(input).gelu());
        return _dropout.call(fc2.call(inner)).MoveToOuterDisposeScope();
    }
}
