namespace OxyPlot.Tests;

public sealed class OxyColorTests
{
    [Theory]
    [InlineData("#102030", 255, 16, 32, 48)]
    [InlineData(" #80102030 ", 128, 16, 32, 48)]
    [InlineData("16,32,48", 255, 16, 32, 48)]
    [InlineData("128, 16, 32, 48", 128, 16, 32, 48)]
    public void Parse_EachNotation_GivesTheChannels(string text, byte a, byte r, byte g, byte b)
    {
        var color = OxyColor.Parse(text);
        Assert.Equal((a, r, g, b), (color.A, color.R, color.G, color.B));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1,2")]
    [InlineData("1,2,3,4,5")]
    [InlineData("#grey")]
    [InlineData("red")]
    public void Parse_AnythingElse_Throws(string text) => Assert.Throws<FormatException>(() => OxyColor.Parse(text));

    [Fact]
    public void ToString_Parsed_GivesTheSameColor()
    {
        var color = OxyColor.FromArgb(1, 35, 69, 255);
        Assert.Equal("#012345ff", color.ToString());
        Assert.True(OxyColor.Parse(color.ToString()) == color);
    }

    [Fact]
    public void Interpolate_HalfWay_IsTheMeanOfEachChannel()
    {
        var middle = OxyColor.Interpolate(OxyColor.FromArgb(0, 10, 100, 255), OxyColor.FromArgb(255, 20, 0, 0), 0.5);
        Assert.Equal("#7f0f327f", middle.ToString());
    }

    [Fact]
    public void FromAColor_OtherAlpha_KeepsTheRest()
    {
        var pale = OxyColor.FromAColor(64, OxyColor.FromRgb(1, 2, 3));
        Assert.True(pale != OxyColor.FromRgb(1, 2, 3));
        Assert.True(pale.IsVisible());
        Assert.Equal("#40010203", pale.ToString());
    }

    [Fact]
    public void GetActualColor_OfAutomatic_IsTheDefault()
    {
        var automatic = OxyColor.FromUInt32(1);
        var blue = OxyColor.FromRgb(0, 0, 255);
        Assert.True(automatic.IsAutomatic() && automatic.IsInvisible());
        Assert.Equal(blue, automatic.GetActualColor(blue));
        Assert.Equal(blue, blue.GetActualColor(automatic));
        Assert.True(OxyColor.FromUInt32(0).IsUndefined());
    }
}
