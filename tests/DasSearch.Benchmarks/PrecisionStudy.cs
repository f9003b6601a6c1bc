using System.Diagnostics;
using System.Globalization;
using DasSearch.App;
using DasSearch.Core;
using DasSearch.Data;
using DasSearch.Reporter.Importance;
using DasSearch.Store;
using DasSearch.Worker.Exhaustive;
using DasSearch.Worker.Networks;

namespace DasSearch.Benchmarks;

/// <summary>Whether frozen weights in bfloat16 rank a run's subnetworks as those in float32 do, all of them in the run's own supernet.</summary>
internal static class PrecisionStudy
{
    private const int BatchSize = 256;

    /// <summary>Prints, for each precision, how long all subnetworks took, and how well the two agree on their rewards.</summary>
    /// <param name="args">The run, and its database.</param>
    /// <returns>The exit code.</returns>
    internal static int Run(string[] args)
    {
        if (args is not [var name, var database])
        {
            Console.Error.WriteLine("./das bench precision takes a run that is done, and its database");
            return 2;
        }

        using var store = RunStore.Open(database, TimeProvider.System);
        var run = store.Read.Find(name);
        var settings = StoredConfig.Of(run);
        var environment = new AppEnvironment(Environment.GetEnvironmentVariable);
        var config = settings.Values;
        var device = ComputeDevice.Prepare(config.Device, config.Threads);
        var task = environment.OpenTask(settings, config.Seed);
        var rewards = new List<double[]>();
        foreach (var precision in new[] { Precision.Float32, Precision.BFloat16 })
        {
            var checkpoint = config.Checkpoint is { } path ? settings.FullPath(path) : null;
            using var network = TransferNetwork.Build(NetworkRequest.Supernet(config with { Precision = precision }, checkpoint, task, device));
            SupernetFile.Load(network, store, run.Summary.Run);
            var clock = Stopwatch.StartNew();
            var scores = new ExhaustiveMeter(network, task, device).Measure(
                run.Summary.Skip, Split.Validation, BatchSize, static (_, _) => { }, CancellationToken.None);
            rewards.Add([.. scores.Select(static score => Math.Exp(-score.Loss))]);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{EnumNames.NameOf(precision)}: {scores.Count} subnetworks in {clock.Elapsed.TotalSeconds:F0} s"));
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Kendall's τ of their rewards {RankCorrelation.KendallTauB(rewards[0], rewards[1]):F4}, largest difference {rewards[0].Zip(rewards[1], static (one, other) => Math.Abs(one - other)).Max():G2}"));
        return 0;
    }
}
