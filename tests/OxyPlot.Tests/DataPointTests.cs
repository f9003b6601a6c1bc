namespace OxyPlot.Tests;

public sealed class DataPointTests
{
    [Fact]
    public void Undefined_EqualsItselfAndNothingElse()
    {
        Assert.False(DataPoint.Undefined.IsDefined());
        Assert.True(DataPoint.Undefined.Equals(new DataPoint(double.NaN, double.NaN)));
        Assert.False(DataPoint.Undefined.Equals(new DataPoint(0, 0)));
    }

    [Fact]
    public void ToString_Fractions_UsesPoints()
    {
        var point = new DataPoint(1.5, -2.25);
        Assert.True(point.IsDefined());
        Assert.Equal("1.5 -2.25", point.ToString());
    }
}
