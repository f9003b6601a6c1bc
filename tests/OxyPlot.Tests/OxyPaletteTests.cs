namespace OxyPlot.Tests;

public sealed class OxyPaletteTests
{
    [Fact]
    public void Interpolate_ThroughThreeColors_PassesEach()
    {
        var palette = OxyPalette.Interpolate(5, OxyColors.Blue, OxyColors.White, OxyColors.Red);
        Assert.Equal(["#ff0000ff", "#ff7f7fff", "#ffffffff", "#ffff7f7f", "#ffff0000"], palette.Colors.Select(color => color.ToString()));
        Assert.Equal(palette.Colors.Reverse(), palette.Reverse().Colors);
    }

    [Fact]
    public void Viridis_OfAnySize_GoesFromVioletToYellow()
    {
        var palette = OxyPalettes.Viridis(10);
        Assert.Equal(10, palette.Colors.Count);
        Assert.Equal(("#ff440154", "#fffde725"), (palette.Colors[0].ToString(), palette.Colors[^1].ToString()));
    }
}
