using static TorchSharp.torch;

namespace DasSearch.Models.Backbones;

/// <summary>Dropout whose draws come from the calling thread's <see cref="DropoutSource"/>: any shape, to the same.</summary>
/// <remarks>
/// libtorch's own draws from one generator for all threads, so that parts of a batch on several threads would draw in the order in which
/// they happen to meet.
/// </remarks>
public sealed class Dropout(double probability) : nn.Module<Tensor, Tensor>(nameof(Dropout))
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        if (!training || probability == 0)
        {
            return input.alias();
        }

        using var scope = NewDisposeScope();
        return (input * Mask(input, input.shape, probability)).MoveToOuterDisposeScope();
    }

    /// <summary>What an input is multiplied by, of a shape that goes with it: 0 with the probability, and else what makes up for that.</summary>
    internal static Tensor Mask(Tensor input, long[] shape, double probability)
    {
        using var unrecorded = no_grad();
        var kept = 1 - probability;
        return empty(shape, input.dtype, input.device).bernoulli_(kept, DropoutSource.Generator).div_(kept);
    }
}

/// <summary>Stochastic depth (Huang et al., arXiv:1603.09382): in training, what a residual branch gives is dropped for some samples of a batch, and larger for the others.</summary>
/// <param name="probability">How likely a sample is without the branch, in (0, 1).</param>
internal sealed class DropPath(double probability) : nn.Module<Tensor, Tensor>(nameof(DropPath))
{
    /// <summary>That of a block: 0 for the first one, and rising linearly to the whole rate for the last one, as timm has it.</summary>
    /// <param name="rate">The last block's.</param>
    /// <param name="block">Its number among all blocks of the network.</param>
    /// <param name="blocks">How many there are.</param>
    internal static double Of(double rate, int block, int blocks) => blocks > 1 ? rate * block / (blocks - 1) : 0;

    /// <summary>[batch, tokens, width] to the same, whose expectation it is.</summary>
    public override Tensor forward(Tensor input)
    {
        if (!training)
        {
            return input.alias();
        }

        using var scope = NewDisposeScope();
        return (input * Dropout.Mask(input, [input.size(0), 1, 1], probability)).MoveToOuterDisposeScope();
    }
}

/// <summary>What <see cref="Dropout"/> and <see cref="DropPath"/> draw from on the thread that made it, until it is disposed; libtorch's default generator elsewhere.</summary>
public sealed class DropoutSource : IDisposable
{
    [ThreadStatic]
    private static Generator? _current;

    private readonly Generator? _outer;
    private readonly Generator _own;

    /// <param name="seed">What it draws derives from this alone.</param>
    /// <param name="device">Where the masks are drawn.</param>
    public DropoutSource(long seed, Device device)
    {
        _own = new Generator((ulong)seed, device);
        (_outer, _current) = (_current, _own);
    }

    internal static Generator? Generator => _current;

    /// <inheritdoc/>
    public void Dispose()
    {
        _current = _outer;
        _own.Dispose();
    }
}
