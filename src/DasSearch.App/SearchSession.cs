using DasSearch.Controller;
using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Core.Plans;
using DasSearch.Data;
using DasSearch.Reporter.Importance;
using DasSearch.Store;
using DasSearch.Worker.Resuming;
using DasSearch.Worker.Search;

namespace DasSearch.App;

/// <summary>What came of a search.</summary>
/// <param name="Run">The run in one line.</param>
/// <param name="Plan">The plan, which is in the store, too.</param>
/// <param name="Stop">What might have ended it early, as it stands; null where the settings have no such rule.</param>
/// <param name="TellsModules">Whether the rewards tell any module from the average one; where they do not, the plan is as good as a random one.</param>
public sealed record SearchResult(RunSummary Run, SkipPlan Plan, StopRule? Stop, bool TellsModules);

/// <summary>One search from its parts to its plan: what it yields, and how it ended, is in the store.</summary>
public sealed class SearchSession : IDisposable
{
    private const string StateName = "search";

    private readonly IRunStore _store;
    private readonly IRunWriter _writer;
    private readonly IDisposable? _owned;
    private readonly IRunLock _lock;

    private SearchSession(IRunStore store, IRunWriter writer, SearchParts parts, IRunLock held, IDisposable? owned = null) =>
        (_store, _writer, Parts, _lock, _owned) = (store, writer, parts, held, owned);

    /// <summary>The run's number in the store.</summary>
    public long Run => _writer.Run;

    /// <summary>What the search is made of.</summary>
    public SearchParts Parts { get; }

