using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Models.Backbones;
using DasSearch.Worker.Networks;
using static TorchSharp.torch;

namespace DasSearch.Worker.Training;

/// <summary>Settings of an optimizer, of its schedule, and of how batches make a step.</summary>
internal sealed record OptimizerSettings
{
    /// <summary>The largest learning rate.</summary>
    internal required double LearningRate { get; init; }

    /// <summary>What messages call the setting of the learning rate.</summary>
    internal required string LearningRateKey { get; init; }

    /// <summary>What the rate is multiplied by for <see cref="LearningRateGroup.Head"/>.</summary>
    internal double HeadMultiplier { get; init; } = 1;

    /// <summary>What the rate is multiplied by for <see cref="LearningRateGroup.CrossModal"/>.</summary>
    internal double CrossModalMultiplier { get; init; } = 1;

    internal OptimizerKind Kind { get; init; }

    internal double WeightDecay { get; init; }

    internal double Beta1 { get; init; } = 0.9;

    internal double Beta2 { get; init; } = 0.98;

    internal double Epsilon { get; init; } = 1e-8;

    /// <summary>The norm that gradients are clipped to; null for none.</summary>
    internal double? ClipNorm { get; init; }

    /// <summary>Batches of the whole training.</summary>
    internal required long Batches { get; init; }

    /// <summary>Batches whose gradients are added up for a step.</summary>
    internal int AccumulatedBatches { get; init; } = 1;

    /// <summary>Steps on which the rate rises.</summary>
    internal long WarmUpSteps { get; init; }

    /// <summary>How it falls afterwards.</summary>
    internal RateDecay Decay { get; init; }

    internal long Steps => (Batches + AccumulatedBatches - 1) / AccumulatedBatches;

    /// <summary>What the rate is multiplied by for a group.</summary>
    internal double MultiplierOf(LearningRateGroup group) => group switch
    {
        LearningRateGroup.Head => HeadMultiplier,
        LearningRateGroup.CrossModal => CrossModalMultiplier,
        _ => 1,
    };

    /// <summary>Those of a pre-training.</summary>
    internal static OptimizerSettings Of(PretrainingScheduleConfig config) => new()
    {
        LearningRate = config.LearningRate,
        LearningRateKey = "training.learning_rate",
        WeightDecay = config.WeightDecay,
        ClipNorm = config.ClipNorm,
        Batches = config.Steps,
        WarmUpSteps = config.WarmUpSteps,
        Decay = config.Decay ?? RateDecay.Linear,
    };

    /// <summary>Those of a search, or of a training that goes by a search's settings.</summary>
    /// <remarks>Where settings leave multipliers open they are as in versions that knew no others: those of ViLT.</remarks>
    internal static OptimizerSettings Of(SearchConfig config, double learningRate, string key, long batches)
    {
        var settings = new OptimizerSettings
        {
            LearningRate = learningRate,
            LearningRateKey = key,
            HeadMultiplier = config.HeadMultiplier ?? new LearningRates().Answers,
            CrossModalMultiplier = config.CrossModalMultiplier ?? 1,
            Kind = config.Optimizer ?? OptimizerKind.Adamw,
            WeightDecay = config.WeightDecay,
            Beta1 = config.Beta1,
            Beta2 = config.Beta2,
            Epsilon = config.Epsilon,
            Batches = batches,
            AccumulatedBatches = config.AccumulatedBatches,
            Decay = config.Decay ?? RateDecay.Linear,
        };
        return settings with { WarmUpSteps = (long)(settings.Steps * config.WarmUpFraction) };
    }
}

/// <summary>AdamW, or SGD, with linear warm-up and linear or cosine decay to 0, over batches whose gradients may be added up.</summary>
/// <remarks>
/// The schedule of DAS's code (papers' part A.9): warm-up over the first steps, then down to 0; heads' and cross-modal rates multiplied; no decay of
/// biases and norms.
/// </remarks>
internal sealed class TransferOptimizer : IDisposable
{
    private readonly OptimizerSettings _settings;
    private readonly WarmUpDecay _schedule;

