using System.Globalization;
using System.Text;
using System.Xml.Linq;
using OxyPlot.Annotations;
using OxyPlot.Svg;

namespace OxyPlot.Tests.Drawing;

public sealed class SvgTests
{
    [Fact]
    public void Document_OfAPlot_HasASizeAViewBoxAndAName()
    {
        var root = Picture.Of(new PlotModel { Title = "Reward" }, 640, 360.5).Root;
        Assert.Equal("{http://www.w3.org/2000/svg}svg", root.Name.ToString());
        string[] names = ["width", "height", "viewBox", "role"];
        Assert.Equal(["640", "360.5", "0 0 640 360.5", "img"], names.Select(name => root.Attribute(name)!.Value));
        Assert.Equal("Reward", root.Element(root.Name.Namespace + "title")!.Value);
    }

    [Fact]
    public void Export_AsADocumentOrAsAPart_HasADeclarationOrNone()
    {
        var exporter = new SvgExporter { Width = 100, Height = 100 };
        Assert.StartsWith("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<svg ", exporter.ExportToString(new PlotModel()));
        exporter.IsDocument = false;
        Assert.StartsWith("<svg ", exporter.ExportToString(new PlotModel()));
    }

    [Fact]
    public void Export_IntoAStream_WritesTheTextInUtf8WithoutAMark()
    {
        var exporter = new SvgExporter();
        using var stream = new MemoryStream();
        exporter.Export(new PlotModel { Title = "τ — 中" }, stream);
        Assert.Equal((byte)'<', stream.ToArray()[0]);
        Assert.Equal(exporter.ExportToString(new PlotModel { Title = "τ — 中" }), Encoding.UTF8.GetString(stream.ToArray()));
    }

    [Fact]
    public void Texts_WithMarkupAndForbiddenCharacters_AreReadBackWithoutThem()
    {
        var plot = new PlotModel { Title = "a <b> & \"c\" ]]> \u0001\u0000\uFFFF\uD800 d 😀" };
        var picture = Picture.Of(plot);
        Assert.Equal("a <b> & \"c\" ]]>  d 😀", picture.Root.Elements().First().Value);
        Assert.Equal("a <b> & \"c\" ]]>  d 😀", picture.Texts[^1].Text);
    }

    [Fact]
    public void Font_WithMarkup_IsReadBack()
    {
        var picture = Picture.Of(new PlotModel { DefaultFont = "\"Segoe UI\", <sans>\u0001" });
        Assert.Equal("\"Segoe UI\", <sans>", picture.Root.Attribute("font-family")!.Value);
    }

    [Fact]
    public void Title_ThatIsTooLong_IsBrokenIntoLines()
    {
        var title = string.Join(' ', Enumerable.Repeat("importance", 20));
        var plot = new PlotModel { Title = title, Subtitle = "below" };
        plot.TitleHorizontalAlignment = TitleHorizontalAlignment.CenteredWithinView;
        var picture = Picture.Of(plot);
        var lines = picture.Texts.Where(text => text.Text.Contains("importance", StringComparison.Ordinal)).ToList();
        Assert.InRange(lines.Count, 2, 5);
        Assert.Equal(title, string.Join(' ', lines.Select(line => line.Text)));
        Assert.All(picture.Texts, text => Assert.True(text.LiesIn(new OxyRect(0, 0, 700, 420))));
        AxisLabelTests.AssertApart(picture);
    }

    [Fact]
    public void Text_OfSeveralLines_IsAsManyTexts()
    {
        var plot = new PlotModel();
        plot.Annotations.Add(new TextAnnotation { Text = "one\n\nthree", TextPosition = new DataPoint(50, 50), TextRotation = -30 });
        var lines = Picture.Of(plot).Texts.Where(text => text.Text is "one" or "three").ToList();
        Assert.Equal(2 * 12 * 1.2, lines[0].Corners[0].DistanceTo(new(lines[1].Corners[0].X, lines[1].Corners[0].Y)), 25.0);
        Assert.False(lines[0].Overlaps(lines[1]));
    }

