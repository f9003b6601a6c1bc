using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasSearch.Models.Backbones.Vilt;

/// <summary>Multi-head self-attention: [batch, tokens, width] and key biases [batch, 1, 1, tokens] to [batch, tokens, width].</summary>
internal sealed class ViltAttention : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly Linear qkv;
    private readonly Linear proj;
    private readonly Dropout _dropout;
    private readonly int _heads;
    private readonly double _scale;

    internal ViltAttention(ViltConfig config, Device device)
        : base(nameof(ViltAttention))
    {
        _heads = config.Heads;
        _scale = Math.Pow((double)config.Width / config.Heads, -0.5);
        qkv = nn.Linear(config.Width, 3 * config.Width, device: device);
        proj = nn.Linear(config.Width, config.Width, device: device);
        _dropout = nn.Dropout(config.Dropout);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input, Tensor keyBias)
    {
        using var scope = NewDisposeScope();
        var (batch, tokens, width) = (input.size(0), input.size(1), input.size(2));
        var parts = qkv.call(input)
            .reshape(batch, tokens, 3, _heads, width / _heads)
            .permute(2, 0, 3, 1, 4) // [3, batch, heads, tokens, width / heads]
            .unbind();
        var scores = (parts[0] * _scale).matmul(parts[1].transpose(-2, -1)) + keyBias; // [batch, heads, tokens, tokens]
        var mixed = scores.softmax(-1).matmul(parts[2]);
        var joined = mixed.transpose(1, 2).reshape(batch, tokens, width);
        return _dropout.call(proj.call(joined)).MoveToOuterDisposeScope();
    }
}
