using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasSearch.Models.Backbones.Vilt;

/// <summary>Multi-head self-attention.</summary>
internal sealed class ViltAttention : nn.Module
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

    /// <summary>What the first tokens find out from all of them.</summary>
    /// <param name="input">[batch, tokens, width].</param>
    /// <param name="keyBias">[batch, 1, 1, tokens], added to the scores.</param>
    /// <param name="queries">How many of the tokens ask.</param>
    /// <returns>[batch, queries, width].</returns>
    internal Tensor Attend(Tensor input, Tensor keyBias, long queries)
    {
        using var scope = NewDisposeScope();
        var (batch, tokens, width) = (input.size(0), input.size(1), input.size(2));
        var parts = queries == tokens
            ? Heads(qkv.call(input), 3)
            : [.. Heads(Project(input.narrow(1, 0, queries), 0, width), 1), .. Heads(Project(input, width, 2 * width), 2)];
        var scores = (parts[0] * _scale).matmul(parts[1].transpose(-2, -1)) + keyBias; // [batch, heads, queries, tokens]
        var mixed = scores.softmax(-1).matmul(parts[2]);
        var joined = mixed.transpose(1, 2).reshape(batch, queries, width);
        return _dropout.call(proj.call(joined)).MoveToOuterDisposeScope();
    }

    // Some rows of the projection alone: queries come first, then keys, then values.
    private Tensor Project(Tensor input, long from, long count) =>
        nn.functional.linear(input, qkv.weight!.narrow(0, from, count), qkv.bias!.narrow(0, from, count));

    // [batch, tokens, parts · width] to so many of [batch, heads, tokens, width / heads].
    private Tensor[] Heads(Tensor projected, long parts)
    {
        var (batch, tokens, width) = (projected.size(0), projected.size(1), projected.size(2) / parts);
        return projected.reshape(batch, tokens, parts, _heads, width / _heads).permute(2, 0, 3, 1, 4).unbind();
    }
}
