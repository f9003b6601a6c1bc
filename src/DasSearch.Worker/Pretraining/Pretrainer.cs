using System.Diagnostics;
using System.Globalization;
using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Data;
using DasSearch.Data.Pretraining;
using DasSearch.Models.Backbones.Encoders;
using DasSearch.Models.Checkpoints;
using DasSearch.Worker.Networks;
using DasSearch.Worker.Resuming;
using DasSearch.Worker.Training;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace DasSearch.Worker.Pretraining;

/// <summary>How well a model does on scenes that it was not trained on.</summary>
/// <param name="Step">Optimizer steps taken before.</param>
/// <param name="TrainingLoss">Mean loss of the steps since the last figures; NaN before the first step.</param>
/// <param name="MatchingAccuracy">Share of captions, half of them false by one attribute, that are told right, from 0 to 1.</param>
/// <param name="WordAccuracy">Share of hidden words that are found, from 0 to 1.</param>
/// <param name="BlindWordAccuracy">The same where each text stands beside the picture of another scene: what texts alone give away.</param>
/// <param name="Seconds">Seconds of training so far, interruptions left out.</param>
public sealed record HeldOutFigures(int Step, double TrainingLoss, double MatchingAccuracy, double WordAccuracy, double BlindWordAccuracy, double Seconds);

/// <summary>What a pre-training gave.</summary>
/// <param name="Title">What the model is, in the words of a model card.</param>
/// <param name="Parameters">Its parameters, heads included.</param>
/// <param name="Curve">The figures along the way, on the validation split.</param>
/// <param name="Validation">The last figures on the validation split, over more scenes.</param>
/// <param name="Test">The same on the test split.</param>
public sealed record PretrainingResult(
    string Title, long Parameters, IReadOnlyList<HeldOutFigures> Curve, HeldOutFigures Validation, HeldOutFigures Test)
{
    /// <summary>On the test split, what the checkpoint does that was compressed; null where the model started from fresh weights.</summary>
    public HeldOutFigures? Original { get; init; }
}

/// <summary>Who wants to know how a pre-training is getting on.</summary>
public interface IPretrainingProgress
{
    /// <summary>A step is done.</summary>
    /// <param name="done">Steps done so far.</param>
    /// <param name="loss">Its loss.</param>
    void Stepped(int done, double loss);

    /// <summary>Held-out figures were taken.</summary>
    void Evaluated(HeldOutFigures figures);
}

/// <summary>Who wants to know how a compression is getting on besides.</summary>
public interface ICompressionProgress : IPretrainingProgress
{
    /// <summary>A Linear's factors are about to be computed.</summary>
    /// <param name="number">Which, from 1.</param>
    /// <param name="total">How many there are.</param>
    void Factorising(int number, int total);

    /// <summary>They are all computed.</summary>
    void Factorised(Compression compression);

    /// <summary>Held-out figures of a classifier were taken.</summary>
    void Evaluated(ClassifierFigures figures);
}