    [Fact]
    public void Export_OfTheSamePlot_GivesTheSameBytesWhateverTheCulture()
    {
        var before = CultureInfo.CurrentCulture;
        var other = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        other.NumberFormat.NumberDecimalSeparator = ",";
        var first = Picture.Of(Gallery.RoundFigures.Reward()).Svg;
        try
        {
            CultureInfo.CurrentCulture = other;
            var again = Gallery.RoundFigures.Reward();
            Assert.Equal(first, Picture.Of(again).Svg);
            Assert.Equal(first, Picture.Of(again).Svg);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Ids_OfFiguresOnOnePage_DifferUnlessTheFiguresAreTheSame()
    {
        var figures = Gallery.Figures.All().Select(figure => Ids(Picture.Of(figure.Model))).ToList();
        Assert.True(figures.Count(ids => ids.Count > 0) > 5);
        Assert.Equal(figures.Sum(ids => ids.Count), figures.SelectMany(ids => ids).Distinct().Count());
        Assert.Equal(Ids(Picture.Of(Gallery.RoundFigures.Reward())), Ids(Picture.Of(Gallery.RoundFigures.Reward())));

        static List<string> Ids(Picture picture) => [.. picture.Root.Descendants().Attributes("id").Select(id => id.Value)];
    }

    [Fact]
    public void References_OfAFigure_AreToItsIds()
    {
        var root = Picture.Of(Gallery.LayerFigures.Importance()).Root;
        var ids = root.Descendants().Attributes("id").Select(id => $"url(#{id.Value})").ToHashSet();
        Assert.All(root.Descendants().Attributes("clip-path"), reference => Assert.Contains(reference.Value, ids));
    }

    [Theory]
    [InlineData(1.005, "1")]
    [InlineData(-0.001, "0")]
    [InlineData(12.346, "12.35")]
    [InlineData(1e300, "1000000")]
    [InlineData(double.NegativeInfinity, "-1000000")]
    [InlineData(double.NaN, "0")]
    public void Number_OfAnySize_HasTwoDecimalsAndNoExponent(double value, string expected) =>
        Assert.Equal(expected, SvgWriter.Number(value));

    [Fact]
    public void Groups_WithNothingInThem_AreNotWritten()
    {
        var plot = new PlotModel();
        plot.Series.Add(new Series.LineSeries());
        Assert.Empty(Picture.Of(plot).Elements("g"));
    }

    [Fact]
    public void Background_OfAPlot_IsBehindEverything()
    {
        var plot = new PlotModel { Background = OxyColors.White, PlotAreaBackground = OxyColor.FromAColor(51, OxyColors.Red) };
        var first = Picture.Of(plot).Elements("rect").Take(2).ToList();
        Assert.Equal(["#ffffff", "#ff0000"], first.Select(rectangle => rectangle.Attribute("fill")!.Value));
        Assert.Equal("0.2", first[1].Attribute("fill-opacity")!.Value);
    }

    [Fact]
    public void Border_WithASideOnly_IsALineThere()
    {
        var plot = new PlotModel { PlotAreaBorderThickness = new OxyThickness(1, 0, 0, 2), PlotAreaBorderColor = OxyColors.Red };
        Assert.Equal(2, Picture.Of(plot).Lines(OxyColors.Red).Count);
    }

    [Fact]
    public void Shorten_AnyText_KeepsBothEndsWithinTheWidth()
    {
        var style = new TextStyle("", 10, FontWeights.Normal, OxyColors.Black);
        Assert.Equal("short", FontMetrics.Shorten("short", style, 100));
        var shorter = FontMetrics.Shorten("cross_modal_text_layers.11", style, 80);
        Assert.Matches("^cross.*….*11$", shorter);
        Assert.InRange(FontMetrics.Measure(shorter, style).Width, 60, 80);
        Assert.Equal("…", FontMetrics.Shorten("text", style, 1));
    }
}
