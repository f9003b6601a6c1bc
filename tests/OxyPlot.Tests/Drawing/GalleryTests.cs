using OxyPlot.Legends;
using OxyPlot.Tests.Gallery;

namespace OxyPlot.Tests.Drawing;

/// <summary>The figures of a report: nothing overlaps, nothing is cut, legends do not cover data.</summary>
public sealed class GalleryTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("oxyplot-gallery-");

    public static TheoryData<string> Names() => [.. Figures.All().Select(figure => figure.Name)];

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Names))]
    public void Figure_AsAFile_HasAllItsTextsApartAndUncut(string name)
    {
        var model = Figures.Named(name);
        var file = Path.Combine(_folder.FullName, $"{name}.svg");
        using (var stream = File.Create(file))
        {
            new SvgExporter { Width = 700, Height = 420 }.Export(model, stream);
        }

        var picture = Picture.Of(model);
        Assert.Equal(File.ReadAllText(file), picture.Svg);
        Assert.InRange(new FileInfo(file).Length, 1000, 100_000);
        AxisLabelTests.AssertApart(picture);
        Assert.All(picture.Texts, text => Assert.True(text.LiesIn(new OxyRect(0, 0, 700, 420)), $"'{text.Text}' is cut"));
        Assert.True(model.PlotArea is { Width: > 350, Height: > 200 });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Legend_OfAFigure_CoversNoData(string name)
    {
        var model = Figures.Named(name);
        var picture = Picture.Of(model);
        var titles = model.Series.Where(series => series.Title is not null).Select(series => series.Title).ToHashSet();
        var outside = model.Legends.Any(legend => legend.LegendPlacement == LegendPlacement.Outside);
        Assert.Equal(model.Legends.Count > 0 ? titles.Count : 0, picture.Texts.Count(text => titles.Contains(text.Text)));
        Assert.All(
            picture.Texts.Where(text => outside && titles.Contains(text.Text)),
            text => Assert.DoesNotContain(text.Corners, model.PlotArea.Contains));
    }

    [Fact]
    public void Accuracy_InASmallPicture_HasItsNamesBesideTheLegend() => AxisLabelTests.AssertApart(Picture.Of(PlanFigures.Accuracy(), 360, 280));

    [Theory]
    [InlineData("importance", 8)]
    [InlineData("importance-32", 32)]
    public void Importance_OfLayers_IsADiscForEachThatIsKept(string name, int marks)
    {
        var picture = Picture.Of(Figures.Named(name));
        Assert.Equal(marks, picture.Discs().Count(picture.Model.PlotArea.Contains));
    }

    [Fact]
    public void Interactions_OfLayers_AreACellForEachPairOfTwo()
    {
        var picture = Picture.Of(MatrixFigures.Interactions());
        var cells = picture.Elements("g").First(group => group.Attribute("shape-rendering") is not null).Elements();
        Assert.Equal((12 * 12) - 12, cells.Count());
    }
}
