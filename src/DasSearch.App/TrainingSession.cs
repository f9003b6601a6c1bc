using System.Security.Cryptography;
using System.Text;
using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Core.Plans;
using DasSearch.Data;
using DasSearch.Formats;
using DasSearch.Store;
using DasSearch.Transfer;
using DasSearch.Worker.Networks;
using DasSearch.Worker.Resuming;
using DasSearch.Worker.Training;

namespace DasSearch.App;

/// <summary>How a plan is to be trained.</summary>
/// <param name="Method">The transfer method; null for the plan's.</param>
/// <param name="Seed">The training's seed; null for the run's.</param>
/// <param name="Output">The trained plan's file; null for the plan's own.</param>
/// <param name="Gallery">Images of the gallery for recall, where the task ranks; 0 for none.</param>
public sealed record TrainingRequest(string? Method, long? Seed, string? Output, int Gallery);

/// <summary>What came of a training.</summary>
/// <param name="Plan">The plan with its result.</param>
/// <param name="Path">Its file in full.</param>
/// <param name="Note">Why the result is in the plan only, and not in the store; null where it is in both, or the plan came of no run.</param>
public sealed record TrainingOutcome(SkipPlan Plan, string Path, string? Note);

/// <summary>Trains a plan, tests it, measures it, and writes what came of it into plan and store.</summary>
/// <param name="environment">Where its task comes from.</param>
/// <param name="source">Where the plan is.</param>
/// <param name="request">How to train it.</param>
public sealed class TrainingSession(AppEnvironment environment, PlanSource source, TrainingRequest request)
{
    /// <summary>Does all of it.</summary>
    /// <exception cref="DasSearchException">Something is wrong; plan and store are as they were.</exception>
    /// <exception cref="OperationCanceledException">It was ended; the same request goes on.</exception>
    public TrainingOutcome Run(ITrainingProgress progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(progress);
        var work = PlannedWork.Open(source);
        var method = environment.Tables.Methods.Named(request.Method ?? work.Plan.Method);
        var config = work.Settings.Values;
        var seed = request.Seed ?? config.Seed;
        var output = Path.GetFullPath(request.Output ?? source.Plan);
        if (Path.GetDirectoryName(output) is { } folder && !Directory.Exists(folder))
        {
            throw new UsageException($"--output {request.Output} lies in {folder}, which is no folder");
        }

        var weights = WeightsOf(output);
        var device = ComputeDevice.Prepare(config.Device, config.Threads);
        var task = environment.OpenTask(config.Task, seed);
        config.CheckTraining(task.Facts.SizeOf(Split.Train));
        var skipped = work.Plan.Subnetwork;
        using var network = TransferNetwork.Build(work.Request(environment, task, device).Planned(work.Plan, method, seed));
        var accounts = PlanAccounts.Of(work.Plan, network);
        var state = new TrainingState(weights + ".state", KeyOf(work, method, seed), "training");
        var curve = new PlanTraining(config, network, skipped, task, seed).Run(state, progress, cancellation);
        var figures = TestFigures.Take(
            network, task, Split.Test, skipped, BatchSize(config), request.Gallery, progress.Began, cancellation);
        progress.Began("measuring latency against the full model");
        var latency = MeasuredLatency.Of(environment, work, task, network, cancellation);
        TrainedWeights.Write(network, weights);
        var result = new PlanResult(
            method.Name, seed, config.Training.Epochs, figures, latency, Path.GetFileName(weights), FileHash.Sha256(weights));
        var plan = accounts with { Result = result };
        PlanFile.Write(plan, output);
        var note = Store(plan, curve);
        state.Remove();
        return new TrainingOutcome(plan, output, note);
    }

    internal static int BatchSize(RunConfig config) => config.Training.BatchSize ?? config.Search.BatchSize;

    // Beside the plan, under its name.
    private static string WeightsOf(string plan)
    {
        var name = plan.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? plan[..^5] : plan;
        return name + ".safetensors";
    }

    // What an interrupted training has to have in common with the one that goes on with it.
    private static string KeyOf(PlannedWork work, ITransferMethod method, long seed)
    {
        var untrained = PlanFile.Format(work.Plan with { Result = null });
        var text = $"{untrained}\n{work.Settings.Text}\n{method.Name}\n{seed}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    private string? Store(SkipPlan plan, IReadOnlyList<Metric> curve)
    {
        if (plan.Provenance.Run is not { } run || !RunStore.Exists(source.Database))
        {
            return null;
        }

        using var store = source.Open();
        if (store.Read.Runs().All(known => known.Run != run) || store.Read.Run(run).ConfigSha256 != plan.Provenance.ConfigSha256)
        {
            return $"{source.Database} has no such run {run}: the result is in the plan only";
        }

        // Several trainings of one run keep apart by this.
        var result = plan.Result!;
        var prefix = $"{result.Method}:{plan.Subnetwork}:{result.Seed}/";
        using var writer = store.Append(run);
        writer.Record([.. curve.Select(metric => new Metric(prefix + metric.Name, metric.Step, metric.Value))]);
        writer.Record([.. result.Metrics.Select(metric => new Metric(prefix + metric.Key, curve.Count > 0 ? curve[^1].Step : 0, metric.Value))]);
        writer.Record(plan);
        return null;
    }
}

/// <summary>A plan as a transfer method changes it.</summary>
internal static class PlanAccounts
{
    /// <summary>The plan with the adapters and the account that the method gives it.</summary>
    /// <remarks>A plan that nobody has counted gets the network's account.</remarks>
    /// <exception cref="DasSearchException">The plan's account is not the network's.</exception>
    internal static SkipPlan Of(SkipPlan plan, TransferNetwork network)
    {
        var accounting = network.Costs().Of(plan.Subnetwork);
        if (network.Placements.Count == 0)
        {
            return new SkipPlan(plan.Backbone, plan.Task, plan.Modules, plan.Granularity, plan.Provenance, plan.Skip, [], accounting) { Method = plan.Method };
        }

        // The plan's adapters are the network's: so is its account.
        var (total, trained) = (network.CountParameters(), network.Trained.Sum(static parameter => parameter.Parameter.numel()));
        if (plan.Accounting is not { } planned)
        {
            return plan with { Accounting = accounting };
        }

        return planned.TotalParameters == total && planned.TrainableParameters == trained
            ? plan
            : throw new DasSearchException(
                $"the plan accounts for {planned.TotalParameters} parameters, {planned.TrainableParameters} of them trained, "
                + $"but its network has {total}, {trained} of them trained: the plan was changed, or belongs to another checkpoint");
    }
}
