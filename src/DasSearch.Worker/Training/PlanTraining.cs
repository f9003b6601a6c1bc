using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Data;
using DasSearch.Data.Batches;
using DasSearch.Data.Tasks;
using DasSearch.Worker.Distillation;
using DasSearch.Worker.Networks;
using DasSearch.Worker.Resuming;
using static TorchSharp.torch;

namespace DasSearch.Worker.Training;

/// <summary>Who wants to know how the training of a plan is getting on; called on the training's own thread.</summary>
public interface ITrainingProgress
{
    /// <summary>It begins, or goes on.</summary>
    /// <param name="batches">Batches of the whole training.</param>
    /// <param name="batchesPerEpoch">Batches of an epoch.</param>
    /// <param name="first">The first batch of this process.</param>
    void Started(long batches, int batchesPerEpoch, long first);

    /// <summary>A batch was learnt from.</summary>
    /// <param name="batch">Which, from 0.</param>
    /// <param name="loss">Its loss.</param>
    void Learnt(long batch, double loss);

    /// <summary>An epoch is over.</summary>
    /// <param name="epoch">Which, from 0.</param>
    /// <param name="score">How the network does on the validation split.</param>
    void Finished(int epoch, TaskScore score);

    /// <summary>Something slow begins that has no batches, such as a test.</summary>
    /// <param name="what">What, in a few words.</param>
    void Began(string what);
}

/// <summary>Trains a planned network from the pre-trained checkpoint: DAS's final stage (papers' part A.7).</summary>
/// <remarks>
/// Fixed skips, fresh adapters, the optimizer and schedule of the search; the last epoch's weights are the result, and
/// neither validation nor test chooses among epochs. All chance derives from the seed and the batch's number.
/// </remarks>
/// <param name="config">The settings of the search and of the training, resolved.</param>
/// <param name="network">The planned network, freshly built.</param>
/// <param name="skipped">What the plan skips.</param>
/// <param name="task">The task, whose order is the training seed's.</param>
/// <param name="seed">The training's seed.</param>
/// <param name="teacher">What it learns from besides; null for nothing.</param>
public sealed class PlanTraining(
    RunConfig config, TransferNetwork network, Subnetwork skipped, IVisionLanguageTask task, long seed, Teacher? teacher = null)
    : ITraining<Batch>
{
    private readonly Lock _halves = new();
    private readonly int _size = config.Training.BatchSize ?? config.Search.BatchSize;
    private readonly int _perEpoch = task.Facts.BatchesOf(Split.Train, config.Training.BatchSize ?? config.Search.BatchSize);
    private readonly double _smoothing = config.Training.LabelSmoothing ?? 0;
    private readonly List<Metric> _metrics = [];
    private ITrainingProgress? _progress;
    private TwoThreads? _threads;
    private (double Sum, long Samples) _distances; // of the batch

    IReadOnlyDictionary<string, Tensor> ITraining<Batch>.Weights => network.TrainedState();

    Device ITraining<Batch>.Device => network.Device;

    /// <summary>The curve of what was trained before, which comes first.</summary>
    internal IReadOnlyList<Metric> Earlier
    {
        init => _metrics.AddRange(value);
    }

    private bool IsTaught => teacher is not null && config.Distillation.IsOn;

    private long Batches => (long)config.Training.Epochs * _perEpoch;

    /// <summary>Trains to the end.</summary>
    /// <param name="state">What an interrupted training goes on from.</param>
    /// <param name="progress">Told of everything that happens.</param>
    /// <param name="cancellation">Ends the training after the batch in progress, or amid an evaluation; its state is saved first.</param>
    /// <returns>The curve: losses of batches, and validation figures of epochs.</returns>
    /// <exception cref="DasSearchException">Loss or weights are no longer numbers, or the state cannot be saved.</exception>
    /// <exception cref="OperationCanceledException">The training was ended; the same call goes on with it.</exception>
    public IReadOnlyList<Metric> Run(TrainingState state, ITrainingProgress progress, CancellationToken cancellation)
    {
        _progress = progress;
        var rate = config.Training.LearningRate ?? config.Search.LearningRate;
        var schedule = config.Search with { WarmUpFraction = config.Training.WarmUpFraction ?? config.Search.WarmUpFraction };
        using var optimizer = new TransferOptimizer(network.Trained, OptimizerSettings.Of(schedule, rate, "training.learning_rate", Batches));
        using var threads = new TwoThreads(network.Device);
        _threads = threads;
        TrainingLoop.Run(this, optimizer, Batches, state, threads, cancellation);
        return _metrics;
    }

    void ITraining<Batch>.Start(long first)
    {
        network.Train(true);
        _progress!.Started(Batches, _perEpoch, first);
    }

    Batch ITraining<Batch>.Draw(long number) => task.Batch(Split.Train, number / _perEpoch, (int)(number % _perEpoch), _size);

    Batch ITraining<Batch>.Move(Batch batch) => batch.MoveTo(network.Device);

    IReadOnlyList<Batch> ITraining<Batch>.Halve(Batch batch) => BatchParts.Halves(batch);

    int ITraining<Batch>.SizeOf(Batch batch) => batch.Size;

    long ITraining<Batch>.DropoutSeed(long number) => SeededRandom.Derive(seed, "training/dropout", number).NextInt64();

    Tensor ITraining<Batch>.Loss(long number, Batch batch)
    {
        if (!IsTaught)
        {
            return network.TrainingLoss(network.Logits(batch, skipped), batch, _smoothing);
        }

        var (logits, distance) = teacher!.Teach(network, skipped, batch);
        lock (_halves)
        {
            _distances = (_distances.Sum + (batch.Size * distance.item<float>()), _distances.Samples + batch.Size);
        }

        return network.TrainingLoss(logits, batch, _smoothing) + distance;
    }

    bool ITraining<Batch>.After(long number, double loss)
    {
        _metrics.Add(new Metric("train.loss", number + 1, loss));
        if (IsTaught)
        {
            _metrics.Add(new Metric("train.distillation", number + 1, _distances.Sum / _distances.Samples)); // part of the loss
            _distances = default;
        }

        _progress!.Learnt(number, loss);
        return (number + 1) % _perEpoch == 0;
    }

    void ITraining<Batch>.Evaluate(long number, CancellationToken cancellation)
    {
        if ((number + 1) % _perEpoch != 0)
        {
            return;
        }

        var score = TaskEvaluation.Score(network, task, Split.Validation, skipped, _size, _threads, cancellation);
        _metrics.Add(new Metric("validation.loss", number + 1, score.Loss));
        _metrics.Add(new Metric("validation.accuracy", number + 1, score.Accuracy));
        _progress!.Finished((int)(number / _perEpoch), score);
    }

    // Its rows go to the store only at its end.
    void ITraining<Batch>.Write(string folder) => MetricFile.Write(folder, _metrics);

    void ITraining<Batch>.Read(string folder) => _metrics.AddRange(MetricFile.Read(folder));
}
