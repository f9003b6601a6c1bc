using DasSearch.Core;
using DasSearch.Models.Attachments;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasSearch.Models.Backbones.Vilt;

/// <summary>One pre-norm Transformer block, or a part of one, with what is attached to it.</summary>
internal sealed class ViltBlock : nn.Module
{
    private const double Eps = 1e-6;

    private readonly LayerNorm? norm1;
    private readonly ViltAttention? attn;
    private readonly LayerNorm? norm2;
    private readonly ViltFeedForward? mlp;

    /// <param name="config">The sizes.</param>
    /// <param name="kinds">The parts to build; one of the whole is all of them.</param>
    /// <param name="device">Where the parameters live.</param>
    internal ViltBlock(ViltConfig config, IReadOnlyCollection<ModuleKind> kinds, Device device)
        : base(nameof(ViltBlock))
    {
        if (kinds.Any(static kind => kind != ModuleKind.FeedForward))
        {
            norm1 = nn.LayerNorm(config.Width, Eps, device: device);
            attn = new ViltAttention(config, device);
            register_module(nameof(norm1), norm1);
            register_module(nameof(attn), attn);
        }

        if (kinds.Any(static kind => kind != ModuleKind.Attention))
        {
            norm2 = nn.LayerNorm(config.Width, Eps, device: device);
            mlp = new ViltFeedForward(config, device);
            register_module(nameof(norm2), norm2);
            register_module(nameof(mlp), mlp);
        }
    }

    /// <summary>x₁ = x + attention(norm1 x) + A₀(x); x₂ = x₁ + mlp(norm2 x₁) + A₁(x₁), as DAS has it for ViLT; or one of the two.</summary>
    /// <param name="kind">Which part.</param>
    /// <param name="x">[batch, all tokens, width].</param>
    /// <param name="keyBias">[batch, 1, 1, all tokens].</param>
    /// <param name="index">Index of the module that the part is.</param>
    /// <param name="attachments">What is put on it.</param>
    /// <param name="tokens">How many of the tokens attention is wanted for, from the first on; null for all.</param>
    /// <returns>[batch, tokens, width].</returns>
    /// <exception cref="ArgumentException">The part was not built.</exception>
    internal Tensor Run(ModuleKind kind, Tensor x, Tensor keyBias, int index, IAttachments attachments, long? tokens = null)
    {
        using var scope = NewDisposeScope();
        var middle = kind == ModuleKind.FeedForward ? x : Attend(x, keyBias, index, attachments, tokens);
        var after = kind == ModuleKind.Attention ? middle : FeedForward(middle, index, attachments);
        return after.MoveToOuterDisposeScope();
    }

    private Tensor Attend(Tensor x, Tensor keyBias, int index, IAttachments attachments, long? tokens)
    {
        var attention = Built(attn).Attend(Built(norm1).call(x), keyBias, tokens ?? x.size(1));
        var wanted = tokens is { } count ? x.narrow(1, 0, count) : x;
        return Join(wanted, attention, index, attachments, Site.AfterAttention, Site.ParallelToAttention);
    }

    private Tensor FeedForward(Tensor x, int index, IAttachments attachments) =>
        Join(x, Built(mlp).call(Built(norm2).call(x)), index, attachments, Site.AfterFeedForward, Site.ParallelToFeedForward);

    private static T Built<T>(T? part)
        where T : nn.Module =>
        part ?? throw new ArgumentException("This part of the block was not built: it was to be skipped.");

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
