using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Data;
using DasSearch.Data.Batches;
using DasSearch.Data.Tasks;
using DasSearch.Worker.Networks;
using DasSearch.Worker.Resuming;
using static TorchSharp.torch;

namespace DasSearch.Worker.Training;

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
/// <param name="stateFolder">What an interrupted training goes on from.</param>
/// <param name="stateKey">What tells this training from others: plan, method, seed and settings.</param>
/// <param name="device">Where the network lives.</param>
public sealed class PlanTraining(
    RunConfig config,
    TransferNetwork network,
    Subnetwork skipped,
    IVisionLanguageTask task,
    long seed,
    string stateFolder,
    string stateKey,
    Device device)
{
    private readonly TrainingState _state = new(new ResumeFolder(stateFolder, stateKey, "training"));
    private readonly int _size = config.Training.BatchSize ?? config.Search.BatchSize;
    private readonly List<Metric> _metrics = [];

    /// <summary>Trains to the end.</summary>
    /// <param name="progress">Told of everything that happens.</param>
    /// <param name="cancellation">Ends the training after the batch in progress; its state is saved first.</param>
    /// <returns>The curve: losses of batches, and validation figures of epochs.</returns>
    /// <exception cref="DasSearchException">The loss is no longer a number, or the state cannot be saved.</exception>
    /// <exception cref="OperationCanceledException">The training was ended; the same call goes on with it.</exception>
    public IReadOnlyList<Metric> Run(ITrainingProgress progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(progress);
        var perEpoch = task.Facts.BatchesOf(Split.Train, _size);
        var total = (long)config.Training.Epochs * perEpoch;
        using var optimizer = new TransferOptimizer(network, config.Search, config.Training.LearningRate ?? config.Search.LearningRate, total);
        var first = _state.Restore(network.TrainedState(), optimizer.AdamW, folder => _metrics.AddRange(MetricFile.Read(folder)));
        network.Train(true);
        progress.Started(total, perEpoch, first);

        using var batches = new Prefetcher<Batch>(
            total - first, i => task.Batch(Split.Train, (first + i) / perEpoch, (int)((first + i) % perEpoch), _size));
        for (var number = first; number < total; number++)
        {
            using var batch = batches.Next(CancellationToken.None)!.MoveTo(device);
            progress.Learnt(number, Step(number, batch, optimizer));
            var endsEpoch = (number + 1) % perEpoch == 0;
            if (endsEpoch)
            {
                EndEpoch(number, perEpoch, progress);
            }

            if (endsEpoch || cancellation.IsCancellationRequested)
            {
                _state.Save(number + 1, network.TrainedState(), optimizer.AdamW, folder => MetricFile.Write(folder, _metrics));
                cancellation.ThrowIfCancellationRequested();
            }
        }

        return _metrics;
    }

    /// <summary>The result is kept elsewhere: nothing is left to be resumed.</summary>
    public void Forget() => _state.Remove();

    private double Step(long number, Batch batch, TransferOptimizer optimizer)
    {
        using var scope = NewDisposeScope();
        manual_seed(SeededRandom.Derive(seed, "training/dropout", number).NextInt64());
        var loss = optimizer.Learn(number, network.Loss(network.Logits(batch, skipped), batch));
        _metrics.Add(new Metric("train.loss", number + 1, loss));
        return loss;
    }

    private void EndEpoch(long number, int perEpoch, ITrainingProgress progress)
    {
        var score = TaskEvaluation.Score(network, task, Split.Validation, skipped, _size, device, CancellationToken.None);
        _metrics.Add(new Metric("validation.loss", number + 1, score.Loss));
        _metrics.Add(new Metric("validation.accuracy", number + 1, score.Accuracy));
        progress.Finished((int)(number / perEpoch), score);
    }
}
