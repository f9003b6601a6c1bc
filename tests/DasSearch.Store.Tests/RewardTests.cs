using DasSearch.Core;
using DasSearch.Store.Rewards;

namespace DasSearch.Store.Tests;

/// <summary>Rewards as they are asked for: grouped, filtered, sorted, cut.</summary>
public abstract class RewardTests<TStores> : IDisposable
    where TStores : TestStores, new()
{
    private readonly TStores _stores = new();
    private readonly IRunStore _store;

    /// <summary>Run 2. Rewards: {0,1} 0.5 and 0.7, {1,2} 0.2, {0,2} 0.4, {2} diverged and so 0, {1} cancelled.</summary>
    protected RewardTests()
    {
        _store = _stores.Open(new Clock());
        using (var other = _store.Begin(Sample.Run(name: "another")))
        {
            other.Record(Sample.Round(0, Sample.Scored("0,1", 0.9), Sample.Scored("1,2", 0.1)));
        }

        using var recorder = _store.Begin(Sample.Run());
        recorder.Record(Sample.Round(0, Sample.Scored("0,1", 0.5), Sample.Scored("1,2", 0.2), Sample.Unscored("2", EvaluationOutcome.Diverged, "the loss is NaN")));
        recorder.Record(Sample.Round(1, Sample.Scored("0,2", 0.4), Sample.Scored("0,1", 0.7), Sample.Unscored("1", EvaluationOutcome.Cancelled)));
    }

    public void Dispose()
    {
        _store.Dispose();
        _stores.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void Rewards_ByLayerOfOneRound_AreOfItsEvaluationsAndItsGates()
    {
        var query = new RewardQuery(RewardGrouping.Layer)
        {
            Evidence = new Evidence { FirstRound = 1, LastRound = 1 },
            Columns = ["module", "n_skipped", "n_kept", "mean_reward_skipped", "mean_reward_kept", "gate"],
        };
        Assert.Equal([Row(0, 2, 0, 0.55, null, 0.1), Row(1, 1, 1, 0.7, 0.4, 0.0), Row(2, 1, 1, 0.4, 0.7, -0.25)], Rounded(query));
    }

    [Fact]
    public void Rewards_SkippingAndKeeping_CountThoseEvaluationsAlone()
    {
        var skipping = new RewardQuery(RewardGrouping.Layer)
        {
            Evidence = new Evidence { Skipping = [0] },
            Columns = ["module", "n_skipped", "n_kept", "difference"],
        };
        Assert.Equal([Row(0, 3, 0, null), Row(1, 2, 1, 0.2), Row(2, 1, 2, -0.2)], Rounded(skipping));

        var both = new RewardQuery(RewardGrouping.Subnetwork) { Evidence = new Evidence { Skipping = [2], Keeping = [1] }, Columns = ["subnetwork", "n"] };
        Assert.Equal([Row("0,2", 1), Row("2", 1)], Rounded(both));

        var rounds = new RewardQuery(RewardGrouping.Round) { Evidence = new Evidence { Skipping = [1, 2] }, Columns = ["round", "evaluations", "mean_reward"] };
        Assert.Equal([Row(0, 1, 0.2)], Rounded(rounds));
    }

    [Theory]
    [InlineData("reward > 0.3", "0,1", "0,2", "0,1")]
    [InlineData("reward <= 0.4", "1,2", "0,2")]
    [InlineData(" reward==.5 ", "0,1")]
    [InlineData("reward = null", "2", "1")]
    [InlineData("problem != null", "2")]
    [InlineData("problem = 'the loss is NaN'", "2")]
    [InlineData("outcome != scored", "2", "1")]
    [InlineData("subnetwork = 0,1", "0,1", "0,1")]
    [InlineData("round >= 1", "0,2", "0,1", "1")]
    [InlineData("candidate < 1", "0,1", "0,2")]
    [InlineData("outcome = \"' OR 1=1 --\"")]
    public void Rewards_Where_AreThoseThatFulfilIt(string condition, params string[] subnetworks)
    {
        var query = new RewardQuery(RewardGrouping.Evaluation) { Where = [RewardCondition.Parse(condition)], Columns = ["subnetwork"] };
        Assert.Equal(subnetworks, _store.Read.Rewards(2, query).Rows.Select(row => (string)row[0]!));
    }

    [Fact]
    public void Rewards_TwoConditions_BothHold()
    {
        var query = new RewardQuery(RewardGrouping.Evaluation)
        {
            Where = [RewardCondition.Parse("reward > 0.3"), RewardCondition.Parse("reward < 0.6")],
            Columns = ["reward"],
        };
        Assert.Equal([Row(0.5), Row(0.4)], Rounded(query));
    }

    [Fact]
    public void Rewards_Sorted_HaveWhatIsNotThereLast_AndKeepTheirOrderInTies()
    {
        var query = new RewardQuery(RewardGrouping.Evaluation) { SortBy = "reward", Columns = ["reward"] };
        Assert.Equal([Row(0.2), Row(0.4), Row(0.5), Row(0.7), Row([null]), Row([null])], Rounded(query));
        Assert.Equal([Row(0.7), Row(0.5), Row(0.4), Row(0.2), Row([null]), Row([null])], Rounded(query with { Descending = true }));

        var ties = new RewardQuery(RewardGrouping.Evaluation) { SortBy = "round", Descending = true, Columns = ["candidate"] };
        Assert.Equal([Row(0), Row(1), Row(2), Row(0), Row(1), Row(2)], Rounded(ties));
    }

    [Fact]
    public void Rewards_HeadAndTail_AreTheEndsOfTheSameOrder()
    {
        foreach (var by in Enum.GetValues<RewardGrouping>())
        {
            foreach (var column in RewardColumns.Of(by).Select(column => column.Name).Append(null))
            {
                foreach (var descending in new[] { false, true })
                {
                    var query = new RewardQuery(by) { SortBy = column, Descending = descending };
                    var all = Rounded(query);
                    Assert.Equal(all.Take(2), Rounded(query with { Count = 2 }));
                    Assert.Equal(all.TakeLast(2), Rounded(query with { Count = 2, FromEnd = true }));
                    Assert.Equal(all, Rounded(query with { Count = 1000, FromEnd = true }));
                }
            }
        }
    }

    [Fact]
    public void Rewards_ImpossibleQuestions_AreUsageErrorsThatSayWhatThereIs()
    {
        Refuses("rewards by layer have no column 'n_skiped': did you mean n_skipped? They have run_id, module, ", new(RewardGrouping.Layer) { SortBy = "n_skiped" });
        Refuses("rewards by round have no column 'gate'", new(RewardGrouping.Round) { Columns = ["gate"] });
        Refuses("have no column '1; DROP TABLE run'", new(RewardGrouping.Round) { Columns = ["1; DROP TABLE run"] });
        Refuses("the column round is asked for twice", new(RewardGrouping.Round) { Columns = ["round", "step", "round"] });
        Refuses("the column gate holds numbers, but is compared with 'high'", new(RewardGrouping.Layer) { Where = [RewardCondition.Parse("gate > high")] });
        Refuses("the column gate holds numbers, but is compared with 'NaN'", new(RewardGrouping.Layer) { Where = [RewardCondition.Parse("gate > NaN")] });
        Refuses("run 2 has modules 0 to 2, but no module 3", new(RewardGrouping.Layer) { Evidence = new Evidence { Keeping = [3] } });
        Assert.Throws<StoreException>(() => _store.Read.Rewards(7, new(RewardGrouping.Layer)));
    }

    private static object?[] Row(params object?[] values) => [.. values.Select(value => value is int whole ? (long)whole : value)];

    private List<object?[]> Rounded(RewardQuery query) =>
        [.. _store.Read.Rewards(2, query).Rows.Select(row => row.Select(value => value is double number ? Math.Round(number, 12) : value).ToArray())];

    private void Refuses(string message, RewardQuery query)
    {
        var failure = Assert.Throws<RewardQueryException>(() => _store.Read.Rewards(2, query));
        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
        Assert.IsAssignableFrom<UsageException>(failure);
    }
}

public sealed class SqliteRewardTests : RewardTests<SqliteStores>;

public sealed class MemoryRewardTests : RewardTests<MemoryStores>;
