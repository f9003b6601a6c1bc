using System.Text;
using System.Xml.Linq;
using DasSearch.Formats;
using OxyPlot;
using OxyPlot.SkiaSharp;
using SkiaSharp;

namespace DasSearch.Reporter.Reports;

/// <summary>How a figure is written.</summary>
public enum FigureFormat
{
    /// <summary>Vectors, with text as text.</summary>
    Svg,

    /// <summary>Pixels, two for each of the figure's, so that it is sharp in print.</summary>
    Png,

    /// <summary>Vectors on a page of the figure's size, with text as text.</summary>
    Pdf,
}

/// <summary>A figure of a report, with the numbers that it was drawn from.</summary>
/// <param name="Name">What its files are called, such as <c>importance</c>.</param>
/// <param name="Title">Its heading.</param>
/// <param name="Caption">What it shows and how that was computed, in a few sentences.</param>
/// <param name="Plot">The drawing; null where there is not enough to draw, which the caption then says.</param>
/// <param name="Table">The numbers, all of them.</param>
/// <param name="Height">In pixels.</param>
public sealed record Figure(string Name, string Title, string Caption, PlotModel? Plot, DataTable Table, double Height = 380)
{
    /// <summary>Every figure's width in pixels.</summary>
    public const double Width = 760;

    /// <summary>Drawings of das as SVG, among other files.</summary>
    internal static OutputKind SvgKind { get; } = OutputKind.Begins("drawing", $@"^<\?xml[^>]*>\s*{SvgMark}");

    private const string SvgMark = "<!-- das -->";

    /// <summary>As many rows as a reader looks over beneath a figure of many rounds.</summary>
    internal const int MostRows = 12;

    private const float PixelScale = 2;
    private const float PointsPerPixel = 0.75f;

    /// <summary>Whether there is enough to draw.</summary>
    public bool IsDrawn => Plot is not null;

    /// <summary>The numbers that a page shows beneath it: fewer where there are too many.</summary>
    public DataTable Shown { get; init; } = Table;

    /// <summary>Writes the drawing as a file of its own; the same figure gives the same bytes on every machine.</summary>
    /// <exception cref="InvalidOperationException">It could not be drawn.</exception>
    internal void Write(FigureFormat format, Stream output)
    {
        switch (format)
        {
            case FigureFormat.Png:
                using (var surface = SKSurface.Create(new SKImageInfo((int)(PixelScale * Width), (int)(PixelScale * Height))))
                {
                    surface.Canvas.Clear(SKColors.White);
                    Draw(surface.Canvas, RenderTarget.PixelGraphic, PixelScale);
                    using var image = surface.Snapshot();
                    using var png = image.Encode(SKEncodedImageFormat.Png, quality: 100);
                    png.SaveTo(output);
                }

                break;
            case FigureFormat.Pdf:
                using (var document = SKDocument.CreatePdf(output, new SKDocumentPdfMetadata { Title = Title, Creator = "das" }))
                {
                    var page = document.BeginPage(PointsPerPixel * (float)Width, PointsPerPixel * (float)Height);
                    Draw(page, RenderTarget.VectorGraphic, PointsPerPixel);
                    document.EndPage();
                    document.Close();
                }

                break;
            default:
                var svg = Svg(isDocument: true);
                output.Write(Encoding.UTF8.GetBytes(svg.Insert(svg.IndexOf('>', StringComparison.Ordinal) + 1, "\n" + SvgMark))); // behind <?xml …?>
                break;
        }
    }

    /// <summary>The drawing for a page, where it shrinks with its column, and where a reader's software announces it by its title.</summary>
    /// <param name="id">What the names of its parts begin with: the page has other figures, whose parts must not be taken for its own.</param>
    /// <exception cref="InvalidOperationException">It could not be drawn.</exception>
    internal XElement Inline(string id)
    {
        var svg = XElement.Parse(Svg(isDocument: false));
        svg.SetAttributeValue("role", "img");
        svg.SetAttributeValue("aria-label", Title);
        svg.SetAttributeValue("viewBox", FormattableString.Invariant($"0 0 {Width} {Height}"));
        foreach (var attribute in svg.Descendants().Attributes())
        {
            attribute.Value = attribute.Name.LocalName == "id"
                ? $"{id}-{attribute.Value}"
                : attribute.Value.Replace("url(#", $"url(#{id}-", StringComparison.Ordinal);
        }

        return svg;
    }

