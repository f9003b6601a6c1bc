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

/// <summary>Who wants to know how a search is getting on; called on the search's own thread.</summary>
public interface ISearchProgress
{
    /// <summary>It begins, or goes on.</summary>
    /// <param name="schedule">When it does what.</param>
    /// <param name="batch">The first batch of this process.</param>
    /// <param name="state">The controller as it stands.</param>
    void Started(SearchSchedule schedule, long batch, ControllerState state);

    /// <summary>A batch was learnt from.</summary>
    /// <param name="batch">Which, from 0.</param>
    /// <param name="loss">Its loss.</param>
    void Learnt(long batch, double loss);

    /// <summary>A round is over and stored.</summary>
    void Finished(Round round);

    /// <summary>An epoch is over.</summary>
    /// <param name="epoch">Which, from 0.</param>
    /// <param name="chosen">The subnetwork that the controller recommends now.</param>
    /// <param name="score">How it does on the validation split.</param>
    void Finished(int epoch, Subnetwork chosen, TaskScore score);
}

/// <summary>What a search is made of.</summary>
public sealed record SearchSetup
{
    /// <summary>The settings, resolved and checked.</summary>
    public required RunConfig Config { get; init; }

    /// <summary>The supernet.</summary>
    public required TransferNetwork Network { get; init; }

    public required IVisionLanguageTask Task { get; init; }

    /// <summary>What the controller may propose, and the search choose.</summary>
    public required SkipSpace Space { get; init; }

    /// <summary>Fresh, or as it was after the rounds that are kept.</summary>
    public required IController Controller { get; init; }

    /// <summary>What may end the search early, having seen the rounds that are kept; null for nothing.</summary>
    public StopRule? Stop { get; init; }

    /// <summary>Where rounds and metrics go.</summary>
    public required IRunRecorder Recorder { get; init; }
}

/// <summary>The search of DAS (arXiv:2309.01479): adapters learn on subnetworks that the controller draws, and it learns from rounds.</summary>
/// <remarks>
/// As in the authors' code for ViLT (papers' part A.3). With every training batch one subnetwork is drawn and its
/// adapters learn; every few batches, once warm-up is over, a round scores some more, with the weights as they stand
/// before that batch is learnt from. All chance derives from the seed and the batch's or round's number, so that a search
/// that was interrupted goes on as if it had not been.
/// </remarks>
public sealed class Searcher(SearchSetup setup) : ITraining<Batch>
{
    /// <summary>The metric that says, after each round, how likely the choice still is wrong.</summary>
    public const string StopError = "stop.error";

    // Whoever looks on sees as much of a warm-up, which has no rounds.
    private static readonly TimeSpan _untold = TimeSpan.FromSeconds(2);

    private readonly RunConfig _config = setup.Config;
    private readonly List<Metric> _metrics = [];
    private readonly Dictionary<int, SkipSpace> _growing = [];
    private ISearchProgress? _progress;
    private FastValidation? _validation;
    private TwoThreads? _threads;
    private Subnetwork? _trained;
    private long _flushed = Stopwatch.GetTimestamp();

    /// <summary>When the search does what.</summary>
    public SearchSchedule Schedule { get; } =
        new(setup.Config.Search, setup.Task.Facts.BatchesOf(Split.Train, setup.Config.Search.BatchSize));

    IReadOnlyDictionary<string, Tensor> ITraining<Batch>.Weights => setup.Network.TrainedState();

    Device ITraining<Batch>.Device => setup.Network.Device;

    bool ITraining<Batch>.IsOver => IsSure;

    private bool IsSure => setup.Stop?.IsSure ?? false;

    /// <summary>Searches to the end.</summary>
    /// <param name="state">What an interrupted search goes on from; rounds and gates are in the store.</param>
    /// <param name="progress">Told of everything that happens.</param>
    /// <param name="cancellation">Ends the search after the batch, and the round, in progress, or amid an evaluation; its state is saved first.</param>
    /// <returns>The subnetwork that the controller recommends.</returns>
    /// <exception cref="DasSearchException">The loss is no longer a number, or something could not be stored.</exception>
    /// <exception cref="OperationCanceledException">The search was ended; it can be resumed.</exception>
    public Subnetwork Run(TrainingState state, ISearchProgress progress, CancellationToken cancellation)
    {
        _progress = progress;
        using var optimizer = new TransferOptimizer(
            setup.Network.Trained,
            OptimizerSettings.Of(_config.Search, _config.Search.LearningRate, "search.learning_rate", Schedule.Batches));
        using var threads = new TwoThreads(setup.Network.Device);
        using var validation = new FastValidation(setup.Network, setup.Task, _config, threads);
        (_validation, _threads) = (validation, threads);
        TrainingLoop.Run(this, optimizer, Schedule.Batches, state, threads, cancellation);
        Flush();
        return setup.Controller.Recommend();
    }

