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
        return (input * Mask(input)).MoveToOuterDisposeScope();
    }

    private Tensor Mask(Tensor input)
    {
        using var unrecorded = no_grad();
        var kept = 1 - probability;
        return empty_like(input).bernoulli_(kept, DropoutSource.Generator).div_(kept);
    }
}

/// <summary>What <see cref="Dropout"/> draws from on the thread that made it, until it is disposed; libtorch's default generator elsewhere.</summary>
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