    private string Svg(bool isDocument)
    {
        var plot = PlotToDraw();
        using var measurer = new FigureRenderContext();
        var exporter = new OxyPlot.SvgExporter { Width = Width, Height = Height, IsDocument = isDocument, TextMeasurer = measurer };
        var text = exporter.ExportToString(plot);
        Check(plot);
        return text;
    }

    private void Draw(SKCanvas canvas, RenderTarget target, float scale)
    {
        var plot = PlotToDraw();
        using var context = new FigureRenderContext { SkCanvas = canvas, RenderTarget = target, DpiScale = scale };
        ((IPlotModel)plot).Update(true);
        ((IPlotModel)plot).Render(context, new OxyRect(0, 0, Width, Height));
        Check(plot);
    }

    private PlotModel PlotToDraw() => Plot ?? throw new InvalidOperationException($"Figure {Name} has no drawing.");

    // The plot would show a picture of its error.
    private void Check(PlotModel plot)
    {
        if (plot.GetLastPlotException() is { } failure)
        {
            throw new InvalidOperationException($"Figure {Name} cannot be drawn.", failure);
        }
    }
}

/// <summary>Draws and measures text in a typeface of this assembly, so that figures are the same wherever they are drawn.</summary>
/// <remarks>
/// SkiaSharp for Linux takes whatever font lies first below /usr/share/fonts, and draws no text at all where there is none, as in
/// many containers. The typeface is DejaVu Sans with the letters of European languages, Greek and mathematics; its licence is in it.
/// </remarks>
internal sealed class FigureRenderContext : SkiaRenderContext, IRenderContext
{
    private static readonly SKTypeface _typeface = Load();

    void IRenderContext.DrawText(
        ScreenPoint p,
        string text,
        OxyColor fill,
        string? fontFamily,
        double fontSize,
        double fontWeight,
        double rotate,
        HorizontalAlignment horizontalAlignment,
        VerticalAlignment verticalAlignment,
        OxySize? maxSize)
    {
        if (text is null || !fill.IsVisible())
        {
            return;
        }

        using var paint = Paint(fontSize * DpiScale);
        paint.Color = fill.ToSKColor();
        paint.TextAlign = horizontalAlignment switch
        {
            HorizontalAlignment.Left => SKTextAlign.Left,
            HorizontalAlignment.Right => SKTextAlign.Right,
            _ => SKTextAlign.Center,
        };
        var lines = Lines(text);
        var height = paint.GetFontMetrics(out var metrics);
        var y = verticalAlignment switch
        {
            VerticalAlignment.Top => -metrics.Ascent,
            VerticalAlignment.Bottom => -metrics.Descent - (height * (lines.Length - 1)),
            _ => -(metrics.Ascent + metrics.Descent + (height * (lines.Length - 1))) / 2,
        };
        using var restored = new SKAutoCanvasRestore(SkCanvas);
        SkCanvas.Translate((float)p.X * DpiScale, (float)p.Y * DpiScale);
        SkCanvas.RotateDegrees((float)rotate);
        foreach (var line in lines)
        {
            SkCanvas.DrawText(line, 0, y, paint);
            y += height;
        }
    }

    OxySize IRenderContext.MeasureText(string text, string? fontFamily, double fontSize, double fontWeight)
    {
        if (string.IsNullOrEmpty(text))
        {
            return OxySize.Empty;
        }

        using var paint = Paint(fontSize);
        var lines = Lines(text);
        return new OxySize(lines.Max(paint.MeasureText), paint.FontSpacing * lines.Length);
    }

    private static string[] Lines(string text) => text.ReplaceLineEndings("\n").Split('\n');

    private static SKPaint Paint(double size) => new()
    {
        Typeface = _typeface, TextSize = (float)size, IsAntialias = true, SubpixelText = true, HintingLevel = SKPaintHinting.NoHinting,
    };

    private static SKTypeface Load()
    {
        using var resource = typeof(FigureRenderContext).Assembly.GetManifestResourceStream("figures.ttf")!;
        return SKTypeface.FromStream(resource) ?? throw new InvalidOperationException("The typeface of figures cannot be read.");
    }
}
