using System.Diagnostics;
using DasSearch.Controller;
using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Core.Spaces;
using DasSearch.Data;
using DasSearch.Data.Batches;
using DasSearch.Data.Tasks;
using DasSearch.Worker.Networks;
using DasSearch.Worker.Resuming;
using DasSearch.Worker.Training;
using static TorchSharp.torch;

namespace DasSearch.Worker.Search;

/// <summary>The search of DAS (arXiv:2309.01479): adapters learn on subnetworks that the controller draws, and it learns from rounds.</summary>
/// <remarks>
/// As in the authors' code for ViLT (papers' part A.3). With every training batch one subnetwork is drawn and its
/// adapters learn; every few batches, once warm-up is over, a round scores some more, with the weights as they stand
/// before that batch is learnt from. All chance derives from the seed and the batch's or round's number, so that a search
/// that was interrupted goes on as if it had not been.
/// </remarks>
/// <param name="config">The settings, resolved and checked.</param>
/// <param name="network">The supernet.</param>
/// <param name="task">The task.</param>
/// <param name="space">What the controller may propose, and the search choose.</param>
/// <param name="controller">The controller; fresh, or as it was after the rounds that are kept.</param>
/// <param name="stop">What may end the search early, having seen the rounds that are kept; null for nothing.</param>
/// <param name="recorder">Where rounds and metrics go.</param>
/// <param name="state">What an interrupted search goes on from.</param>
/// <param name="device">Where the network lives.</param>
public sealed class Searcher(
    RunConfig config,
    TransferNetwork network,
    IVisionLanguageTask task,
    SkipSpace space,
    IController controller,
    StopRule? stop,
    IRunRecorder recorder,
    SearchState state,
    Device device)
{
    /// <summary>The metric that says, after each round, how likely the choice still is wrong.</summary>
    public const string StopError = "stop.error";

    private readonly SearchSchedule _schedule = new(config.Search, task.Facts.BatchesOf(Split.Train, config.Search.BatchSize));
    private readonly List<Metric> _metrics = [];

    /// <summary>When the search does what.</summary>
    public SearchSchedule Schedule => _schedule;

    /// <summary>Searches to the end.</summary>
    /// <param name="progress">Told of everything that happens.</param>
    /// <param name="cancellation">Ends the search after the batch, and the round, in progress; its state is saved first.</param>
    /// <returns>The subnetwork that the controller recommends.</returns>
    /// <exception cref="DasSearchException">The loss is no longer a number, or something could not be stored.</exception>
    /// <exception cref="OperationCanceledException">The search was ended; it can be resumed.</exception>
    public Subnetwork Run(ISearchProgress progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(progress);
        using var optimizer = new TransferOptimizer(network, config.Search, config.Search.LearningRate, _schedule.Batches);
        using var validation = new FastValidation(network, task, config, device);
        var first = state.Restore(network.TrainedState(), optimizer.AdamW);
        network.Train(true);
        progress.Started(_schedule, first, controller.Snapshot());

        var pace = new SavePace();
        using var batches = new Prefetcher<Batch>(_schedule.Batches - first, i => Load(first + i));
        for (var number = first; number < _schedule.Batches && !IsSure; number++)
        {
            using var batch = batches.Next(CancellationToken.None)!.MoveTo(device);
            Step(number, batch, optimizer, validation, progress);
            if (_schedule.EndsEpoch(number) || IsSure)
            {
                EndEpoch(number, progress);
            }

            if (cancellation.IsCancellationRequested || (_schedule.HasRound(number) && pace.IsDue))
            {
                Flush();
                pace.Save(() => state.Save(number + 1, network.TrainedState(), optimizer.AdamW));
                recorder.ForgetMemoryBefore(_schedule.RoundsBefore(number + 1) - 1);
                cancellation.ThrowIfCancellationRequested();
            }
        }

        Flush();
        return Chosen();
    }

    private bool IsSure => stop?.IsSure ?? false;

    private Batch Load(long number) =>
        task.Batch(Split.Train, _schedule.EpochOf(number), _schedule.IndexOf(number), config.Search.BatchSize);

    private void Step(long number, Batch batch, TransferOptimizer optimizer, FastValidation validation, ISearchProgress progress)
    {
        // Drawn before the round, as in the authors' code, whose forward pass comes first.
        var random = SeededRandom.Derive(config.Seed, "search/training", number);
        var skipped = config.Search.Train == PathSampling.Uniform ? space.Draw(random) : controller.Propose(1, random)[0];
        if (_schedule.HasRound(number))
        {
            Flush();
            var round = Round(number, validation);
            progress.Finished(round);
            if (stop is not null)
            {
                stop.Observe(round);
                _metrics.Add(new Metric(StopError, number, stop.Certainty.Error));
            }
        }

        using var scope = NewDisposeScope();
        manual_seed(SeededRandom.Derive(config.Seed, "search/dropout", number).NextInt64());
        var loss = optimizer.Learn(number, network.Loss(network.Logits(batch, skipped), batch));
        _metrics.Add(new Metric("train.loss", number + 1, loss));
        progress.Learnt(number, loss);
    }

    private Round Round(long number, FastValidation validation)
    {
        var clock = Stopwatch.StartNew();
        var round = _schedule.RoundsBefore(number);
        var candidates = controller.Propose(config.Controller.Candidates, SeededRandom.Derive(config.Seed, "search/round", round));
        var evaluations = validation.Score(candidates, round);
        controller.Observe(evaluations);
        var result = new Round(
            round, number, _schedule.EpochOf(number), evaluations, controller.Snapshot(), clock.Elapsed.TotalMilliseconds, controller.Recommend());
        recorder.Record(result);
        return result;
    }

    // Not cut short by Ctrl-C, since what follows a batch belongs to it: a resumed search starts with the next one.
    private void EndEpoch(long number, ISearchProgress progress)
    {
        var (chosen, size) = (Chosen(), config.Validation.BatchSize ?? config.Search.BatchSize);
        var score = TaskEvaluation.Score(network, task, Split.Validation, chosen, size, device, CancellationToken.None);
        _metrics.Add(new Metric("validation.loss", number + 1, score.Loss));
        _metrics.Add(new Metric("validation.accuracy", number + 1, score.Accuracy));
        Flush();
        progress.Finished(_schedule.EpochOf(number), chosen, score);
    }

    private void Flush()
    {
        recorder.Record(_metrics);
        _metrics.Clear();
    }

    private Subnetwork Chosen() => controller.Recommend();
}
