using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using FsCheck;
using FsCheck.Fluent;
using OxyPlot.Annotations;
using OxyPlot.Axes;

namespace OxyPlot.Tests.Drawing;

/// <summary>Whatever the data and the settings, there is a picture, all of whose numbers are numbers of a sane size.</summary>
public sealed partial class RobustnessTests
{
    private static readonly Gen<double> _odd = Gen.OneOf(
        Gen.Elements(0, 1, -1, 0.5, 1e-320, 1e300, -1e308, double.MaxValue, double.MinValue, double.Epsilon),
        Gen.Elements(double.NaN, double.PositiveInfinity, double.NegativeInfinity),
        Gen.Choose(-100, 100).Select(number => number / 7.0));

    private static readonly HashSet<string> _numeric =
    [
        "d", "x", "y", "cx", "cy", "r", "width", "height", "viewBox", "font-size", "stroke-width", "stroke-dasharray", "transform",
    ];

    [Fact]
    public void Plot_OfOddData_IsAPicture() => Prop.ForAll(_odd.ArrayOf().Zip(_odd.ArrayOf(8)).ToArbitrary(), entry =>
    {
        var (data, settings) = entry;
        AssertSane(Picture.Of(OddPlot.Of(data, settings)));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(80));

    [Fact]
    public void Plot_OfOddSettings_IsAPicture() => Prop.ForAll(_odd.ArrayOf(40).ToArbitrary(), settings =>
    {
        var plot = OddPlot.Of([1, 2, 3, 4, 5, 6], settings);
        var axis = (LinearAxis)plot.Axes[0];
        (axis.StartPosition, axis.EndPosition, axis.Angle, axis.AxisDistance) = (settings[8], settings[9], settings[10], settings[11]);
        (axis.MajorTickSize, axis.MinorTickSize) = (settings[12], settings[13]);
        (axis.FontSize, axis.TitleFontSize) = (settings[14], settings[15]);
        (axis.IntervalLength, axis.MinimumMajorStep, axis.MinimumRange) = (settings[16], settings[17], settings[18]);
        (axis.MinimumPadding, axis.MaximumPadding, axis.Title) = (settings[19], settings[20], "title");
        (plot.DefaultFontSize, plot.TitleFontSize, plot.TitlePadding) = (settings[21], settings[22], settings[23]);
        plot.Padding = new OxyThickness(settings[24]);
        plot.PlotMargins = new OxyThickness(settings[25], settings[26], settings[27], settings[28]);
        var legend = plot.Legends[0];
        (legend.LegendPadding, legend.LegendMargin) = (settings[29], settings[30]);
        (legend.LegendMaxWidth, legend.LegendMaxHeight) = (settings[31], settings[32]);
        (legend.LegendFontSize, legend.LegendSymbolLength, legend.LegendItemSpacing) = (settings[33], settings[34], settings[35]);
        AssertSane(Picture.Of(plot, settings[36], settings[37]));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(80));

    [Fact]
    public void Plot_WithNothingInIt_IsAnEmptyFrame() => AssertSane(Picture.Of(new PlotModel()));

    [Fact]
    public void Plot_WithEmptySeries_IsAPicture() => AssertSane(Picture.Of(OddPlot.Of([], [])));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(20, 400)]
    [InlineData(-5, double.NaN)]
    public void Plot_OfAlmostNoSize_IsAPicture(double width, double height) =>
        AssertSane(Picture.Of(Gallery.RoundFigures.Gates(12), width, height));

    [Fact]
    public void Plot_WithMissingTexts_IsAPicture()
    {
        var plot = OddPlot.Of([1, 2], []);
        plot.Axes.Add(new CategoryAxis { Position = AxisPosition.Top });
        ((CategoryAxis)plot.Axes[^1]).Labels.AddRange([null!, "", " ", "\n"]);
        plot.Annotations.Add(new TextAnnotation { TextPosition = new DataPoint(1, 1) });
        plot.Series[0].Title = " ";
        AssertSane(Picture.Of(plot));
    }

    private static void AssertSane(Picture picture)
    {
        Assert.Null(picture.Model.GetLastPlotException());
        Assert.DoesNotContain(picture.Texts, text => text.Text.Contains("NaN", StringComparison.Ordinal) || text.Text.Contains('∞'));
        var attributes = picture.Root.DescendantsAndSelf().Attributes().Where(attribute => _numeric.Contains(attribute.Name.LocalName));
        Assert.Empty(attributes.Where(attribute => !IsSane(attribute)).Select(attribute => attribute.ToString()));
    }

    private static bool IsSane(XAttribute attribute)
    {
        var least = attribute.Name.LocalName is "width" or "height" or "r" or "font-size" ? 0 : -1e6;
        var numbers = NumberPattern().Matches(attribute.Value).Select(match => double.Parse(match.Value, CultureInfo.InvariantCulture));
        return AttributePattern().IsMatch(attribute.Value) && numbers.All(number => number >= least && number <= 1e6);
    }

    [GeneratedRegex(@"-?\d+(\.\d{1,2})?")]
    private static partial Regex NumberPattern();

    /// <summary>Plain numbers, alone, in a row, or as the places of a path or a turn.</summary>
    [GeneratedRegex(@"^(rotate\()?([MLZh ]|-?\d+(\.\d{1,2})?)*\)?$", RegexOptions.NonBacktracking)]
    private static partial Regex AttributePattern();
}
