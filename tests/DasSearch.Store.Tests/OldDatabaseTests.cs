using DasSearch.Core;
using DasSearch.Core.Spaces;
using DasSearch.Store.Rewards;
using Dapper;
using Microsoft.Data.Sqlite;

namespace DasSearch.Store.Tests;

/// <summary>Databases that das of an earlier schema wrote, with searches that it really made.</summary>
public sealed class OldDatabaseTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public OldDatabaseTests() => Keep("schema-4.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void SchemaFour_IsRead()
    {
        using var store = RunStore.Open(_folder.Database, TimeProvider.System);
        Assert.Equal(
            [("tiny", "das", RunStatus.Done, 8), ("pairs", "thompson", RunStatus.Done, 8), ("halfway", "greedy", RunStatus.Done, 8), ("interrupted", "das", RunStatus.Interrupted, 6)],
            store.Read.Runs().Select(run => (run.Name, run.Controller, run.Status, run.Rounds)));
        foreach (var run in store.Read.Runs().ToList())
        {
            var rounds = store.Read.Rounds(run.Run).ToList();
            Assert.Equal(run.Rounds, rounds.Count);
            Assert.All(rounds, round => Assert.Null(round.Recommended));
            Assert.Null(store.Read.Run(run.Run).Recommended);
            Assert.Equal(run.Rounds, store.Read.RoundSummaries(run.Run).Count());
            Assert.Equal(4, store.Read.LayerRewards(run.Run).Count);
            Assert.Equal(4, store.Read.LastGates(run.Run).Count);
            Assert.Equal(run.Evaluations, store.Read.Subnetworks(run.Run).Sum(set => set.Evaluations));
            Assert.All(Enum.GetValues<RewardGrouping>(), by => Assert.NotEmpty(store.Read.Rewards(run.Run, new RewardQuery(by)).Rows));
            Assert.NotEmpty(store.Read.Metrics(run.Run));
            Assert.NotEmpty(store.Read.LastMetrics(run.Run));
        }

        // When they began and ended is known, and how long they paused is not.
        Assert.All(store.Read.Runs(), run => Assert.Matches("^≤[0-9]+:[0-9]{2}$", run.Took));
        Assert.All(store.Read.Runs(), run => Assert.Null(run.Seconds));

        Assert.Equal("1,3", store.Read.Rounds(1).Last().ChoiceIn(SkipSpace.Of(4, 2)).ToString());
        Assert.Equal([false, true], store.Read.Plans(1).Select(plan => plan.Plan.Result is not null));
        Assert.Equal(6, store.Read.ExhaustiveScores(1, "validation").Count);
        Assert.Equal(12, store.Read.Adapters(3).Count);
        Assert.NotNull(store.Read.Run(3).Latency);
    }

    [Fact]
    public void SchemaFive_IsRead_AndRunsGoOn()
    {
        Keep("schema-5.db");
        using var store = RunStore.Open(_folder.Database, TimeProvider.System);
        Assert.Equal(
            [("done", RunStatus.Done, 2), ("interrupted", RunStatus.Interrupted, 0)], store.Read.Runs().Select(run => (run.Name, run.Status, run.Rounds)));
        Assert.All(store.Read.Runs(), run => Assert.Matches("^≤[0-9]+:[0-9]{2}$", run.Took));
        Assert.Equal(store.Read.Plans(1).Single().Plan.Subnetwork, store.Read.Run(1).Recommended);
        Assert.Equal(4, store.Read.Run(1).Latency!.SavedMilliseconds.Count);

        using var recorder = store.Reopen(2, 0);
        var round = store.Read.Rounds(1).First();
        recorder.Record(round);
        Assert.Equal(round.After, store.Read.Rounds(2).Single().After);
        Assert.Null(store.Read.Run(2).Summary.Seconds);
    }

    [Fact]
    public void SchemaNine_IsRead_AndKnowsNotWhatIsTrainedOfModules()
    {
        Keep("schema-9.db");
        using var store = RunStore.Open(_folder.Database, TimeProvider.System);
        var run = store.Read.Run(1);
        Assert.Equal(("channels", RunStatus.Done, 2), (run.Summary.Name, run.Summary.Status, run.Summary.Rounds));
        Assert.All(run.Costs.Modules, static module => Assert.Equal(0, module.TrainedParameters));
        Assert.Equal(store.Read.Plans(1).Single().Plan.Accounting, run.Costs.Of(run.Recommended!));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void SchemaSeven_IsRead_AndToldWhatBecameOfItsRuns(bool isToRead)
    {
        Keep("schema-7.db");
        using var store = isToRead ? RunStore.OpenToRead(_folder.Database, TimeProvider.System) : RunStore.Open(_folder.Database, TimeProvider.System);
        var run = store.Read.Runs().Single();
        Assert.Equal(("done", RunStatus.Done, 4, null, "", ""), (run.Name, run.Status, run.Rounds, run.PlannedRounds, run.Notes, run.Tags));
        Assert.Equal(store.Read.Evaluations(1).Max(one => one.Evaluation.Reward), run.BestReward);
        Assert.Equal([("begun", run.StartedAt), ("done after 4 rounds", run.FinishedAt)], store.Read.Events(1).Select(one => (one.Text, (DateTimeOffset?)one.At)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void SchemaEight_IsRead_WithWhatBecameOfItsRuns(bool isToRead)
    {
        Keep("schema-8.db");
        using var store = isToRead ? RunStore.OpenToRead(_folder.Database, TimeProvider.System) : RunStore.Open(_folder.Database, TimeProvider.System);
        Assert.Equal(("kept", "of schema 8"), (store.Read.Run(1).Summary.Tags, store.Read.Run(1).Summary.Notes));
        Assert.Equal(["begun", "done after 4 rounds"], store.Read.Events(1).Select(one => one.Text));
    }

    [Fact]
    public void SchemaFour_IsBroughtForward_AndRunsGoOn()
    {
        using (var store = RunStore.Open(_folder.Database, TimeProvider.System))
        using (var recorder = store.Reopen(4, 5))
        {
            var before = store.Read.Rounds(4).Last();
            recorder.Record(new Round(5, before.Step + 2, before.Epoch, before.Evaluations, before.After, 1, Subnetwork.Parse("1,3", 4)));
            Assert.Equal("1,3", store.Read.Run(4).Recommended!.ToString());
            Assert.Null(store.Read.Run(4).Summary.Seconds); // what came before is not known
            Assert.Equal([null, "1,3"], store.Read.RoundsSince(4, 4).Select(round => round.Recommended?.ToString()));
        }

        using var raw = new SqliteConnection($"Data Source={_folder.Database};Pooling=False");
        raw.Open();
        Assert.Equal(10, raw.ExecuteScalar<long>("PRAGMA user_version"));
        Assert.Equal(16, raw.ExecuteScalar<long>("SELECT count(*) FROM v_layer_rewards"));
        Assert.Equal(30, raw.ExecuteScalar<long>("SELECT count(*) FROM v_rounds"));
    }

    [Fact]
    public void SchemaFour_BroughtForward_TakesLayersThatAttendToAnotherStream_AndNoOtherKinds()
    {
        RunStore.Create(_folder.Database, TimeProvider.System).Dispose();
        using var raw = new SqliteConnection($"Data Source={_folder.Database};Pooling=False");
        raw.Open();
        foreach (var kind in EnumNames.All<ModuleKind>())
        {
            Assert.Equal(1, raw.Execute("UPDATE module SET kind = @kind WHERE run_id = 1 AND module = 0", new { kind }));
        }

        Assert.Throws<SqliteException>(() => raw.Execute("UPDATE module SET kind = 'stranger' WHERE run_id = 1 AND module = 0"));
        Assert.Equal("ok", raw.ExecuteScalar<string>("PRAGMA integrity_check"));
    }

    private void Keep(string name) => File.Copy(Path.Combine(AppContext.BaseDirectory, "Databases", name), _folder.Database, overwrite: true);
}