    /// <summary>Begins a run.</summary>
    /// <param name="store">The store.</param>
    /// <param name="parts">What the search is made of.</param>
    /// <param name="told">Told where files of another store's run were in the way.</param>
    /// <exception cref="DasSearchException">It cannot be stored.</exception>
    public static SearchSession Begin(IRunStore store, SearchParts parts, Action<string> told)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(parts);
        ArgumentNullException.ThrowIfNull(told);
        var run = new RunDescription(parts.Settings, ComputeDevice.Describe(parts.Request.Device), parts.Network.Costs(), parts.CheckpointSha256)
        {
            PlannedRounds = ScheduleOf(parts).Rounds,
        };
        var writer = store.Begin(run);
        try
        {
            var held = store.Lock(writer.Run, isNew: true);
            if (held.SetAside is { } aside)
            {
                told($"{aside} now has the saved state that was here of another database's run {writer.Run}: move it to that database, or remove it");
            }

            return new SearchSession(store, writer, parts, held);
        }
        catch (DasSearchException failure)
        {
            writer.Finish(RunStatus.Failed, failure.Message);
            writer.Dispose();
            throw;
        }
    }

    /// <summary>Goes on with a run where its last state was saved: it ends as if it had not been interrupted.</summary>
    /// <param name="store">The store.</param>
    /// <param name="run">The run's number or name.</param>
    /// <param name="environment">Where its task comes from.</param>
    /// <param name="told">Told, before anything changes, where the run has to begin anew.</param>
    /// <exception cref="DasSearchException">It is done, another process has it, or it cannot go on; what was stored before still is.</exception>
    public static SearchSession Resume(IRunStore store, string run, AppEnvironment environment, Action<string> told)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(told);
        var details = store.Read.Find(run);
        var number = details.Summary.Run;
        if (details.Summary.Status == RunStatus.Done)
        {
            throw new DasSearchException($"run {number} is done: {ShellLine.Das(details.Summary.Database, "plan", number)} writes its plan");
        }

        IRunLock? held = null;
        SearchParts? parts = null;
        try
        {
            held = store.Lock(number);
            parts = SearchParts.Build(StoredConfig.Of(details), environment);
            if (parts.CheckpointSha256 != details.CheckpointSha256)
            {
                throw new DasSearchException(
                    $"run {number} began with another checkpoint {details.Checkpoint}: "
                    + $"its SHA-256 was {details.CheckpointSha256}, now it is {parts.CheckpointSha256}");
            }

            var rounds = Restore(parts, store.Read, details.Summary, held, told);
            return new SearchSession(store, store.Reopen(number, rounds), parts, held, owned: parts);
        }
        catch
        {
            parts?.Dispose();
            held?.Dispose();
            throw;
        }
    }

    /// <summary>Searches to the end, and makes the plan.</summary>
    /// <param name="progress">Told of everything that happens in the search.</param>
    /// <param name="began">Told what happens after it.</param>
    /// <param name="cancellation">Ends the search after the batch, and the round, in progress; its state is saved first.</param>
    /// <exception cref="DasSearchException">Something went wrong; what was stored before still is.</exception>
    /// <exception cref="OperationCanceledException">The search was ended; it can be resumed.</exception>
    public SearchResult Search(ISearchProgress progress, Action<string> began, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(began);
        try
        {
            var state = StateOf(_lock, _store.Read.Run(Run).Summary, Parts.Settings);
            var config = Parts.Settings.Values;
            var searcher = new Searcher(new SearchSetup
            {
                Config = config,
                Network = Parts.Network,
                Task = Parts.Request.Task,
                Space = Parts.Space,
                Controller = Parts.Controller,
                Stop = Parts.Stop,
                Recorder = _writer,
            });
            var chosen = searcher.Run(state, progress, cancellation);
            var details = _store.Read.Run(Run);
            var importance = new ImportanceAnalysis(RewardSums.Read(_store.Read, details, countsPairs: false));
            var maker = new PlanMaker(details, _store.Read.LayerRewards(Run), config, Parts.Request.Method, BuildFacts.Read().ToolVersion);
            var plan = maker.Make(chosen);
            _writer.Record(plan);
            SupernetFile.Write(Parts.Network, _store, Run);
            began("finding out which parts of the adapters matter");
            _writer.Record(new AdapterProbe(config, Parts.Network, Parts.Request.Task).Measure(cancellation));
            began("measuring what skipping each module saves");
            _writer.Record(MeasuredLatency.OfModules(Parts, cancellation));
            _writer.Finish(RunStatus.Done);
            state.Remove();
            return new SearchResult(_store.Read.Run(Run).Summary, plan, Parts.Stop, importance.TellsModules);
        }
        catch (OperationCanceledException)
        {
            _writer.Finish(RunStatus.Interrupted);
            throw;
        }
        catch (Exception failure)
        {
            Fail(failure);
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _lock.Dispose();
        _writer.Dispose();
        _owned?.Dispose();
    }

    // Controller and stop rule as they were after the rounds that the saved state knows of.
    private static int Restore(SearchParts parts, IRunReader read, RunSummary run, IRunLock held, Action<string> told)
    {
        var done = StateOf(held, run, parts.Settings).Done;
        var rounds = ScheduleOf(parts).RoundsBefore(done);
        if (rounds > run.Rounds)
        {
            throw new DasSearchException(
                $"run {run.Run} has {run.Rounds} rounds, but the saved state {held.Folder(StateName)} comes after {rounds}: the database is an older copy, "
                + $"or the state is another's; remove that folder, and {ShellLine.Das(run.Database, "resume", run.Run)} begins anew");
        }

        if (done == 0 && run.Rounds > 0)
        {
            told($"the saved state {held.Folder(StateName)} is not here, which belongs to the database: run {run.Run} begins anew, and its {run.Rounds} stored rounds with it");
        }

        foreach (var round in read.Rounds(run.Run).Take(rounds))
        {
            parts.Stop?.Observe(round);
            if (round.Number == rounds - 1)
            {
                parts.Controller.Restore(round.After);
            }
        }

        return rounds;
    }

    private static SearchSchedule ScheduleOf(SearchParts parts)
    {
        var search = parts.Settings.Values.Search;
        return new SearchSchedule(search, parts.Request.Task.Facts.BatchesOf(Split.Train, search.BatchSize));
    }

    private static TrainingState StateOf(IRunLock held, RunSummary run, ResolvedConfig<RunConfig> settings) =>
        new(held.Folder(StateName), settings.Sha256, "search", ShellLine.Das(run.Database, "resume", run.Run));

    private void Fail(Exception failure)
    {
        try
        {
            _writer.Finish(RunStatus.Failed, failure.Message.Split('\n')[0]);
        }
        catch (StoreException)
        {
            // Most likely what made the search fail, too; that is what the user is told.
        }
    }
}
