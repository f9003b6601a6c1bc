using System.Diagnostics;
using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Data;
using DasSearch.Data.Batches;
using DasSearch.Data.Tasks;
using DasSearch.Models.Checkpoints;
using DasSearch.Worker.Exhaustive;
using DasSearch.Worker.Networks;
using DasSearch.Worker.Resuming;
using DasSearch.Worker.Training;
using static TorchSharp.torch;

namespace DasSearch.Worker.Pretraining;

/// <summary>How a classifier does on samples that it was not trained on.</summary>
/// <param name="Step">Optimizer steps taken before.</param>
/// <param name="TrainingLoss">Mean loss of the steps since the last figures, all of its terms; NaN before the first step.</param>
/// <param name="Loss">The mean cross-entropy of a sample.</param>
/// <param name="Accuracy">Share of samples whose class is told right, from 0 to 1.</param>
/// <param name="Seconds">Seconds of training so far, interruptions left out.</param>
public sealed record ClassifierFigures(long Step, double TrainingLoss, double Loss, double Accuracy, double Seconds);

/// <summary>What the intermediate training of a classifier gave.</summary>
/// <param name="Curve">The figures along the way, on the validation split.</param>
/// <param name="Validation">The last figures on the validation split, over more samples.</param>
/// <param name="Test">The same on the test split.</param>
/// <param name="Original">On the test split, what the checkpoint does that was compressed; null where it tells no such classes.</param>
public sealed record ClassifierResult(IReadOnlyList<ClassifierFigures> Curve, ClassifierFigures Validation, ClassifierFigures Test, ClassifierFigures? Original);

/// <summary>PELA's intermediate training of a classifier of images (arXiv:2310.10700, eq. 7): its cross-entropy, held to the original.</summary>
/// <remarks>
/// The student is the network with the factors, all of which is trained; its classifier starts as the checkpoint's where that has as many classes. The
/// teacher is the original in evaluation mode, on the same batches. Step i sees batch i of epochs that each have an order of their own, and draws from a seed derived
/// from i, so that an interrupted run that goes on gives the bits of one that was not.
/// </remarks>
public sealed class ClassifierCompression : ITraining<Batch>, IDisposable
{
    private const int EvaluationBatch = 64;
    private const string TrainingLoss = "train.loss";
    private const string ValidationLoss = "validation.loss";
    private const string Accuracy = "validation.accuracy";
    private const string Time = "seconds";

    private readonly CompressionConfig _config;
    private readonly Compression _compression;
    private readonly IVisionLanguageTask _task;
    private readonly ICompressionProgress _progress;
    private readonly TransferNetwork _student;
    private readonly TransferNetwork _teacher;
    private readonly Subnetwork _whole;
    private readonly IReadOnlyDictionary<string, Tensor> _weights; // the student's
    private readonly int _perEpoch;
    private readonly List<Metric> _metrics = [];
    private readonly Stopwatch _clock = new();
    private double _before;

    /// <param name="config">The settings.</param>
    /// <param name="compression">The factors, and the terms that hold them to the original.</param>
    /// <param name="request">The original as it is to be trained, on a task of classes.</param>
    /// <param name="progress">Told of every step and of every evaluation.</param>
    /// <exception cref="DasSearchException">The checkpoint does not fit the task.</exception>
    public ClassifierCompression(CompressionConfig config, Compression compression, NetworkRequest request, ICompressionProgress progress)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(compression);
        ArgumentNullException.ThrowIfNull(request);
        (_config, _compression, _task, _progress) = (config, compression, request.Task, progress);
        _teacher = TransferNetwork.Build(request.Untouched());
        _teacher.Train(false);
        try
        {
            _student = Student(request);
        }
        catch
        {
            _teacher.Dispose();
            throw;
        }

