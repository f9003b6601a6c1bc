using System.Diagnostics;
using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Data;
using DasSearch.Data.Batches;
using DasSearch.Data.Pretraining;
using DasSearch.Models.Checkpoints;
using DasSearch.Worker.Training;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace DasSearch.Worker.Pretraining;

/// <summary>Trains a ViLT on captioned scenes: hidden words, and captions that are false by one attribute.</summary>
/// <remarks>
/// The two losses of ViLT (arXiv:2102.03334, section 3.2), each with a pass of its own. Step i sees batch i and draws its
/// dropout from a seed derived from i, so that an interrupted run that goes on gives the bits of one that was not.
/// </remarks>
/// <param name="config">The settings.</param>
/// <param name="configSha256">What tells these settings from others.</param>
/// <param name="data">The scenes; made with the settings' seed and masking rate.</param>
/// <param name="device">Where to train.</param>
public sealed class Pretrainer(PretrainingConfig config, string configSha256, PretrainingData data, Device device)
{
    private const int EvaluationBatch = 128;

    private readonly List<HeldOutFigures> _curve = [];

    /// <summary>Trains to the end, and writes the checkpoint.</summary>
    /// <param name="output">The checkpoint's file; the state for resuming lies beside it until the end.</param>
    /// <param name="progress">Told after every step, and of every evaluation.</param>
    /// <param name="cancellation">Ends the run after the step in progress; its state is saved first.</param>
    /// <exception cref="DasSearchException">The loss is no longer a number, or a saved state belongs to other settings.</exception>
    /// <exception cref="OperationCanceledException">The run was ended; the same command goes on with it.</exception>
    public PretrainingResult Run(string output, IPretrainingProgress progress, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(output);
        ArgumentNullException.ThrowIfNull(progress);
        torch.manual_seed(Seed("model", 0));
        using var model = new PretrainingModel(config.Model, device);
        using var optimizer = MakeOptimizer(model);
        var state = new PretrainingState(output + ".state", configSha256);
        var (first, curve) = state.Restore(model.State(), optimizer);
        _curve.AddRange(curve);
        var before = _curve.Count == 0 ? 0 : _curve[^1].Seconds;
        var clock = Stopwatch.StartNew();
        var (losses, steps) = (0.0, 0);

        using var batches = new Prefetcher<PretrainingBatch>(
            config.Training.Steps - first, i => data.Batch(Split.Train, first + i, config.Training.BatchSize));
        for (var step = first; step < config.Training.Steps; step++)
        {
            using var batch = batches.Next(CancellationToken.None)!.MoveTo(device);
            var loss = Step(step, model, optimizer, batch);
            (losses, steps) = (losses + loss, steps + 1);
            var done = step + 1;
            progress.Stepped(done, loss);
            if (done % config.Evaluation.Every != 0 && done != config.Training.Steps)
            {
                if (!cancellation.IsCancellationRequested)
                {
                    continue;
                }
            }
            else
            {
                var figures = Evaluate(model, Split.Validation, config.Evaluation.Samples, done, losses / steps, before + clock.Elapsed.TotalSeconds);
                _curve.Add(figures);
                progress.Evaluated(figures);
                (losses, steps) = (0, 0);
            }

            state.Save(done, model.State(), optimizer, _curve);
            cancellation.ThrowIfCancellationRequested();
        }

        var seconds = before + clock.Elapsed.TotalSeconds;
        var (validation, test) = (Last(Split.Validation), Last(Split.Test));
        SafetensorsWriter.Write(output, model.State(), Metadata(model));
        state.Remove();
        return new PretrainingResult(model.Sizes, model.Parameters().Sum(static entry => entry.Parameter.numel()), _curve, validation, test);

        HeldOutFigures Last(Split split) =>
            Evaluate(model, split, config.Evaluation.FinalSamples, config.Training.Steps, double.NaN, seconds);
    }

    private double Step(int step, PretrainingModel model, FlatAdamW optimizer, PretrainingBatch batch)
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(Seed("dropout", step));
        var schedule = new WarmUpDecay(config.Training.Steps, config.Training.WarmUpSteps);
        optimizer.ZeroGradients();
        var (logits, words) = model.Predict(batch);
        var loss = F.cross_entropy(logits, words);
        if (step >= config.Training.WordSteps)
        {
            var (verdicts, answers) = model.Match(batch);
            loss += F.cross_entropy(verdicts, answers);
        }

        loss.backward();
        optimizer.ClipGradients(config.Training.ClipNorm);
        optimizer.Step(config.Training.LearningRate * schedule.At(step));
        var value = loss.item<float>();
        return float.IsFinite(value)
            ? value
            : throw new DasSearchException($"the loss of step {step} is {value}: a lower training.learning_rate may help");
    }

    private HeldOutFigures Evaluate(PretrainingModel model, Split split, int samples, int step, double loss, double seconds)
    {
        using var unrecorded = no_grad();
        model.Train(false);
        var (right, found, hidden) = (0L, 0L, 0L);
        var batches = (samples + EvaluationBatch - 1) / EvaluationBatch;
        for (var i = 0; i < batches; i++)
        {
            using var scope = NewDisposeScope();
            using var batch = data.Batch(split, i, EvaluationBatch).MoveTo(device);
            var (verdicts, answers) = model.Match(batch);
            right += verdicts.argmax(1).eq(answers).sum().item<long>();
            var (logits, words) = model.Predict(batch);
            found += logits.argmax(1).eq(words).sum().item<long>();
            hidden += words.numel();
        }

        model.Train(true);
        return new HeldOutFigures(step, loss, (double)right / (2 * batches * EvaluationBatch), (double)found / hidden, seconds);
    }

    private FlatAdamW MakeOptimizer(PretrainingModel model) => new(
        model.Parameters()
            .GroupBy(static entry => IsDecayed(entry.Name), static entry => entry.Parameter)
            .Select(group => new AdamWGroup([.. group], RateMultiplier: 1, group.Key ? config.Training.WeightDecay : 0)),
        beta1: 0.9,
        beta2: 0.98,
        epsilon: 1e-8);

    private static bool IsDecayed(string name) =>
        !name.EndsWith("bias", StringComparison.Ordinal) && !name.Contains("norm", StringComparison.OrdinalIgnoreCase);

    private long Seed(string name, long number) => SeededRandom.Derive(config.Seed, $"pretraining/{name}", number).NextInt64();

    private Dictionary<string, string> Metadata(PretrainingModel model) => new()
    {
        ["format"] = "pt",
        ["backbone"] = "vilt",
        ["config_sha256"] = configSha256,
        ["heads"] = Text(model.Sizes.Heads),
        ["patch_size"] = Text(model.Sizes.PatchSize),
        ["dropout"] = model.Sizes.Dropout.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    private static string Text(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
