using System.Globalization;
using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Core.Plans;
using DasSearch.Reporter.Tests.Importance;
using DasSearch.Store;

namespace DasSearch.Reporter.Tests.Comparison;

/// <summary>A database of simulated searches, gone at the end.</summary>
internal sealed class StoredSearches : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-compare-");
    private readonly IRunStore _store;

    internal StoredSearches() => _store = RunStore.Create(Path.Combine(_folder.FullName, "das.db"), TimeProvider.System);

    internal IRunReader Read => _store.Read;

    public void Dispose()
    {
        _store.Dispose();
        _folder.Delete(recursive: true);
    }

    /// <summary>Stores a search, with as many rounds as it has, which may be none.</summary>
    /// <returns>Its recorder, for plans and metrics.</returns>
    internal IRunWriter Add(
        SimulatedSearch search, string task = "fashionvl-vqa", string backbone = "vilt", string settings = "skip: 4\n", string name = "vqa", params string[] streams)
    {
        // Streams take turns, as METER's do.
        var modules = Enumerable.Range(0, search.Effects.Count)
            .Select(i => new ModuleInfo(
                i, $"transformer.blocks.{i}", streams is [] ? ModuleKind.Whole : ModuleKind.CrossLayer, streams is [] ? "fused" : streams[i % streams.Length], 100, 1000))
            .Select(module => new ModuleCosts(module, 10, 100, 3, 0));
        var recorder = _store.Begin(new RunDescription(
            new ResolvedConfig<RunConfig>(
                new RunConfig { Name = name, Task = task, Backbone = backbone, Seed = search.Seed, Skip = search.Skip },
                string.Create(CultureInfo.InvariantCulture, $"name: {name}\nseed: {search.Seed}\n{settings}"),
                null),
            new RunEnvironment("0.1.0", "cpu", "1.13.0", "system", 2, "Linux x64"),
            new NetworkCosts([.. modules], 500, 50, 0),
            null));
        foreach (var round in search.Walk())
        {
            recorder.Record(round);
        }

        recorder.Finish(RunStatus.Done);
        return recorder;
    }

    /// <summary>A plan as it is once trained.</summary>
    internal static SkipPlan Trained(
        string skipped, int modules, long seed, double accuracy, string method = "das", PlanLatency? latency = null) => new(
        "vilt",
        "fashionvl-vqa",
        modules,
        Granularity.Layers,
        new PlanProvenance(1, "vqa", 0, null, "0.1.0", null, null),
        [.. Subnetwork.Parse(skipped, modules).Skipped.Select(i => new SkippedModule(i, $"blocks.{i}", ModuleKind.Whole, null))],
        [],
        new Accounting(1000, 100, 2000, 1500),
        new PlanResult(method, seed, 10, new Dictionary<string, double> { ["test.accuracy"] = accuracy }, latency, null, null));
}