        _whole = Subnetwork.Whole(_student.Backbone.Modules.Count);
        _weights = _student.TrainedState();
        _perEpoch = _task.Facts.BatchesOf(Split.Train, config.Training.BatchSize);
    }

    IReadOnlyDictionary<string, Tensor> ITraining<Batch>.Weights => _weights;

    Device ITraining<Batch>.Device => _student.Device;

    private double Seconds => _before + _clock.Elapsed.TotalSeconds;

    /// <summary>Trains to the end, and writes the checkpoint.</summary>
    /// <param name="output">The checkpoint's file; the state for resuming lies beside it until the end.</param>
    /// <param name="key">What tells that state from those of other trainings.</param>
    /// <param name="metadata">What the checkpoint says of itself beside its sizes.</param>
    /// <param name="cancellation">Ends the run after the step in progress; its state is saved first.</param>
    /// <exception cref="DasSearchException">The loss is no longer a number, or a saved state belongs to other settings.</exception>
    /// <exception cref="OperationCanceledException">The run was ended; the same command goes on with it.</exception>
    public ClassifierResult Run(string output, string key, IReadOnlyDictionary<string, string> metadata, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(output);
        var training = _config.Training;
        using var optimizer = new TransferOptimizer(_student.Trained, OptimizerSettings.Of(training));
        var state = new TrainingState(Pretrainer.StateOf(output), key, "compression");
        TrainingLoop.Run(this, optimizer, training.Steps, state, threads: null, cancellation);
        var seconds = Seconds;
        var (validation, test) = (Last(_student, Split.Validation), Last(_student, Split.Test));
        var original = _compression.Tells(_task.Facts.Answers.Count) ? Last(_teacher, Split.Test) : null;
        Write(output, metadata);
        state.Remove();
        return new ClassifierResult(Curve(), validation, test, original);

        ClassifierFigures Last(TransferNetwork network, Split split)
        {
            var (loss, accuracy) = Evaluate(network, split, _config.Evaluation.FinalSamples);
            return new ClassifierFigures(training.Steps, double.NaN, loss, accuracy, seconds);
        }
    }

    void ITraining<Batch>.Start(long first)
    {
        if (first == 0)
        {
            Note(0); // the factors as they are
        }

        _student.Train(true);
        _clock.Restart();
    }

    Batch ITraining<Batch>.Draw(long number) => _task.Batch(Split.Train, number / _perEpoch, (int)(number % _perEpoch), _config.Training.BatchSize);

    Batch ITraining<Batch>.Move(Batch batch) => batch.MoveTo(_student.Device);

    long ITraining<Batch>.DropoutSeed(long number) => SeededRandom.Derive(_config.Seed, "compression/dropout", number).NextInt64();

    Tensor ITraining<Batch>.Loss(long number, Batch batch)
    {
        var trace = _compression.NewTrace();
        var loss = _student.TrainingLoss(Logits(_student, trace), batch, _config.Training.LabelSmoothing ?? 0);
        return _compression.Add(loss, _weights, trace, original => Logits(_teacher, original));

        Tensor Logits(TransferNetwork network, FeatureTrace? features)
        {
            if (features is null)
            {
                return network.Logits(batch, _whole);
            }

            var traced = network.Trace(batch, _whole);
            foreach (var pass in traced.Passes)
            {
                features.Add([.. pass.Select(static module => module.Stream)]);
            }

            return traced.Logits;
        }
    }

    bool ITraining<Batch>.After(long number, double loss)
    {
        var done = number + 1;
        _metrics.Add(new Metric(TrainingLoss, done, loss));
        _progress.Stepped((int)done, loss);
        if (done % _config.Evaluation.Every != 0 && done != _config.Training.Steps)
        {
            return false;
        }

        Note(done);
        _student.Train(true);
        return true;
    }

    void ITraining<Batch>.Write(string folder) => MetricFile.Write(folder, [.. _metrics, new Metric(Time, _metrics[^1].Step, Seconds)]);

    void ITraining<Batch>.Read(string folder)
    {
        _metrics.AddRange(MetricFile.Read(folder));
        _before = _metrics[^1].Value!.Value;
        _metrics.RemoveAt(_metrics.Count - 1);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _student.Dispose();
        _teacher.Dispose();
    }

    // A network is built from a file.
    private TransferNetwork Student(NetworkRequest request)
    {
        var folder = Directory.CreateTempSubdirectory("das-factors-");
        try
        {
            var factors = Path.Combine(folder.FullName, "factors.safetensors");
            _compression.Write(factors, _compression.Metadata);
            return TransferNetwork.Build(request with { Checkpoint = factors, Note = static _ => { } }); // what is to be said was said of the original
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private void Write(string output, IReadOnlyDictionary<string, string> metadata)
    {
        using var scope = NewDisposeScope();
        using var unrecorded = no_grad();
        var tensors = _compression.With(_weights);
        _compression.Network.NameClassifier(tensors);
        CheckpointFile.Write(output, tensors, _student.Metadata.Concat(metadata).DistinctBy(static entry => entry.Key).ToDictionary());
    }

    private void Note(long step)
    {
        var (loss, accuracy) = Evaluate(_student, Split.Validation, _config.Evaluation.Samples);
        _metrics.AddRange([new Metric(ValidationLoss, step, loss), new Metric(Accuracy, step, accuracy), new Metric(Time, step, step == 0 ? 0 : Seconds)]);
        _progress.Evaluated(Curve()[^1]);
    }

    private List<ClassifierFigures> Curve()
    {
        var (curve, values, losses) = (new List<ClassifierFigures>(), new Dictionary<string, double>(), new List<double>());
        foreach (var metric in _metrics)
        {
            if (metric.Name == TrainingLoss)
            {
                losses.Add(metric.Value!.Value);
            }
            else
            {
                values[metric.Name] = metric.Value!.Value;
            }

            if (metric.Name == Time) // the last of an evaluation
            {
                curve.Add(new ClassifierFigures(metric.Step, losses.Count > 0 ? losses.Average() : double.NaN, values[ValidationLoss], values[Accuracy], values[Time]));
                losses.Clear();
            }
        }

        return curve;
    }

    private (double Loss, double Accuracy) Evaluate(TransferNetwork network, Split split, int most)
    {
        using var unrecorded = no_grad();
        network.Train(false);
        var samples = new SampleBatches(_task, split, Math.Min(most, _task.Facts.SizeOf(split)), EvaluationBatch);
        var (loss, correct) = (0.0, 0.0);
        for (var i = 0; i < samples.Count; i++)
        {
            using var batch = samples.Batch(i).MoveTo(network.Device);
            var scored = LostScalar.Retry(() => ScoreOf(batch));
            (loss, correct) = (loss + scored.Loss, correct + scored.Correct);
        }

        return (loss / samples.Samples, correct / samples.Samples);

        (double Loss, double Correct) ScoreOf(Batch batch)
        {
            using var scope = NewDisposeScope();
            var logits = network.Logits(batch, _whole);
            return (network.Loss(logits, batch).item<float>() * batch.Size, network.Correct(logits, batch));
        }
    }
}