    void ITraining<Batch>.Start(long first)
    {
        setup.Network.Train(true);
        _progress!.Started(Schedule, first, setup.Controller.Snapshot());
    }

    Batch ITraining<Batch>.Draw(long number) =>
        setup.Task.Batch(Split.Train, Schedule.EpochOf(number), Schedule.IndexOf(number), _config.Search.BatchSize);

    Batch ITraining<Batch>.Move(Batch batch) => batch.MoveTo(setup.Network.Device);

    IReadOnlyList<Batch> ITraining<Batch>.Halve(Batch batch) => BatchParts.Halves(batch);

    int ITraining<Batch>.SizeOf(Batch batch) => batch.Size;

    long ITraining<Batch>.DropoutSeed(long number) => SeededRandom.Derive(_config.Seed, "search/dropout", number).NextInt64();

    void ITraining<Batch>.Before(long number)
    {
        // Drawn before the round, as in the authors' code, whose forward pass comes first.
        var random = SeededRandom.Derive(_config.Seed, "search/training", number);
        _trained = Schedule.Skipped(number, _config.Skip) is var fewer && fewer < _config.Skip ? Growing(fewer).Draw(random)
            : _config.Search.Train == PathSampling.Uniform ? setup.Space.Draw(random)
            : setup.Controller.Propose(1, random)[0];
        if (!Schedule.HasRound(number))
        {
            return;
        }

        Flush();
        var round = Round(number);
        _progress!.Finished(round);
        if (setup.Stop is { } stop)
        {
            stop.Observe(round);
            _metrics.Add(new Metric(StopError, number, stop.Certainty.Error));
        }
    }

    Tensor ITraining<Batch>.Loss(long number, Batch batch) => setup.Network.Loss(setup.Network.Logits(batch, _trained!), batch);

    bool ITraining<Batch>.After(long number, double loss)
    {
        _metrics.Add(new Metric("train.loss", number + 1, loss));
        _progress!.Learnt(number, loss);
        if (Stopwatch.GetElapsedTime(_flushed) > _untold)
        {
            Flush();
        }

        return Schedule.HasRound(number);
    }

    void ITraining<Batch>.Evaluate(long number, CancellationToken cancellation)
    {
        if (!Schedule.EndsEpoch(number) && !IsSure)
        {
            return;
        }

        var (chosen, size) = (setup.Controller.Recommend(), _config.Validation.BatchSize ?? _config.Search.BatchSize);
        var score = TaskEvaluation.Score(setup.Network, setup.Task, Split.Validation, chosen, size, _threads, cancellation);
        _metrics.Add(new Metric("validation.loss", number + 1, score.Loss));
        _metrics.Add(new Metric("validation.accuracy", number + 1, score.Accuracy));
        Flush();
        _progress!.Finished(Schedule.EpochOf(number), chosen, score);
    }

    void ITraining<Batch>.Saving(long done) => Flush();

    void ITraining<Batch>.Saved(long done) => setup.Recorder.Saved(Schedule.RoundsBefore(done));

    // Before the first round no gate says anything yet, so that all subnetworks are equally likely.
    private SkipSpace Growing(int skipped)
    {
        if (!_growing.TryGetValue(skipped, out var space))
        {
            space = SearchSpace.OfSize(_config, setup.Network.Costs(), skipped);
            _growing.Add(skipped, space.Count > 0 ? space : setup.Space);
        }

        return _growing[skipped];
    }

    private Round Round(long number)
    {
        var clock = Stopwatch.StartNew();
        var (round, controller) = (Schedule.RoundsBefore(number), setup.Controller);
        var candidates = controller.Propose(_config.Controller.Candidates, SeededRandom.Derive(_config.Seed, "search/round", round));
        var evaluations = _validation!.Score(candidates, round, new TrainingBatch(number, Schedule.EpochOf(number), Schedule.IndexOf(number)));
        controller.Observe(evaluations);
        var result = new Round(
            round, number, Schedule.EpochOf(number), evaluations, controller.Snapshot(), clock.Elapsed.TotalMilliseconds, controller.Recommend());
        setup.Recorder.Record(result);
        return result;
    }

    private void Flush()
    {
        setup.Recorder.Record(_metrics);
        _metrics.Clear();
        _flushed = Stopwatch.GetTimestamp();
    }
}
