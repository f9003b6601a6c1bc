namespace DasSearch.Core.Tests;

/// <summary>The truth of all subnetworks, looked up.</summary>
public sealed class ExhaustiveTableTests
{
    [Fact]
    public void Table_RanksByLoss_AndAveragesBatches()
    {
        var table = new ExhaustiveTable([Truth("0", 3, 1, 2, 3, 8), Truth("1", 1, 1, 1, 1, 1), Truth("2", 2, 2, 2, 2, 2)], batchSize: 2);

        Assert.Equal(["1", "2", "0"], table.Ranked.Select(truth => truth.Subnetwork.ToString()));
        Assert.Equal((3, 1, 3), (table.Modules, table.Skip, table.Batches));
        Assert.Equal((1, 2, 3), (Rank("1"), Rank("2"), Rank("0")));
        Assert.Equal((0.0, 1.0, 2.4), (Regret("1"), Regret("2"), Regret("0")));
        Assert.Equal([2.0, 2.5, 8], Enumerable.Range(0, 3).Select(batch => table.LossOf(Subnetwork.Parse("0", 3), batch)));

        int Rank(string set) => table.RankOf(Subnetwork.Parse(set, 3));
        double Regret(string set) => Math.Round(table.RegretOf(Subnetwork.Parse(set, 3)), 6);
    }

    [Fact]
    public void Table_OfEqualLosses_KeepsTheirCanonicalOrder() => Assert.Equal(
        ["0", "1", "2"], new ExhaustiveTable([Truth("2", 1), Truth("0", 1), Truth("1", 1)], 1).Ranked.Select(truth => truth.Subnetwork.ToString()));

    [Fact]
    public void Table_ThatIsNoWhole_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => new ExhaustiveTable([Truth("0", 1), Truth("1", 1)], 1));
        Assert.Throws<ArgumentException>(() => new ExhaustiveTable([Truth("0", 1), Truth("1", 1), Truth("1", 1)], 1));
        Assert.Throws<ArgumentException>(() => new ExhaustiveTable([Truth("0", 1), Truth("1", 1), Truth("2", 1, 2)], 1));
        Assert.Throws<ArgumentException>(() => new ExhaustiveTable([Truth("0", 1), Truth("1", 1), Truth("0,1", 1)], 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ExhaustiveTable([], 1));
    }

    private static ExhaustiveScore Truth(string set, params float[] losses) => new(Subnetwork.Parse(set, 3), 0, losses);
}
