using System.Text.Json;
using DasSearch.Core;
using DasSearch.Store;

namespace DasSearch.Cli.Tests;

/// <summary><c>das replay</c> on a truth that a test made up: skipping 0 and 1 is the best.</summary>
public sealed class ReplayCommandTests : IDisposable
{
    private readonly StoredRuns _runs = new();

    public ReplayCommandTests() => _runs.Add(20);

    public void Dispose() => _runs.Dispose();

    [Fact]
    public async Task Replay_AllControllers_FindTheBest()
    {
        Know();
        var csv = _runs.PathOf("curves.csv");
        var das = await _runs.RunAsync("replay", "1", "--seeds", "3", "-o", csv, "--json");

        Assert.Equal((ExitCode.Done, ""), (das.Code, das.Error));
        var facts = JsonDocument.Parse(das.Output).RootElement;
        Assert.Equal((3, 1), (facts.GetProperty("subnetworks").GetInt32(), facts.GetProperty("top").GetInt32()));
        var controllers = facts.GetProperty("controllers").EnumerateArray().ToDictionary(entry => entry.GetProperty("controller").GetString()!);
        Assert.Equal(["combucb", "das", "evolution", "exhaustive", "greedy", "halving", "random", "thompson"], controllers.Keys.Order());
        Assert.All(controllers.Where(entry => entry.Key != "random"), entry =>
        {
            var last = entry.Value.GetProperty("points")[19];
            Assert.Equal((60, 1.0), (last.GetProperty("evaluations").GetInt32(), last.GetProperty("mean_rank").GetDouble()));
        });
        Assert.Equal(1 + (20 * controllers.Count), File.ReadLines(csv).Count());
    }

    [Fact]
    public async Task Replay_AsATable_SaysHowFarEachCame()
    {
        Know();
        var das = await _runs.RunAsync("replay", "1", "--seeds", "2", "--rounds", "5", "--controller", "das, thompson");
        Assert.Matches(@"das +15 +1\.0 +0\.0 +1 +0\.0000 +0\.0000 +3", das.Output);
        Assert.DoesNotContain("greedy", das.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_WithAStopRule_SaysHowOftenItWasWrong_AndDraws()
    {
        Know();
        var drawing = _runs.PathOf("curves.svg");
        var das = await _runs.RunAsync("replay", "1", "--seeds", "4", "--controller", "thompson,random", "--stop", "0.1", "--tolerance", "0.05", "--figure", drawing);
        Assert.Equal((ExitCode.Done, ""), (das.Code, das.Error));
        Assert.Matches(@"thompson +100\.0 % +\d+ +0\.0 % +1\.0", das.Output);
        var svg = File.ReadAllText(drawing);
        Assert.StartsWith("<?xml", svg, StringComparison.Ordinal);
        Assert.Contains(">thompson<", svg, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ExitCode.BadUsage, "--stop must be above 0 and below 1, not 2", "--stop", "2")]
    [InlineData(ExitCode.BadUsage, "--tolerance must be finite and at least 0, not -1", "--stop", "0.5", "--tolerance", "-1")]
    [InlineData(ExitCode.BadUsage, "--tolerance goes with --stop", "--tolerance", "1")]
    [InlineData(ExitCode.BadUsage, "controller.name must be one of das, ", "--controller", "ucb")]
    [InlineData(ExitCode.BadUsage, "--seeds must be at least 2, not 1", "--seeds", "1")]
    [InlineData(ExitCode.BadUsage, "--rounds must be at least 1, not 0", "--rounds", "0")]
    [InlineData(
        ExitCode.BadUsage,
        "--stop can end no search of 1 rounds of 3 candidates: to be sure of anything takes 2 rounds: name as many with --rounds", "--stop", "0.1", "--rounds", "1")]
    [InlineData(ExitCode.Failed, "the truth of run 1 with 1 modules skipped is not known: das truth 1 --skip 1 --db ", "--skip", "1")]
    public async Task Replay_Impossible_SaysWhy(ExitCode code, string sentence, params string[] option)
    {
        Know();
        var das = await _runs.RunAsync(["replay", "1", .. option]);
        Assert.Equal((code, ""), (das.Code, das.Output));
        Assert.StartsWith($"das: {sentence}", das.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Case06_ReplayOfFewerSubnetworksThanARoundScores_IsRefused()
    {
        using (var store = RunStore.Open(_runs.Database, TimeProvider.System))
        using (var recorder = store.Append(1))
        {
            recorder.Record("validation", [new ExhaustiveScore(Subnetwork.Whole(3), 0, [1, 1])]);
        }

        var das = await _runs.RunAsync("replay", "1", "--skip", "0");
        Assert.Equal(
            (ExitCode.BadUsage, "das: --skip 0 leaves 1 subnetworks, fewer than the 3 candidates of a round of run 1: there is nothing to choose from\n"), (das.Code, das.Error));
    }

    private void Know()
    {
        using var store = RunStore.Open(_runs.Database, TimeProvider.System);
        using var recorder = store.Append(1);
        recorder.Record("validation", [.. Combinations.All(3, 2).Select(set => new ExhaustiveScore(set, 0, [set.Skipped.Sum(), 1]))]);
    }
}
