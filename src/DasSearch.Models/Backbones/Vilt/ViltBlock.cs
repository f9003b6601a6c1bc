using DasSearch.Models.Attachments;
using DasSearch.Models.Layers;
using static TorchSharp.torch;

namespace DasSearch.Models.Backbones.Vilt;

/// <summary>One pre-norm Transformer block, with what is attached to it.</summary>
internal sealed class ViltBlock : nn.Module
{
    private const double Eps = 1e-6;

    private readonly LayerNorm norm1;
    private readonly ViltAttention attn;
    private readonly LayerNorm norm2;
    private readonly ViltFeedForward mlp;

    internal ViltBlock(ViltConfig config, Device device)
        : base(nameof(ViltBlock))
    {
        norm1 = new LayerNorm(config.Width, Eps, device);
        attn = new ViltAttention(config, device);
        norm2 = new LayerNorm(config.Width, Eps, device);
        mlp = new ViltFeedForward(config, device);
        RegisterComponents();
    }

    /// <summary>x₁ = x + attention(norm1 x) + A₀(x); x₂ = x₁ + mlp(norm2 x₁) + A₁(x₁), as DAS has it for ViLT.</summary>
    /// <param name="x">[batch, all tokens, width].</param>
    /// <param name="keyBias">[batch, 1, 1, all tokens].</param>
    /// <param name="index">The block's index.</param>
    /// <param name="attachments">What is put on it.</param>
    /// <param name="tokens">How many of the tokens are wanted, from the first on; null for all.</param>
    /// <returns>[batch, tokens, width].</returns>
    internal Tensor Run(Tensor x, Tensor keyBias, int index, IAttachments attachments, long? tokens = null)
    {
        using var scope = NewDisposeScope();
        var attention = attn.Attend(norm1.call(x), keyBias, tokens ?? x.size(1));
        var wanted = tokens is { } count ? x.narrow(1, 0, count) : x;
        var middle = Join(wanted, attention, index, attachments, Site.AfterAttention, Site.ParallelToAttention);
        var feedForward = mlp.call(norm2.call(middle));
        return Join(middle, feedForward, index, attachments, Site.AfterFeedForward, Site.ParallelToFeedForward)
            .MoveToOuterDisposeScope();
    }

    private static Tensor Join(Tensor x, Tensor branch, int index, IAttachments attachments, Site after, Site parallel)
    {
        if (attachments.At(index, after) is { } onOutput)
        {
            branch = onOutput.call(branch);
        }

        var sum = x + branch;
        return attachments.At(index, parallel) is { } beside ? sum + beside.call(x) : sum;
    }
}
