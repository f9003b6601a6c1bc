using System.Security.Cryptography;
using System.Text;
using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Core.Plans;
using DasSearch.Data;
using DasSearch.Data.Tasks;
using DasSearch.Formats;
using DasSearch.Store;
using DasSearch.Worker.Distillation;
using DasSearch.Worker.Networks;
using DasSearch.Worker.Resuming;
using DasSearch.Worker.Training;

namespace DasSearch.App;

/// <summary>How a plan is to be trained.</summary>
/// <param name="Method">The transfer method; null for the plan's.</param>
/// <param name="Seed">The training's seed; null for the run's.</param>
/// <param name="Output">The trained plan's file; null for the plan's own.</param>
/// <param name="Gallery">Images of the gallery for recall, where the task ranks; 0 for none.</param>
public sealed record TrainingRequest(string? Method, long? Seed, string? Output, int Gallery)
{
    /// <summary>Whether files may be replaced that das did not write.</summary>
    public bool IsForced { get; init; }

    /// <summary>How many parameters may be trained, with the head and all else that is; null for the plan's or the settings' sizes.</summary>
    public long? Trained { get; init; }
}

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
        var work = PlannedWork.ToTrain(environment, source, request.Method);
        var config = work.Settings.Values;
        if (request.Trained is not null && environment.Tables.Methods.Named(config.Method.Name).Size is { } size && source.Sets($"method.{size.Name}"))
        {
            throw new UsageException($"--trainable N finds method.{size.Name} itself: leave one of the two out");
        }

        var seed = request.Seed ?? config.Seed;
        var taught = TeacherSource.Find(environment, source, work);
        var key = KeyOf(work, seed, request.Trained, taught);
        var place = new TrainingPlace(
            request.Output ?? source.Plan,
            key,
            new OutputGuard(request.IsForced, "-o", [source.Config, source.Database, source.Checkpoint, work.Checkpoint, taught?.Plan, taught?.Weights]));
        place.Claim();
        using var ours = OutputLock.Take(place.State, place.Plan);
        var device = ComputeDevice.Prepare(config.Device, config.Threads);
        var task = environment.OpenTask(work.Settings, seed);
        config.CheckTraining(task.Facts.SizeOf(Split.Train));
        task = config.Training.Samples is { } samples ? new FewerSamples(task, samples, BatchSize(config), seed) : task;
        if (config.Training.LabelSmoothing > 0 && task.Facts.Kind != TaskKind.Classification)
        {
            throw new ConfigException("training.label_smoothing", $"is for tasks of classes, and {config.Task} is none: leave it out");
        }

        var skipped = work.Plan.Subnetwork;
        if (request.Trained is { } trained)
        {
            work = work.WithSizes(UniformBudget.Fit(work.Planned(environment, task, device, seed), work.Plan, trained));
            config = work.Settings.Values;
        }

        using var wise = taught?.Build(environment, task, device);
        var teacher = wise is null ? null : new Teacher(config.Distillation, wise, taught!.Work.Plan.Subnetwork);
        var (first, state) = (new TrainingState(place.FirstState, key, "training"), new TrainingState(place.State, key, "training"));
        var planned = work.Planned(environment, task, device, seed) with { DropPath = config.Training.DropPath ?? 0, Cancellation = cancellation };
        using var training = new StagedTraining(config, planned, seed, teacher, first, state);
        teacher?.CheckAgainst(training.Network, skipped);
        var accounts = PlanAccounts.Of(work, training.Network);
        var curve = training.Run(progress, cancellation);
        var network = training.Network;
        var figures = TestFigures.Take(
            network, task, Split.Test, skipped, BatchSize(config), request.Gallery, progress.Began, cancellation);
        progress.Began("measuring latency against the full model");
        var latency = MeasuredLatency.Of(environment, work, task, network, isMerged: true, cancellation);
        var plan = KeptState.Write(place.State, () =>
        {
            place.Check();
            TrainedWeights.Write(network, place.Weights, key);
            var result = new PlanResult(
                config.Method.Name, seed, config.Training.Epochs, figures, latency, Path.GetFileName(place.Weights), FileHash.Sha256(place.Weights))
            {
                Options = config.Method.Options,
            };
            var done = accounts with { Result = result };
            PlanFile.Write(done, place.Plan);
            return done;
        });
        var note = Store(plan, curve);
        training.RemoveStates();
        return new TrainingOutcome(plan, Path.GetFullPath(place.Plan), note);
    }

    internal static int BatchSize(RunConfig config) => config.Training.BatchSize ?? config.Search.BatchSize;

    // What an interrupted training has to have in common with the one that goes on with it.
    private static string KeyOf(PlannedWork work, long seed, long? trained, TeacherSource? teacher)
    {
        var untrained = PlanFile.Format(work.Plan with { Result = null });
        var text = $"{untrained}\n{work.Settings.Text}\n{work.Settings.Values.Method.Name}\n{seed}\n{trained}{(teacher is null ? "" : $"\n{teacher.Sha256}")}";
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

/// <summary>What is left of a training whose outcome cannot be written.</summary>
internal static class KeptState
{
    /// <summary>Writes the outcome.</summary>
    /// <exception cref="DasSearchException">It cannot be written; the message says how to get it.</exception>
    internal static T Write<T>(string state, Func<T> write)
    {
        try
        {
            return write();
        }
        catch (DasSearchException failure) when (failure is OutputException or OutputUsageException or PlanException && Directory.Exists(state))
        {
            throw new DasSearchException($"{failure.Message}; what was trained is kept in {state}: once that is mended, the same command goes on from there", failure);
        }
    }
}

/// <summary>Where a trained plan goes, and with it what it was trained to.</summary>
/// <param name="plan">The plan's file.</param>
/// <param name="key">What tells this training from others.</param>
/// <param name="guard">What may be written over.</param>
internal sealed class TrainingPlace(string plan, string key, OutputGuard guard)
{
    private const string What = "file of trained weights";

    /// <summary>The plan's file.</summary>
    internal string Plan => plan;

    /// <summary>The weights' file: beside the plan, under its name.</summary>
    internal string Weights { get; } = OfWeights(plan);

    /// <summary>The folder that an interrupted training goes on from.</summary>
    internal string State => Weights + ".state";

    // What the plan there was trained to, or what this very training wrote before it was killed: no other weights, which nothing could bring back.
    private OutputKind Kind => new($"{What} of this plan", path => TrainedWeights.KeyOf(path) == key || IsOfThePlan(path));

    /// <summary>The same for the method's first stage.</summary>
    internal string FirstState { get; } = OfWeights(plan) + ".first.state";

    /// <summary>Makes sure that all of it may be written.</summary>
    /// <exception cref="DasSearchException">It may not, or cannot.</exception>
    internal void Claim()
    {
        guard.Claim(plan, PlanFile.Kind, needsFolder: true);
        guard.Claim(Weights, Kind, What);
        guard.CheckName(State, "folder to go on from");
        guard.CheckName(FirstState, "folder to go on from");
    }

    /// <summary>The same, once more, right before it is written.</summary>
    internal void Check()
    {
        guard.Check(plan, PlanFile.Kind, needsFolder: true);
        guard.Check(Weights, Kind, What);
    }

    private static string OfWeights(string plan) => (plan.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? plan[..^5] : plan) + ".safetensors";

    private bool IsOfThePlan(string weights)
    {
        try
        {
            return PlanFile.Read(plan).Result is { Weights: { } name, WeightsSha256: { } sha256 }
                && name == Path.GetFileName(weights)
                && FileHash.Sha256(weights) == sha256;
        }
        catch (DasSearchException)
        {
            return false; // no plan there
        }
    }
}

/// <summary>A plan as a transfer method changes it.</summary>
internal static class PlanAccounts
{
    /// <summary>The plan with the adapters and the account that the method gives it.</summary>
    /// <remarks>A plan that nobody has counted, or whose account is of another method or settings, gets the network's account.</remarks>
    /// <exception cref="DasSearchException">The plan's account is not the network's.</exception>
    internal static SkipPlan Of(PlannedWork work, TransferNetwork network)
    {
        var plan = work.Plan;
        var accounting = network.Costs().Of(plan.Subnetwork);
        if (!network.Placements.SequenceEqual(plan.Adapters))
        {
            return new SkipPlan(plan.Backbone, plan.Task, plan.Modules, plan.Granularity, plan.Provenance, plan.Skip, network.Placements, accounting)
            {
                Method = plan.Method,
            };
        }

        // What the plan lists is the network's: so is its account, if that is of the same method and settings, since not all that is trained is listed.
        var (total, trained) = (network.CountParameters(), network.Trained.Sum(static parameter => parameter.Parameter.numel()));
        if (plan.Accounting is not { } planned || !work.IsAccounted)
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
