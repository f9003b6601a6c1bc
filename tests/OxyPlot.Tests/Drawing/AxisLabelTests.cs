using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using OxyPlot.Axes;

namespace OxyPlot.Tests.Drawing;

public sealed class AxisLabelTests
{
    [Theory]
    [InlineData(0, 1, new[] { "0.0", "0.2", "0.4", "0.6", "0.8", "1.0" })]
    [InlineData(0, 12, new[] { "0", "2", "4", "6", "8", "10", "12" })]
    [InlineData(-2e-5, 2e-5, new[] { "-2×10⁻⁵", "-1×10⁻⁵", "0", "1×10⁻⁵", "2×10⁻⁵" })]
    [InlineData(0, 2.5e6, new[] { "0", "0.5×10⁶", "1.0×10⁶", "1.5×10⁶", "2.0×10⁶", "2.5×10⁶" })]
    public void NumberLabels_WithoutAFormat_HaveAsManyDecimalsAsTheStep(double minimum, double maximum, string[] expected)
    {
        var picture = Picture.Of(WithXAxis(new LinearAxis { Minimum = minimum, Maximum = maximum }), 500);
        Assert.Equal(expected, LabelsOf(picture));
    }

    [Fact]
    public void NumberLabels_WithAFormat_FollowItAndTheCulture()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = ",";
        culture.NumberFormat.NegativeSign = "−";
        var plot = WithXAxis(new LinearAxis { Minimum = -1, Maximum = 1, MajorStep = 0.5, StringFormat = "0.00" });
        plot.Culture = culture;

