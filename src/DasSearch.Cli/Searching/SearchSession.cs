using DasSearch.Cli.Commands;
using DasSearch.Cli.Planning;
using DasSearch.Controller;
using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Core.Plans;
using DasSearch.Core.Spaces;
using DasSearch.Data.Tasks;
using DasSearch.Formats;
using DasSearch.Models.Backbones;
using DasSearch.Reporter;
using DasSearch.Store;
using DasSearch.Worker.Networks;
using DasSearch.Worker.Resuming;
using DasSearch.Worker.Search;

namespace DasSearch.Cli.Searching;

/// <summary>One search from its settings to its plan: wires worker, store, reporter and display.</summary>
/// <param name="context">What the command may reach.</param>
/// <param name="options">What the command line asks for beside the settings.</param>
internal sealed class SearchSession(CommandContext context, SearchOptions options)
{
    /// <summary>Begins a run and searches to the end.</summary>
    /// <exception cref="DasSearchException">Something is wrong; what was stored before still is.</exception>
    /// <exception cref="OperationCanceledException">The user ended it.</exception>
    internal void Begin(ResolvedConfig<RunConfig> resolved, CancellationToken cancellation)
    {
        using var parts = Build(resolved);
        using var store = RunStore.Create(options.Database, TimeProvider.System);
        using var recorder = store.Begin(new RunDescription(
            resolved, parts.Place.Describe(), parts.Network.Costs(), parts.CheckpointSha256));
        var plan = Search(resolved, parts, store, recorder, () => store.Lock(recorder.Run, isNew: true), cancellation);
        Print(plan, parts, store.Read.Run(recorder.Run).Summary);
    }

    /// <summary>Goes on with a run where its last state was saved.</summary>
    /// <exception cref="DasSearchException">Something is wrong; what was stored before still is.</exception>
    /// <exception cref="OperationCanceledException">The user ended it.</exception>
    internal void Resume(string run, CancellationToken cancellation)
    {
        using var store = RunStore.Open(options.Database, TimeProvider.System);
        var details = store.Read.Find(run);
        var number = details.Summary.Run;
        if (details.Summary.Status == RunStatus.Done)
        {
            throw new DasSearchException($"run {number} is done: das plan {number} writes its plan");
        }

        using var held = store.Lock(number);
        var resolved = StoredConfig.Of(details);
        using var parts = Build(resolved);
        if (parts.CheckpointSha256 != details.CheckpointSha256)
        {
            throw new DasSearchException(
                $"run {number} began with another checkpoint {details.Checkpoint}: "
                + $"its SHA-256 was {details.CheckpointSha256}, now it is {parts.CheckpointSha256}");
        }

        var schedule = new SearchSchedule(
            resolved.Values.Search, parts.Task.Facts.BatchesOf(Data.Split.Train, resolved.Values.Search.BatchSize));
        var rounds = schedule.RoundsBefore(State(held, resolved).Done);
        if (rounds > details.Summary.Rounds)
        {
            throw new DasSearchException(
                $"run {number} has {details.Summary.Rounds} rounds, but its saved state comes after {rounds}: the database is an older copy");
        }

        foreach (var round in store.Read.Rounds(number).Take(rounds))
        {
            parts.Stop?.Observe(round);
            if (round.Number == rounds - 1)
            {
                parts.Controller.Restore(round.After);
            }
        }

        using var recorder = store.Reopen(number, rounds);
        Print(Search(resolved, parts, store, recorder, () => held, cancellation), parts, store.Read.Run(number).Summary);
    }

    private static TrainingState State(IRunLock held, ResolvedConfig<RunConfig> resolved) => new(held.Folder("search"), resolved.Sha256, "search");

    // All that can be wrong with the settings is found here, before anything is stored.
    private SearchParts Build(ResolvedConfig<RunConfig> resolved)
    {
        var config = resolved.Values;
        options.CheckOutput();
        _ = BackboneTable.BuiltIn.Named(config.Backbone);
        var checkpoint = config.Checkpoint is { } path ? resolved.FullPath(path) : null;
        var sha256 = checkpoint is null ? null : FileHash.Sha256(checkpoint);
        _ = TaskTable.Named(config.Task);
        var place = Workplace.Prepare(config, context.Environment);
        var task = place.OpenTask(config.Task, config.Seed);
        var network = TransferNetwork.Build(NetworkRequest.Supernet(config, checkpoint, task, place.Device));
        try
        {
            config.CheckAgainst(network.Backbone.Modules.Count);
            var space = SearchSpace.Of(config, network.Costs());
            var settings = new ControllerSettings(space, config.Controller.LearningRate);
            var controller = ControllerTable.Create(config.Controller.Name, settings);
            var stop = config.Stop is { Error: { } error, Tolerance: { } tolerance } ? new StopRule(settings, error, tolerance) : null;
            return new SearchParts(place, task, network, space, controller, stop, checkpoint, sha256);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    // The plan is in the store whatever becomes of its file: das plan writes it again.
    private void Print(SkipPlan plan, SearchParts parts, RunSummary run)
    {
        var output = options.Output ?? $"{run.Name}-{run.Run}.plan.json";
        PlanFile.Write(plan, output);
        SearchSummary.Print(context.Terminal, run, plan, parts.Stop, output, options.Json);
    }

    private SkipPlan Search(
        ResolvedConfig<RunConfig> resolved,
        SearchParts parts,
        IRunStore store,
        IRunWriter recorder,
        Func<IRunLock> hold,
        CancellationToken cancellation)
    {
        var config = resolved.Values;
        var title = $"{config.Name} · run {recorder.Run} in {options.Database}";
        var display = options.Display(context.Terminal, title, parts.Space.MostSkipped, [.. parts.Network.Backbone.Modules.Select(module => module.Name)]);
        try
        {
            using var held = hold();
            var state = State(held, resolved);
            var searcher = new Searcher(new SearchSetup
            {
                Config = config,
                Network = parts.Network,
                Task = parts.Task,
                Space = parts.Space,
                Controller = parts.Controller,
                Stop = parts.Stop,
                Recorder = recorder,
            });
            var chosen = display.Around(() => searcher.Run(state, display, cancellation));
            var run = store.Read.Run(recorder.Run);
            var plan = new PlanMaker(run, store.Read.LayerRewards(recorder.Run), config, Workplace.ToolVersion).Make(chosen);
            recorder.Record(plan);
            SupernetFile.Write(parts.Network, store, recorder.Run);
            Say("finding out which parts of the adapters matter");
            recorder.Record(new AdapterProbe(config, parts.Network, parts.Task).Measure(cancellation));
            Say("measuring what skipping each module saves");
            recorder.Record(MeasuredLatency.OfModules(config, parts));
            recorder.Finish(RunStatus.Done);
            state.Remove();
            return plan;
        }
        catch (OperationCanceledException)
        {
            recorder.Finish(RunStatus.Interrupted);
            context.Terminal.Error.WriteLine($"das: saved; to go on: das resume {recorder.Run}{options.DatabaseArgument}");
            throw;
        }
        catch (Exception failure)
        {
            Fail(recorder, failure);
            throw;
        }
    }

    private void Say(string line)
    {
        if (!options.Quiet)
        {
            context.Terminal.Error.WriteLine(line);
        }
    }

    private static void Fail(IRunWriter recorder, Exception failure)
    {
        try
        {
            recorder.Finish(RunStatus.Failed, failure.Message.Split('\n')[0]);
        }
        catch (StoreException)
        {
            // Most likely what made the search fail, too; that is what the user is told.
        }
    }
}
