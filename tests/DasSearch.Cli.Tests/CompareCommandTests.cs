using System.Globalization;
using System.Text.Json;
using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Core.Plans;
using DasSearch.Store;

namespace DasSearch.Cli.Tests;

/// <summary>Comparisons of searches that a test made up: of 6 layers, the search can do without 0, and without 1 as well as 2.</summary>
public sealed class CompareCommandTests : IDisposable
{
    private const int Modules = 6;

    private static readonly double[] _effects = [0.06, 0.02, 0.02, 0, -0.03, -0.06];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-compare-");

    public CompareCommandTests()
    {
        using var store = RunStore.Create(Database, TimeProvider.System);
        Add(store, seed: 1, rounds: 60);
        Add(store, seed: 2, rounds: 60);
        Add(store, seed: 3, rounds: 0);
        Add(store, seed: 4, rounds: 1, backbone: "meter");
    }

    private string Database => Path.Combine(_folder.FullName, "das.db");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Compare_SeedsOfOneSearch_ShowsThemSideBySide_AndWhatTheySayTogether()
    {
        var das = await RunAsync("compare", "1", "2");

        Assert.Equal((ExitCode.Done, ""), (das.Code, das.Error));
        Assert.Matches(@"1\s+vqa\s+fashionvl-vqa\s+vilt\s+das\s+2\s+1\s+done\s+60\s+180", das.Output);
        Assert.Matches(@"search\.epochs\s+2\s+3", das.Output);
        Assert.Matches(@"1, 2\s+0\.33\s+0\.24\s+\d\.\d\d\s+\d\.\d\d", das.Output);
        Assert.Matches(@"transformer\.blocks\.0(\s+-0\.\d{4} ±0\.\d{4} skip){3}\s+1\.00\s+2 of 2", das.Output);
        Assert.Matches(@"1\s+0,1\s+das\s+10\s+2\s+0\.6500 ±0\.0707\s+-30\.0 %", das.Output);
        Assert.Contains("consensus     skip 0,", das.Output, StringComparison.Ordinal);
        Assert.Contains("coin tosses   1, 2: among the 2 least important", das.Output, StringComparison.Ordinal);
        Assert.Contains("Importance is the reward that is lost", das.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compare_AsJson_HasTheSameFacts()
    {
        var das = await RunAsync("compare", "1", "2", "--json", "--confidence", "80");
        var facts = JsonDocument.Parse(das.Output).RootElement;

        Assert.Equal(0.8, facts.GetProperty("confidence").GetDouble());
        var run = facts.GetProperty("runs")[0];
        Assert.Equal((1, 60), (run.GetProperty("run").GetInt32(), run.GetProperty("rounds").GetInt32()));
        var importance = run.GetProperty("layers")[0].GetProperty("importance");
        var truth = _effects.Average() - _effects[0];
        Assert.InRange(truth, importance.GetProperty("lower").GetDouble(), importance.GetProperty("upper").GetDouble());
        var accuracy = run.GetProperty("trained")[0].GetProperty("metrics").GetProperty("test.accuracy");
        Assert.Equal(0.65, accuracy.GetProperty("mean").GetDouble(), 12);
        var epochs = facts.GetProperty("settings")[0].GetProperty("values");
        Assert.Equal(["2", "3"], epochs.EnumerateArray().Select(value => value.GetString()!));
        Assert.InRange(facts.GetProperty("agreements")[0].GetProperty("kendall_tau").GetDouble(), 0.5, 1);
        var consensus = facts.GetProperty("consensus");
        Assert.Equal([1, 2], consensus.GetProperty("coin_tosses").EnumerateArray().Select(module => module.GetInt32()));
        Assert.Equal(6, consensus.GetProperty("layers").GetArrayLength());
        Assert.Equal(JsonValueKind.Null, facts.GetProperty("no_consensus").ValueKind);
    }

    [Fact]
    public async Task Compare_WithARunWithoutRounds_HasDashesAndNoConsensus()
    {
        var das = await RunAsync("compare", "1", "3");
        Assert.Equal((ExitCode.Done, ""), (das.Code, das.Error));
        Assert.Matches(@"\n\s*3\s+–\s+–\s+–\s+–\s+–\s+–\s+–", das.Output);
        Assert.Contains("no consensus: fewer than two runs have evidence enough", das.Output, StringComparison.Ordinal);
        var facts = JsonDocument.Parse((await RunAsync("compare", "1", "3", "--json")).Output).RootElement;
        Assert.Equal(JsonValueKind.Null, facts.GetProperty("consensus").ValueKind);
    }

    [Theory]
    [InlineData(ExitCode.BadUsage, "RUN must be two runs or more, not one: das show shows a single one.", "1")]
    [InlineData(ExitCode.BadUsage, "RUN is missing. Two runs or more of one backbone: ")]
    [InlineData(ExitCode.BadUsage, "--confidence must be above 1 and below 100 percent, such as 95, not 100", "1", "2", "--confidence", "100")]
    [InlineData(ExitCode.BadUsage, "--confidence must be a number, not 'most'\n", "1", "2", "--confidence", "most")]
    [InlineData(ExitCode.BadUsage, "--confidence must be in percent, such as 95, not 0.95: write 95\n", "1", "2", "--confidence", "0.95")]
    [InlineData(ExitCode.BadUsage, "--confidence must be above 1 and below 100 percent, such as 95, not -5\n", "1", "2", "--confidence", "-5")]
    [InlineData(ExitCode.Failed, "run 1 is of vilt with 6 modules and run 4 of meter with 6 modules: only runs of", "1", "4")]
    [InlineData(ExitCode.Failed, "run 2 is named twice, but only different runs can be compared", "1", "2", "2")]
    [InlineData(ExitCode.Failed, "there is no run 9 in", "1", "9")]
    public async Task Compare_Impossible_SaysWhyInOneSentence(ExitCode code, string expected, params string[] args)
    {
        var das = await RunAsync(["compare", .. args]);
        Assert.Equal((code, ""), (das.Code, das.Output));
        Assert.StartsWith($"das: {expected}", das.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compare_NeverLoadsLibtorch()
    {
        var libraries = await LoadedLibraries.OfAsync(Path.Combine(_folder.FullName, "libraries"), ["compare", "1", "2", "--db", Database]);
        Assert.Contains("libe_sqlite3", libraries, StringComparison.Ordinal);
        Assert.DoesNotContain("libtorch", libraries, StringComparison.OrdinalIgnoreCase);
    }

    private static void Add(IRunStore store, long seed, int rounds, string backbone = "vilt")
    {
        var modules = Enumerable.Range(0, Modules)
            .Select(i => new ModuleInfo(i, $"transformer.blocks.{i}", ModuleKind.Whole, "fused", 100, 1000))
            .Select(module => new ModuleCosts(module, 10, 100, 3, 0));
        using var recorder = store.Begin(new RunDescription(
            new ResolvedConfig<RunConfig>(
                new RunConfig { Name = "vqa", Task = "fashionvl-vqa", Backbone = backbone, Seed = seed, Skip = 2 },
                string.Create(CultureInfo.InvariantCulture, $"name: vqa\nseed: {seed}\nsearch:\n  epochs: {seed + 1}\n"),
                null),
            new RunEnvironment("0.1.0", "cpu", "1.13.0", "system", 2, "Linux x64"),
            new NetworkCosts([.. modules], 500, 50, 0),
            null));
        var random = new SeededRandom(seed);
        var subnetworks = Combinations.All(Modules, 2).ToList();
        var gates = _effects.Select((effect, i) => effect + (i == 1 + (seed % 2) ? 0.01 : 0)).ToArray();
        var state = new ControllerState("das", gates, [.. gates.Select(_ => 0.5)]);
        for (var number = 0; number < rounds; number++)
        {
            var proposals = Enumerable.Range(0, 3).Select(_ => subnetworks[random.Next(subnetworks.Count)]);
            recorder.Record(new Round(number, number, 1, [.. proposals.Select(Score)], state, 1));

            Evaluation Score(Subnetwork skipped)
            {
                var reward = 0.5 + (0.002 * number) + skipped.Skipped.Sum(i => _effects[i]) + (0.02 * (random.NextDouble() - 0.5));
                return Evaluation.Scored(skipped, 1, reward, 1, ValidationMode.Eval, "val:0");
            }
        }

        recorder.Record(Trained(recorder.Run, seed: 0, accuracy: 0.6));
        recorder.Record(Trained(recorder.Run, seed: 1, accuracy: 0.7));
        recorder.Finish(RunStatus.Done);
    }

    private static SkipPlan Trained(long run, long seed, double accuracy) => new(
        "vilt",
        "fashionvl-vqa",
        Modules,
        Granularity.Layers,
        new PlanProvenance(run, "vqa", 0, null, "0.1.0", null, null),
        [.. Enumerable.Range(0, 2).Select(i => new SkippedModule(i, $"transformer.blocks.{i}", ModuleKind.Whole, null))],
        [],
        new Accounting(1000, 100, 6000, 4200),
        new PlanResult("das", seed, 10, new Dictionary<string, double> { ["test.accuracy"] = accuracy }, null, null, null));

    private Task<Das> RunAsync(params string[] args) => Das.RunAsync([.. args, "--db", Database]);
}
