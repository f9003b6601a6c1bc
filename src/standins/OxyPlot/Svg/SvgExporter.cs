using System.Text;

namespace OxyPlot;

/// <summary>Writes a plot as a picture in SVG: text as text, the same bytes for the same plot.</summary>
public class SvgExporter : IExporter
{
    /// <summary>The width in pixels, 600 unless set. What is no positive number counts as 0.</summary>
    public double Width { get; set; } = 600;

    /// <summary>The height in pixels, 400 unless set. What is no positive number counts as 0.</summary>
    public double Height { get; set; } = 400;

    /// <summary>Whether the picture is a file of its own, with an XML declaration, as it is unless set; or a part of a page.</summary>
    public bool IsDocument { get; set; } = true;

    /// <summary>Writes a plot into a stream, in UTF-8, all of it or nothing.</summary>
    /// <exception cref="InvalidOperationException">The plot cannot be drawn: an axis is missing. The plot keeps the exception.</exception>
    public void Export(IPlotModel model, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        stream.Write(Encoding.UTF8.GetBytes(ExportToString(model)));
    }

    /// <summary>Writes a plot into a text.</summary>
    /// <exception cref="InvalidOperationException">The plot cannot be drawn: an axis is missing. The plot keeps the exception.</exception>
    public string ExportToString(IPlotModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var svg = model.ToSvg(Pixels(Width), Pixels(Height));
        return IsDocument ? $"""<?xml version="1.0" encoding="utf-8"?>{'\n'}{svg}{'\n'}""" : svg;
    }

    private static double Pixels(double length) => length > 0 ? Math.Min(length, 100_000) : 0;
}
