using FsCheck;
using FsCheck.Fluent;

namespace DasSearch.Core.Tests;

public sealed class SubnetworkTests
{
    [Fact]
    public void New_AnyOrder_IsTheSameSet()
    {
        var (one, other) = (new Subnetwork(12, [7, 2, 5]), new Subnetwork(12, [2, 5, 7]));
        Assert.True(one == other);
        Assert.Equal(one.GetHashCode(), other.GetHashCode());
        Assert.Equal((12, 3, "2,5,7"), (one.Modules, one.Count, one.ToString()));
        Assert.Equal([2, 5, 7], one.Skipped);
        Assert.True(one.Contains(5));
        Assert.False(one.Contains(4) || one.Contains(-1) || one.Contains(12));
        Assert.True(one != new Subnetwork(13, [2, 5, 7]) && one != new Subnetwork(12, [2, 5]) && one != null);
    }

    [Fact]
    public void Whole_SkipsNothing()
    {
        Assert.Equal("-", Subnetwork.Whole(12).ToString());
        Assert.Equal(Subnetwork.Whole(12), Subnetwork.Parse("-", 12));
        Assert.Equal(0, Subnetwork.Whole(0).Count);
    }

    [Fact]
    public void New_LaterChangeOfTheSource_DoesNotReachIt()
    {
        int[] indices = [1, 2];
        var subnetwork = new Subnetwork(4, indices);
        indices[0] = 3;
        Assert.Equal("1,2", subnetwork.ToString());
    }

    [Theory]
    [InlineData(12, new[] { 12 }, "0 to 11")]
    [InlineData(12, new[] { -1 }, "0 to 11")]
    [InlineData(12, new[] { 3, 1, 3 }, "Module 3 is skipped twice")]
    public void New_OutOfRangeOrTwice_Throws(int modules, int[] skipped, string expected) =>
        Assert.Contains(expected, Assert.ThrowsAny<ArgumentException>(() => new Subnetwork(modules, skipped)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("1,,2")]
    [InlineData("1;2")]
    [InlineData("+1")]
    public void Parse_SomethingElse_Throws(string text) =>
        Assert.Contains($"'{text}'", Assert.Throws<FormatException>(() => Subnetwork.Parse(text, 12)).Message, StringComparison.Ordinal);

    [Fact]
    public void Parse_OfToString_IsTheSame() => Prop.ForAll<ushort>(bits =>
    {
        var subnetwork = OfBits(bits);
        return Subnetwork.Parse(subnetwork.ToString(), 16) == subnetwork;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Order_IsTotalAndAgreesWithEquality() => Prop.ForAll<ushort, ushort>((a, b) =>
    {
        var (left, right) = (OfBits(a), OfBits(b));
        return (left == right) == (a == b)
            && (left < right) == (right > left)
            && (left <= right) == !(left > right)
            && Math.Sign(left.CompareTo(right)) == -Math.Sign(right.CompareTo(left))
            && (left.CompareTo(right) == 0) == (a == b);
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(12, 4, 495)]
    [InlineData(12, 0, 1)]
    [InlineData(12, 12, 1)]
    [InlineData(0, 0, 1)]
    [InlineData(12, 13, 0)]
    [InlineData(12, -1, 0)]
    [InlineData(64, 32, 1832624140942590534)]
    [InlineData(100, 50, long.MaxValue)]
    public void Combinations_Count_IsTheBinomial(int modules, int skipped, long expected) =>
        Assert.Equal(expected, Combinations.Count(modules, skipped));

    [Fact]
    public void Combinations_All_ListsEachOnceInOrder()
    {
        for (var skipped = 0; skipped <= 7; skipped++)
        {
            var all = Combinations.All(7, skipped).ToList();
            Assert.Equal(Combinations.Count(7, skipped), all.Count);
            Assert.Equal(all.Distinct().Order(), all);
        }

        Assert.Empty(Combinations.All(3, 4));
    }

    [Fact]
    public void TopGates_Choose_TakesTheLargest_AndTheLargerIndexAmongEquals()
    {
        Assert.Equal("1,3", TopGates.Choose([0.1, 0.5, -2, 0.3], 2).ToString());
        Assert.Equal("2,3", TopGates.Choose([0, 0, 0, 0], 2).ToString());
        Assert.Equal("0,3", TopGates.Choose([1, 0, 0, 0], 2).ToString());
        Assert.Equal("-", TopGates.Choose([1, 0], 0).ToString());
        Assert.Throws<ArgumentOutOfRangeException>(() => TopGates.Choose([1, 0], 3));
        Assert.Contains("module 1", Assert.Throws<ArgumentException>(() => TopGates.Choose([1, double.NaN], 1)).Message, StringComparison.Ordinal);
    }

    private static Subnetwork OfBits(ushort bits) => new(16, Enumerable.Range(0, 16).Where(i => (bits >> i & 1) == 1));
}