/// <summary>Trains a backbone on captioned scenes: hidden words, and captions that are false by one attribute.</summary>
/// <remarks>
/// The two losses of ViLT (arXiv:2102.03334, section 3.2), each with a pass of its own, and where they are wanted the second for words besides, and the first for the summary. Step i sees batch i and draws its
/// dropout from a seed derived from i, so that an interrupted run that goes on gives the bits of one that was not.
/// </remarks>
/// <param name="config">The settings.</param>
/// <param name="key">What tells a state to go on from from those of other trainings.</param>
/// <param name="data">The scenes; made with the settings' seed and masking rate.</param>
/// <param name="device">Where to train.</param>
/// <param name="features">What frozen encoders gave before.</param>
/// <param name="compression">What the model starts from, and what its loss has besides; null for fresh weights.</param>
public sealed class Pretrainer(PretrainingConfig config, string key, PretrainingData data, Device device, FeatureCache? features = null, Compression? compression = null)
    : ITraining<PretrainingBatch>
{
    /// <summary>The free text of a checkpoint that tells what settings it is of.</summary>
    public const string SettingsKey = "config_sha256";

    private const int EvaluationBatch = 128;
    private const string Columns = "step,training_loss,matching_accuracy,word_accuracy,blind_word_accuracy,seconds";
    private const string CurveFile = "curve.csv";
    private const string Now = "now"; // a row of what is known since the last figures

    private readonly List<HeldOutFigures> _curve = [];
    private readonly Stopwatch _clock = new();
    private PretrainingModel _model = null!; // of the run
    private IPretrainingProgress? _progress;
    private double _before;
    private (double Sum, int Count) _losses;

    IReadOnlyDictionary<string, Tensor> ITraining<PretrainingBatch>.Weights => _model.State();

    Device ITraining<PretrainingBatch>.Device => device;

    private double Seconds => _before + _clock.Elapsed.TotalSeconds;

    /// <summary>The folder that an interrupted run goes on from.</summary>
    public static string StateOf(string output) => output + ".state";

    /// <summary>Trains to the end, and writes the checkpoint.</summary>
    /// <param name="output">The checkpoint's file; the state for resuming lies beside it until the end.</param>
    /// <param name="metadata">What the checkpoint says of itself beside its sizes.</param>
    /// <param name="progress">Told after every step, and of every evaluation.</param>
    /// <param name="cancellation">Ends the run after the step in progress; its state is saved first.</param>
    /// <exception cref="DasSearchException">The loss is no longer a number, or a saved state belongs to other settings.</exception>
    /// <exception cref="OperationCanceledException">The run was ended; the same command goes on with it.</exception>
    public PretrainingResult Run(
        string output, IReadOnlyDictionary<string, string> metadata, IPretrainingProgress progress, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(output);
        _progress = progress;
        torch.manual_seed(Seed("model", 0));
        using var model = compression?.Student(data, device) ?? new PretrainingModel(config, data, device, features);
        _model = model;
        using var optimizer = new TransferOptimizer(model.Trained, OptimizerSettings.Of(config.Training));
        var state = new TrainingState(StateOf(output), key, compression is null ? "pre-training" : "compression");
        TrainingLoop.Run(this, optimizer, config.Training.Steps, state, threads: null, cancellation);

        var seconds = Seconds;
        var (validation, test) = (Last(Split.Validation), Last(Split.Test));
        var original = compression is null ? null : Evaluate(compression.Teacher, Split.Test, config.Evaluation.FinalSamples, 0, double.NaN, 0);
        CheckpointFile.Write(output, compression?.With(model.State()) ?? model.Saved(), Metadata(metadata));
        state.Remove();
        return new PretrainingResult(model.Title, model.Trained.Sum(static parameter => parameter.Parameter.numel()), _curve, validation, test) { Original = original };

        HeldOutFigures Last(Split split) => Evaluate(model, split, config.Evaluation.FinalSamples, config.Training.Steps, double.NaN, seconds);
    }

    void ITraining<PretrainingBatch>.Start(long first)
    {
        if (compression is not null && first == 0)
        {
            Note(Evaluate(_model, Split.Validation, config.Evaluation.Samples, 0, double.NaN, 0)); // the factors as they are
        }

        _model.Train(true);
        _clock.Restart();
    }

    PretrainingBatch ITraining<PretrainingBatch>.Draw(long number)
    {
        var batch = data.Batch(Split.Train, number, config.Training.BatchSize);
        if (features is { IsFull: false } && data.Samples > 0 && device.type == DeviceType.CPU)
        {
            LostScalar.Retry(() => _model.ReadAhead(batch, number >= config.Training.WordSteps));
        }

        return batch;
    }

    PretrainingBatch ITraining<PretrainingBatch>.Move(PretrainingBatch batch) => batch.MoveTo(device);

    long ITraining<PretrainingBatch>.DropoutSeed(long number) => Seed("dropout", number);

    Tensor ITraining<PretrainingBatch>.Loss(long number, PretrainingBatch batch)
    {
        var learnsMatching = number >= config.Training.WordSteps;
        var trace = compression?.NewTrace();
        var found = _model.Predict(batch, trace);
        var loss = F.cross_entropy(found.Logits, found.Answers);
        if (learnsMatching)
        {
            var matched = _model.Match(batch, trace);
            loss = loss + F.cross_entropy(matched.Captions.Logits, matched.Captions.Answers);
            if (matched.Words is { } words)
            {
                loss = loss + (config.Training.WordMatching * F.cross_entropy(words.Logits, words.Answers));
            }

            if (_model.Tell(batch, trace) is { } told)
            {
                loss = loss + (config.Training.SummaryWords * F.cross_entropy(told.Logits, told.Answers));
            }
        }

        return compression?.Add(loss, _model.State(), trace, original =>
        {
            compression.Teacher.Predict(batch, original);
            if (learnsMatching)
            {
                compression.Teacher.Match(batch, original);
                compression.Teacher.Tell(batch, original);
            }
        }) ?? loss;
    }

    bool ITraining<PretrainingBatch>.After(long number, double loss)
    {
        var done = (int)number + 1;
        _losses = (_losses.Sum + loss, _losses.Count + 1);
        _progress!.Stepped(done, loss);
        if (done % config.Evaluation.Every != 0 && done != config.Training.Steps)
        {
            return false;
        }

        Note(Evaluate(_model, Split.Validation, config.Evaluation.Samples, done, _losses.Sum / _losses.Count, Seconds));
        _losses = default;
        _model.Train(true);
        return true;
    }

    void ITraining<PretrainingBatch>.Write(string folder) => File.WriteAllLines(
        Path.Combine(folder, CurveFile),
        [
            Columns,
            .. _curve.Select(static figures => string.Create(
            CultureInfo.InvariantCulture,
            $"{figures.Step},{figures.TrainingLoss:R},{figures.MatchingAccuracy:R},{figures.WordAccuracy:R},{figures.BlindWordAccuracy:R},{figures.Seconds:R}")),
            string.Create(CultureInfo.InvariantCulture, $"{Now},{_losses.Sum:R},{_losses.Count},{Seconds:R}"),
        ]);

    void ITraining<PretrainingBatch>.Read(string folder)
    {
        foreach (var row in File.ReadLines(Path.Combine(folder, CurveFile)).Skip(1).Select(static line => line.Split(',')))
        {
            var cells = row.SkipWhile(static cell => cell == Now).Select(static cell => double.Parse(cell, CultureInfo.InvariantCulture)).ToArray();
            if (row[0] == Now)
            {
                (_losses, _before) = ((cells[0], (int)cells[1]), cells[2]);
            }
            else
            {
                _curve.Add(new HeldOutFigures((int)cells[0], cells[1], cells[2], cells[3], cells[4], cells[5]));
                _before = cells[5];
            }
        }
    }

    private void Note(HeldOutFigures figures)
    {
        _curve.Add(figures);
        _progress!.Evaluated(figures);
    }

    private HeldOutFigures Evaluate(PretrainingModel model, Split split, int samples, int step, double loss, double seconds)
    {
        using var unrecorded = no_grad();
        model.Train(false);
        var (correct, found, blind, hidden) = (0L, 0L, 0L, 0L);
        var batches = (samples + EvaluationBatch - 1) / EvaluationBatch;
        for (var i = 0; i < batches; i++)
        {
            using var batch = data.Batch(split, i, EvaluationBatch).MoveTo(device);
            var counts = LostScalar.Retry(() => Count(batch));
            (correct, found, blind, hidden) = (correct + counts.Matched, found + counts.Found, blind + counts.Blind, hidden + counts.Hidden);
        }

        return new HeldOutFigures(step, loss, (double)correct / (2 * batches * EvaluationBatch), (double)found / hidden, (double)blind / hidden, seconds);

        (long Matched, long Found, long Blind, long Hidden) Count(PretrainingBatch batch)
        {
            using var scope = NewDisposeScope();
            var words = model.Predict(batch);
            var blindly = model.Predict(batch with { Images = batch.Images.roll(1, 0) });
            return (model.Match(batch).Captions.CountCorrect(), words.CountCorrect(), blindly.CountCorrect(), words.Answers.numel());
        }
    }

    private long Seed(string name, long number) => SeededRandom.Derive(config.Seed, $"pretraining/{name}", number).NextInt64();

    private Dictionary<string, string> Metadata(IReadOnlyDictionary<string, string> given)
    {
        var metadata = new Dictionary<string, string>(given) { ["format"] = "pt", ["backbone"] = config.Model.Backbone };
        foreach (var (key, value) in _model.Metadata)
        {
            metadata[key] = value;
        }

        return metadata;
    }
}