    /// <exception cref="DasSearchException">Nothing is trained.</exception>
    internal TransferOptimizer(IReadOnlyCollection<TrainedParameter> trained, OptimizerSettings settings)
    {
        if (trained.Count == 0)
        {
            throw new DasSearchException("there is nothing to train: the method trains the head alone, and that of this task on this backbone has no weights; --method names another one, or of classes data.head=linear another head");
        }

        _settings = settings;
        _schedule = new WarmUpDecay(settings.Steps, settings.WarmUpSteps, settings.Decay);
        var groups = trained
            .GroupBy(parameter => (Group: Own(parameter.Group), parameter.IsDecayed))
            .Select(group => new ParameterGroup(
                [.. group.Select(static parameter => parameter.Parameter)],
                settings.MultiplierOf(group.Key.Group),
                group.Key.IsDecayed ? settings.WeightDecay : 0));
        var addsUp = settings.AccumulatedBatches > 1;
        Flat = settings.Kind == OptimizerKind.Sgd
            ? new FlatSgd(groups, settings.Beta1, addsUp)
            : new FlatAdamW(groups, settings.Beta1, settings.Beta2, settings.Epsilon, addsUp);

        // One with the body's rate goes with it, as before there was one, so that what is saved is in the same order.
        LearningRateGroup Own(LearningRateGroup group) =>
            group == LearningRateGroup.CrossModal && settings.CrossModalMultiplier == 1 ? LearningRateGroup.Body : group;
    }

    internal FlatOptimizer Flat { get; }

    /// <summary>A batch begins.</summary>
    internal void Begin() => Flat.ZeroGradients();

    /// <summary>Adds up the gradients of a part of a batch; parts may come from two threads at once.</summary>
    /// <param name="loss">The part's loss, whose graph is used up.</param>
    /// <param name="share">What it has in the batch's loss, in (0, 1].</param>
    /// <returns>The part's loss as a number.</returns>
    internal double Learn(Tensor loss, double share)
    {
        var factor = share / _settings.AccumulatedBatches;
        (factor == 1 ? loss : loss * factor).backward();
        return loss.item<float>();
    }

    /// <summary>The batch's gradients are complete; the weights change with every so many batches, and with the last one.</summary>
    /// <param name="batch">How many came before.</param>
    /// <param name="loss">Its loss.</param>
    /// <returns>The loss.</returns>
    /// <exception cref="DasSearchException">The loss is no number; the weights are as they were.</exception>
    internal double End(long batch, double loss)
    {
        if (!double.IsFinite(loss))
        {
            throw new DasSearchException($"the loss of batch {batch} is {(float)loss}: a lower {_settings.LearningRateKey} may help");
        }

        Flat.AddUp();
        if ((batch + 1) % _settings.AccumulatedBatches == 0 || batch + 1 == _settings.Batches)
        {
            Flat.TakeSum();
            if (_settings.ClipNorm is { } norm)
            {
                Flat.ClipGradients(norm);
            }

            Flat.Step(_settings.LearningRate * _schedule.At(batch / _settings.AccumulatedBatches));
        }

        return loss;
    }

    /// <exception cref="DasSearchException">A weight is no longer finite.</exception>
    internal void CheckWeights(long batch)
    {
        if (!Flat.AreFinite)
        {
            throw new DasSearchException($"weights are no longer finite after batch {batch}: a lower {_settings.LearningRateKey} may help");
        }
    }

    public void Dispose() => Flat.Dispose();
}

/// <summary>A learning rate's factor: up linearly to 1 over the first steps, then down to 0, linearly or along half a period of a cosine.</summary>
/// <remarks>The schedule of DAS's code, papers' part A.9; the cosine is that for decoders.</remarks>
/// <param name="Steps">Steps of the whole training.</param>
/// <param name="WarmUp">Steps on which it rises; 0 starts at 1.</param>
internal readonly record struct WarmUpDecay(long Steps, long WarmUp, RateDecay Decay = RateDecay.Linear)
{
    /// <summary>The factor of a step, counted from 0; positive within the training.</summary>
    internal double At(long step) =>
        step < WarmUp ? (step + 1.0) / WarmUp
        : Decay == RateDecay.Cosine ? (1 - Math.Cos(Math.PI * Left(step))) / 2
        : Left(step);

    private double Left(long step) => (double)(Steps - step) / Math.Max(Steps - WarmUp, 1);
}
