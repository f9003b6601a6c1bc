using System.Security.Cryptography;
using System.Text;
using DasSearch.Cli.Commands;
using DasSearch.Cli.Searching;
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

namespace DasSearch.Cli.Planning;

/// <summary>Trains a plan, tests it, measures it, and writes what came of it into plan and store.</summary>
/// <param name="context">What the command may reach.</param>
/// <param name="options">Where the plan is.</param>
/// <param name="training">How to train it.</param>
internal sealed class TrainingSession(CommandContext context, PlanOptions options, TrainingOptions training)
{
    /// <summary>Does all of it.</summary>
    /// <exception cref="DasSearchException">Something is wrong; plan and store are as they were.</exception>
    /// <exception cref="OperationCanceledException">The user ended it; the same command goes on.</exception>
    internal void Run(CancellationToken cancellation)
    {
        var work = PlannedWork.Open(options);
        var method = TransferTable.BuiltIn.Named(training.Method);
        var config = work.Settings.Values;
        var seed = training.Seed ?? config.Seed;
        var output = Path.GetFullPath(training.Output ?? options.Plan);
        if (Path.GetDirectoryName(output) is { } folder && !Directory.Exists(folder))
        {
            throw new UsageException($"--output {training.Output} lies in {folder}, which is no folder");
        }

        var weights = WeightsOf(output);
        var place = Workplace.Prepare(config, context.Environment);
        var task = place.OpenTask(config.Task, seed);
        var skipped = work.Plan.Subnetwork;
        using var network = TransferNetwork.Build(work.Request(task, place.Device).Planned(work.Plan, method, seed));
        var accounts = PlanAccounts.Of(work.Plan, network);
        var display = new TrainingDisplay(new ProgressLines(context.Terminal.Error, training.Quiet));
        var worker = new PlanTraining(config, network, skipped, task, seed);
        var state = new TrainingState(weights + ".state", KeyOf(work, method, seed), "training");
        try
        {
            var curve = worker.Run(state, display, cancellation);
            var figures = TestFigures.Take(
                network, task, Split.Test, skipped, BatchSize(config), training.Gallery, display.Began, cancellation);
            display.Began("measuring latency against the full model");
            var latency = MeasuredLatency.Of(work, task, network, place);
            TrainedWeights.Write(network, weights);
            var result = new PlanResult(
                method.Name, seed, config.Training.Epochs, figures, latency, Path.GetFileName(weights), FileHash.Sha256(weights));
            var plan = accounts with { Result = result };
            PlanFile.Write(plan, output);
            Store(plan, curve);
            state.Remove();
            Print(plan, output);
        }
        catch (OperationCanceledException)
        {
            context.Terminal.Error.WriteLine("das: saved; the same command goes on from here");
            throw;
        }
    }

    private static int BatchSize(RunConfig config) => config.Training.BatchSize ?? config.Search.BatchSize;

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

    private void Store(SkipPlan plan, IReadOnlyList<Metric> curve)
    {
        if (plan.Provenance.Run is not { } run || !RunStore.Exists(options.Database))
        {
            return;
        }

        using var store = RunStore.Open(options.Database, TimeProvider.System);
        if (store.Read.Runs().All(known => known.Run != run) || store.Read.Run(run).ConfigSha256 != plan.Provenance.ConfigSha256)
        {
            context.Terminal.Error.WriteLine($"das: {options.Database} has no such run {run}: the result is in the plan only");
            return;
        }

        // Several trainings of one run keep apart by this.
        var result = plan.Result!;
        var prefix = $"{result.Method}:{plan.Subnetwork}:{result.Seed}/";
        using var recorder = store.Append(run);
        recorder.Record([.. curve.Select(metric => new Metric(prefix + metric.Name, metric.Step, metric.Value))]);
        recorder.Record([.. result.Metrics.Select(metric => new Metric(prefix + metric.Key, curve.Count > 0 ? curve[^1].Step : 0, metric.Value))]);
        recorder.Record(plan);
    }

    private void Print(SkipPlan plan, string output)
    {
        if (training.Json)
        {
            context.Terminal.Output.Write(PlanFile.Format(plan));
            return;
        }

        foreach (var (name, value) in plan.Result!.Metrics)
        {
            context.Terminal.Output.WriteLine($"{name,-24}{Tables.Number(value, "F4")}");
        }

        context.Terminal.Output.WriteLine(MeasuredLatency.Text(plan.Result.Latency!));
        context.Terminal.Output.WriteLine(output);
    }
}
