using Dapper;
using DasSearch.Core;
using DasSearch.Store.Rewards;
using DasSearch.Store.Sqlite;

namespace DasSearch.Store.Tests;

/// <summary>The documented views of the database have the same numbers as das, and many rows are not held.</summary>
public sealed class ViewTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteStore _store;

    public ViewTests() => _store = SqliteStore.Create(_folder.Database, new Clock(), TimeSpan.FromSeconds(1));

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(RewardGrouping.Layer, "v_layer_rewards", "module")]
    [InlineData(RewardGrouping.Round, "v_rounds", "round")]
    [InlineData(RewardGrouping.Subnetwork, "v_subnetworks", "mean_reward DESC, subnetwork")]
    [InlineData(RewardGrouping.Evaluation, "evaluation", "round, candidate")]
    public void Rewards_OfAllTheEvidence_AreWhatTheDatabasesViewHas(RewardGrouping by, string view, string order)
    {
        foreach (var run in new[] { Random(seed: 4), Random(seed: 5) })
        {
            var rewards = _store.Read.Rewards(run, new RewardQuery(by));
            var columns = string.Join(", ", rewards.Columns.Select(column => column.Name));
            var expected = _store.Connection.Query($"SELECT {columns} FROM {view} WHERE run_id = @run ORDER BY {order}", new { run });

            var rows = rewards.Rows.ToList();
            Assert.NotEmpty(rows);
            Assert.All(
                expected.Select(row => ((IDictionary<string, object?>)row).Values.ToList()).Zip(rows, (one, other) => (one, other)),
                pair => Assert.All(pair.one.Zip(pair.other), value => AssertClose(value.First, value.Second)));
            Assert.Equal(rows.Count, _store.Connection.ExecuteScalar<int>($"SELECT count(*) FROM {view} WHERE run_id = @run", new { run }));
        }
    }

    [Fact]
    public void Rewards_OfManyEvaluations_AreNotHeld()
    {
        using (var recorder = _store.Begin(Sample.Run()))
        {
            for (var round = 0; round < 200; round++)
            {
                recorder.Record(Sample.Round(round, [.. Enumerable.Repeat(Sample.Scored("0,1", 0.5), 100)]));
            }
        }

        // Twenty thousand rows take some eight megabytes.
        var before = GC.GetTotalMemory(forceFullCollection: true);
        using var rows = _store.Read.Rewards(1, new RewardQuery(RewardGrouping.Evaluation)).Rows.GetEnumerator();
        for (var i = 0; i < 20_000; i++)
        {
            Assert.True(rows.MoveNext());
        }

        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 1 << 20);
        Assert.False(rows.MoveNext());
    }

    private static void AssertClose(object? expected, object? actual)
    {
        if (expected is double number)
        {
            Assert.Equal(number, Assert.IsType<double>(actual), 1e-12);
        }
        else
        {
            Assert.Equal(expected, actual);
        }
    }

    private int Random(long seed)
    {
        var draw = SeededRandom.Derive(seed, "rewards");
        using var recorder = _store.Begin(Sample.Run());
        for (var round = 0; round < 40; round++)
        {
            recorder.Record(Sample.Round(round, [.. Enumerable.Range(0, 3).Select(_ => draw.Next(8) switch
            {
                0 => Sample.Unscored("-", EvaluationOutcome.Failed),
                1 => Sample.Unscored("0,1,2", EvaluationOutcome.Cancelled),
                var skipped => Sample.Scored(new[] { "0", "1", "2", "0,1", "0,2", "1,2" }[skipped - 2], draw.NextDouble()),
            })]));
        }

        return (int)recorder.Run;
    }
}
