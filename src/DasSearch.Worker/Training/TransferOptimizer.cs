using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Worker.Networks;
using static TorchSharp.torch;

namespace DasSearch.Worker.Training;

/// <summary>AdamW with linear warm-up and linear decay to 0, over batches whose gradients may be added up.</summary>
/// <remarks>
/// The schedule of DAS's code (papers' part A.9): warm-up over a fraction of all optimizer steps, then down to 0; no
/// gradient clipping; classifiers' rates multiplied; no decay of biases and norms.
/// </remarks>
internal sealed class TransferOptimizer : IDisposable
{
    private readonly SearchConfig _config;
    private readonly double _learningRate;
    private readonly long _batches;
    private readonly WarmUpDecay _schedule;

    /// <param name="network">What is trained.</param>
    /// <param name="config">The settings of AdamW and of the schedule.</param>
    /// <param name="learningRate">The largest learning rate.</param>
    /// <param name="batches">Batches of the whole training.</param>
    internal TransferOptimizer(TransferNetwork network, SearchConfig config, double learningRate, long batches)
    {
        (_config, _learningRate, _batches) = (config, learningRate, batches);
        var steps = (batches + config.AccumulatedBatches - 1) / config.AccumulatedBatches;
        _schedule = new WarmUpDecay(steps, (long)(steps * config.WarmUpFraction));
        AdamW = new FlatAdamW(
            network.Trained
                .GroupBy(static parameter => (parameter.IsMultiplied, parameter.IsDecayed))
                .Select(group => new AdamWGroup(
                    [.. group.Select(static parameter => parameter.Parameter)],
                    group.Key.IsMultiplied ? config.HeadMultiplier : 1,
                    group.Key.IsDecayed ? config.WeightDecay : 0)),
            config.Beta1,
            config.Beta2,
            config.Epsilon);
    }

    internal FlatAdamW AdamW { get; }

    /// <summary>Learns from a batch; the weights change with every so many batches, and with the last one.</summary>
    /// <param name="batch">How many batches came before.</param>
    /// <param name="loss">The batch's loss.</param>
    /// <returns>The loss as a number.</returns>
    /// <exception cref="DasSearchException">It is none; nothing was learnt from it.</exception>
    internal double Learn(long batch, Tensor loss)
    {
        var value = loss.item<float>();
        if (!float.IsFinite(value))
        {
            throw new DasSearchException($"the loss of batch {batch} is {value}: a lower learning rate may help");
        }

        var accumulated = _config.AccumulatedBatches;
        if (batch % accumulated == 0)
        {
            AdamW.ZeroGradients();
        }

        (accumulated == 1 ? loss : loss / accumulated).backward();
        if ((batch + 1) % accumulated == 0 || batch + 1 == _batches)
        {
            Step(batch / accumulated);
        }

        return value;
    }

    public void Dispose() => AdamW.Dispose();

    private void Step(long step) => AdamW.Step(_learningRate * _schedule.At(step));
}
