using DasSearch.Models.Backbones;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasSearch.Transfer;

/// <summary>x'' = x' + Linear(x') on some channels x' of [batch, tokens, width], the others staying as they are (arXiv:2303.07910, eq. 11).</summary>
internal sealed class TunedChannels : nn.Module<Tensor, Tensor>
{
    private const double Deviation = 0.02;

    private readonly Parameter weight; // [channels, channels]
    private readonly Parameter? bias;

    /// <param name="chosen">Which channels: [channels], Int64.</param>
    internal TunedChannels(Tensor chosen, bool hasBias, Device device)
        : base(nameof(TunedChannels))
    {
        Chosen = chosen.to(device).DetachFromDisposeScope();
        var count = chosen.size(0);
        weight = new Parameter(empty(count, count, device: device));
        bias = hasBias ? new Parameter(zeros(count, device: device)) : null;
        nn.init.trunc_normal_(weight, std: Deviation, a: -2 * Deviation, b: 2 * Deviation);
        RegisterComponents();
    }

    /// <summary>Which channels, in order: [channels], Int64.</summary>
    internal Tensor Chosen { get; }

    /// <summary>Takes those with the largest scores, of equal ones the first.</summary>
    /// <param name="scores">[width].</param>
    internal void Choose(Tensor scores)
    {
        using var scope = NewDisposeScope();
        var values = scores.to(ScalarType.Float64).cpu().data<double>().ToArray();
        var best = Enumerable.Range(0, values.Length).OrderByDescending(channel => values[channel]).Take((int)Chosen.size(0));
        Chosen.copy_(tensor(best.Order().Select(static channel => (long)channel).ToArray()));
    }

    public override Tensor forward(Tensor input) => Changed(input, input);

    /// <summary><paramref name="output"/> with what the chosen channels of <paramref name="read"/> add to them.</summary>
    internal Tensor Changed(Tensor output, Tensor read)
    {
        using var scope = NewDisposeScope();
        var last = read.dim() - 1;
        var change = nn.functional.linear(read.index_select(last, Chosen).to(weight.dtype), weight, bias);
        return output.index_add(last, Chosen, change.to(output.dtype), 1).MoveToOuterDisposeScope();
    }

    /// <summary>Puts it into the Linear that gives the channels.</summary>
    internal void MergeInto(Linear layer)
    {
        var own = LayerBias.Of(layer);
        var (rows, shift) = (layer.weight!.index_select(0, Chosen).to(weight.dtype), own.index_select(0, Chosen).to(weight.dtype));
        var moved = weight.matmul(shift);
        layer.weight!.index_add_(0, Chosen, weight.matmul(rows).to(layer.weight.dtype), 1);
        own.index_add_(0, Chosen, (bias is null ? moved : moved + bias).to(own.dtype), 1);
    }
}

/// <summary>Tuned channels of what a Linear gives.</summary>
internal sealed class TunedLinear : Projection
{
    private readonly TunedChannels channels;

    internal TunedLinear(TunedChannels channels)
        : base(nameof(TunedLinear))
    {
        this.channels = channels;
        RegisterComponents();
    }

    public override bool IsMergeable => true;

    internal TunedChannels Channels => channels;

    public override Tensor Apply(Func<Tensor, Tensor> own, Tensor input)
    {
        using var scope = NewDisposeScope();
        return channels.call(own(input)).MoveToOuterDisposeScope();
    }

    public override void Merge(nn.Module layer) => channels.MergeInto((Linear)layer);
}

/// <summary>Tuned channels of the residual stream behind a sub-layer.</summary>
internal sealed class TunedStream : Branch
{
    private readonly TunedChannels channels;

    internal TunedStream(TunedChannels channels)
        : base(nameof(TunedStream))
    {
        this.channels = channels;
        RegisterComponents();
    }

    internal TunedChannels Channels => channels;

    // The stream is added afterwards.
    public override Tensor forward(Tensor stream, Tensor read, Tensor output)
    {
        using var scope = NewDisposeScope();
        return channels.Changed(output, stream + output).MoveToOuterDisposeScope();
    }
}