        var picture = Picture.Of(plot);
        Assert.Equal(["−1,00", "−0,50", "0,00", "0,50", "1,00"], LabelsOf(picture));
        Assert.All(picture.Elements("text"), text => Assert.DoesNotContain(',', text.Attribute("x")!.Value));
    }

    [Fact]
    public void NumberLabels_WithAFormatter_AreItsTexts()
    {
        var axis = new LinearAxis { Minimum = 0, Maximum = 2, MajorStep = 1 };
        axis.LabelFormatter = value => value == 1 ? null! : $"round {value}";
        Assert.Equal(["round 0", "1", "round 2"], LabelsOf(Picture.Of(WithXAxis(axis))));
    }

    [Fact]
    public void Names_ThatHaveRoom_AreAllLevel()
    {
        var picture = Picture.Of(WithXAxis(Names(12, i => $"{i}")));
        Assert.Equal(Enumerable.Range(0, 12).Select(i => $"{i}"), LabelsOf(picture));
    }

    [Theory]
    [InlineData(8, "-45")]
    [InlineData(32, "-90")]
    public void Names_TooLongBesideEachOther_AreTurned(int count, string angle)
    {
        var picture = Picture.Of(WithXAxis(Names(count, i => $"transformer.blocks.{i}")));
        Assert.Equal(count, LabelsOf(picture).Count());
        Assert.All(LabelElements(picture), label => Assert.StartsWith($"rotate({angle} ", label.Attribute("transform")!.Value));
    }

    [Fact]
    public void Names_TooManyAndShort_AreLeftOutEvenly()
    {
        var labels = LabelsOf(Picture.Of(WithXAxis(Names(100, i => $"{i}")), 300)).Select(int.Parse).ToList();
        Assert.Equal(0, labels[0]);
        Assert.InRange(labels.Count, 4, 40);
        Assert.Single(labels.Zip(labels.Skip(1), (a, b) => b - a).Distinct());
    }

    [Fact]
    public void Names_TooLongForThePicture_KeepBothEnds()
    {
        var labels = LabelsOf(Picture.Of(WithXAxis(Names(30, i => $"{new string('x', 200)}.{i}")))).ToList();
        Assert.All(labels, label => Assert.Matches(@"^x+…x*\.\d+$", label));
        Assert.Equal(30, labels.Count);
    }

    [Fact]
    public void Labels_OfAnyNamesAndSize_DoNotOverlapAndAreNotCut()
    {
        var names = Gen.Choose(0, 40).SelectMany(length => Gen.Elements("iW—é中".ToCharArray()).ArrayOf(length));
        var places = Gen.Elements(AxisPosition.Bottom, AxisPosition.Left, AxisPosition.Top, AxisPosition.Right);
        var axes = names.Select(name => new string(name)).ArrayOf().Zip(Gen.Choose(150, 900)).Zip(places);
        Prop.ForAll(axes.ToArbitrary(), entry =>
        {
            var ((labels, width), position) = entry;
            var axis = new CategoryAxis { Position = position };
            axis.Labels.AddRange(labels);
            var picture = Picture.Of(WithAxis(axis), width, 300);
            AssertApart(picture);
            Assert.All(picture.Texts, text => Assert.True(text.LiesIn(new OxyRect(0, 0, width, 300)), $"'{text.Text}' is cut"));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));
    }

    [Theory]
    [InlineData(AxisPosition.Bottom)]
    [InlineData(AxisPosition.Top)]
    [InlineData(AxisPosition.Left)]
    [InlineData(AxisPosition.Right)]
    public void Title_WithUnit_IsBesideTheLabels(AxisPosition position)
    {
        var picture = Picture.Of(WithAxis(new LinearAxis { Position = position, Title = "Multiply-accumulates", Unit = "G" }));
        var title = Assert.Single(picture.Texts, text => text.Text == "Multiply-accumulates [G]");
        AssertApart(picture);
        Assert.True(title.LiesIn(new OxyRect(0, 0, 700, 420)));
        Assert.DoesNotContain(title.Corners, picture.Model.PlotArea.Contains);
    }

    [Fact]
    public void Axes_OnOneSide_LieBesideEachOther()
    {
        var plot = WithXAxis(new LinearAxis());
        plot.Axes.Add(new LinearAxis { Position = AxisPosition.Right, Title = "one" });
        plot.Axes.Add(new LinearAxis { Position = AxisPosition.Right, Title = "two", Key = "two" });
        plot.Axes.Add(new LinearColorAxis { Position = AxisPosition.Right, Title = "colours" });
        AssertApart(Picture.Of(plot));
    }

    [Fact]
    public void Labels_OfAnAxisThatIsNotVisible_AreNotThere()
    {
        var plot = WithXAxis(new LinearAxis { IsAxisVisible = false });
        plot.Axes.Add(new LinearAxis { IsAxisVisible = false });
        Assert.Empty(Picture.Of(plot).Texts);
        Assert.Equal(new OxyRect(8, 8, 684, 404), plot.PlotArea);
    }

    internal static void AssertApart(Picture picture)
    {
        for (var i = 0; i < picture.Texts.Count; i++)
        {
            var text = picture.Texts[i];
            Assert.All(picture.Texts.Skip(i + 1), other => Assert.False(text.Overlaps(other), $"'{text.Text}' overlaps '{other.Text}'"));
        }
    }

    private static CategoryAxis Names(int count, Func<int, string> name)
    {
        var axis = new CategoryAxis();
        axis.Labels.AddRange(Enumerable.Range(0, count).Select(name));
        return axis;
    }

    private static PlotModel WithXAxis(Axis axis)
    {
        axis.Position = AxisPosition.Bottom;
        return WithAxis(axis);
    }

    private static PlotModel WithAxis(Axis axis)
    {
        var plot = new PlotModel();
        plot.Axes.Add(axis);
        return plot;
    }

    /// <summary>The labels below the plot area; the upright axis that stands in is on its left.</summary>
    private static IEnumerable<string> LabelsOf(Picture picture) => LabelElements(picture).Select(label => label.Value);

    private static IEnumerable<System.Xml.Linq.XElement> LabelElements(Picture picture) =>
        picture.Elements("text").Where(text => Picture.Number(text, "y") > picture.Model.PlotArea.Bottom + 7);
}
