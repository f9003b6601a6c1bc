using System.Globalization;
using DasSearch.Cli.Commands;
using DasSearch.Cli.Inspecting;
using DasSearch.Cli.Planning;
using DasSearch.Core;
using DasSearch.Core.Spaces;
using DasSearch.Formats;
using DasSearch.Store;
using DasSearch.Worker.Networks;
using DasSearch.Worker.Exhaustive;

namespace DasSearch.Cli.Searching;

/// <summary>Scores all subnetworks of a run's supernet.</summary>
/// <param name="context">What the command may reach.</param>
/// <param name="options">What the command line asks for.</param>
internal sealed class TruthSession(CommandContext context, TruthOptions options)
{
    /// <summary>Measures and stores them, going on where the same measurement was interrupted.</summary>
    /// <exception cref="DasSearchException">There is no such run, it is not done, or something could not be stored.</exception>
    /// <exception cref="OperationCanceledException">The user ended it.</exception>
    internal TruthRanking Run(CancellationToken cancellation)
    {
        using var store = RunStore.Open(options.Database, TimeProvider.System);
        var details = store.Read.Find(options.Run);
        var (run, modules) = (details.Summary.Run, details.Costs.Modules.Count);
        if (details.Summary.Status != RunStatus.Done)
        {
            throw new DasSearchException($"run {run} is not done: das resume {run} goes on with it");
        }

        var skip = options.Skip ?? details.Summary.Skip;
        if (skip < 0 || skip > modules)
        {
            throw new UsageException($"--skip must be from 0 to {modules}, since run {run} has {modules} modules, not {skip}");
        }

        if (Combinations.Count(modules, skip) is > TruthOptions.MostSubnetworks and var sets)
        {
            throw new UsageException($"--skip {skip}: there are {sets} subnetworks that skip so many of {modules} modules, at most {TruthOptions.MostSubnetworks} can be scored");
        }

        using var held = store.Lock(run);
        var name = string.Create(CultureInfo.InvariantCulture, $"truth-{skip}-{EnumNames.NameOf(options.Split)}-{options.BatchSize}");
        var state = new ExhaustiveState(held.Folder(name), SupernetFile.Sha256(store, run));
        var truths = Measure(store, details, skip, state, cancellation);
        using (var recorder = store.Append(run))
        {
            recorder.Record(EnumNames.NameOf(options.Split), truths);
        }

        state.Remove();
        return new TruthRanking(truths, details.Recommended is { } recommended && recommended.Count == skip ? recommended : Chosen(store.Read, details, skip));
    }

    private static Subnetwork Chosen(IRunReader read, RunDetails run, int skip)
    {
        var recommender = StoredController.Of(read, run, StoredConfig.Of(run).Values)
            ?? new ScoreRecommender([.. read.LastGates(run.Summary.Run).Select(gate => gate.Gate)]);
        return recommender.Recommend(SkipSpace.Of(run.Costs.Modules.Count, skip));
    }

    private IReadOnlyList<ExhaustiveScore> Measure(IRunStore store, RunDetails details, int skip, ExhaustiveState state, CancellationToken cancellation)
    {
        var resolved = StoredConfig.Of(details);
        var config = resolved.Values;
        var checkpoint = config.Checkpoint is { } path ? resolved.FullPath(path) : null;
        var sha256 = checkpoint is null ? null : FileHash.Sha256(checkpoint);
        if (sha256 != details.CheckpointSha256)
        {
            throw new DasSearchException(
                $"run {details.Summary.Run} had another checkpoint {details.Checkpoint}: its SHA-256 was {details.CheckpointSha256}, now it is {sha256}");
        }

        var place = Workplace.Prepare(config, context.Environment);
        var task = place.OpenTask(config.Task, config.Seed);
        using var network = TransferNetwork.Build(NetworkRequest.Supernet(config, checkpoint, task, place.Device));
        SupernetFile.Load(network, store, details.Summary.Run);
        var (lines, meter) = (new ProgressLines(context.Terminal.Error, options.Quiet), new ExhaustiveMeter(network, task, place.Device, state));
        IReadOnlyList<ExhaustiveScore> truths;
        try
        {
            truths = meter.Measure(skip, options.Split, options.BatchSize, (done, of) => lines.Progress("batch", done, of), cancellation);
        }
        catch (OperationCanceledException)
        {
            context.Terminal.Error.WriteLine("das: saved; the same command goes on");
            throw;
        }

        lines.Say(string.Create(
            CultureInfo.InvariantCulture,
            $"{truths.Count} subnetworks on {truths[0].Losses.Count} samples: {(double)meter.ModulesRun / meter.ModulesOfSeparatePasses:P1} of the modules that separate passes run"));
        return truths;
    }
}
