using DasSearch.Reporter.Importance;

namespace DasSearch.Reporter.Tests.Importance;

public sealed class RankCorrelationTests
{
    [Fact]
    public void KendallTauB_WithTies_IsAsWorkedOutByHand()
    {
        // Of the 6 pairs of 1 2 2 4 and 1 3 2 3: 4 agree, none disagrees, one is tied on each side: 4 / √(5 · 5).
        Assert.Equal(0.8, RankCorrelation.KendallTauB([1, 2, 2, 4], [1, 3, 2, 3])!.Value, 12);
        Assert.Equal(1, RankCorrelation.KendallTauB([1, 2, 3], [0.1, 0.2, 9])!.Value, 12);
        Assert.Equal(-1, RankCorrelation.KendallTauB([1, 2, 3], [3, 2, 1])!.Value, 12);
    }

    [Fact]
    public void Spearman_WithTies_IsAsWorkedOutByHand()
    {
        // Ranks 1 2.5 2.5 4 and 1 3.5 2 3.5: covariance 3.75, variances 4.5 and 4.5.
        Assert.Equal(3.75 / 4.5, RankCorrelation.Spearman([1, 2, 2, 4], [1, 3, 2, 3])!.Value, 12);
    }

    [Theory]
    [InlineData(new double[0], new double[0])]
    [InlineData(new[] { 1.0 }, new[] { 2.0 })]
    [InlineData(new[] { 1.0, 1, 1 }, new[] { 1.0, 2, 3 })]
    public void Correlations_WithoutARanking_AreNone(double[] left, double[] right)
    {
        Assert.Null(RankCorrelation.KendallTauB(left, right));
        Assert.Null(RankCorrelation.Spearman(right, left));
    }
}
