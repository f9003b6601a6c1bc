using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Core.Plans;
using DasSearch.Formats;
using DasSearch.Store;

namespace DasSearch.Cli.Tests;

/// <summary>A folder with a database of runs that no search computed.</summary>
internal sealed class StoredRuns : IDisposable
{
    private const int Modules = 3;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-runs-");

    internal string Database => PathOf("runs.db");

    public void Dispose() => _folder.Delete(recursive: true);

    internal string PathOf(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>Adds a run whose rounds all score {0,1}, {0,2} and {1,2}, with rewards that grow from round to round.</summary>
    /// <param name="rounds">How many rounds it has.</param>
    /// <param name="status">How it ended.</param>
    /// <param name="noise">Losses are off by up to so much.</param>
    internal void Add(int rounds, RunStatus status = RunStatus.Done, double noise = 0)
    {
        var config = ConfigFile.Parse<RunConfig>(
            "{name: made-up, task: fashionvl-vqa, backbone: vilt, skip: 2}", "settings", path: null, overrides: []);
        var costs = new NetworkCosts(
            [.. Enumerable.Range(0, Modules).Select(module => new ModuleCosts(
                new ModuleInfo(module, $"transformer.blocks.{module}", ModuleKind.Whole, "fused", 100, 100), 10, 10, 5, 5))],
            1000,
            100,
            1000);
        using var store = RunStore.Create(Database, TimeProvider.System);
        using var recorder = store.Begin(new RunDescription(config, new RunEnvironment("0.1.0", "cpu", "none", "none", 1, "none"), costs, null));
        var chance = SeededRandom.Derive(0, "noise");
        for (var number = 0; number < rounds; number++)
        {
            var evaluations = new[] { "0,1", "0,2", "1,2" }.Select((skipped, i) => Evaluation.OfLoss(
                Subnetwork.Parse(skipped, Modules), 2 + (0.1 * i) - (0.01 * number) + (noise * chance.NextDouble()), 1.5, ValidationMode.Eval, "val:0"));
            recorder.Record(new Round(number, 10 * number, 1, [.. evaluations], new ControllerState("das", [0.3, 0.2, 0.1], [0.57, 0.55, 0.52]), 5));
        }

        recorder.Finish(status);
    }

    internal Task<Das> RunAsync(params string[] args) => Das.RunAsync([.. args, "--db", Database]);
}
