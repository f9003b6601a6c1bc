using OxyPlot.Svg;

namespace OxyPlot;

/// <summary>A part of a plot.</summary>
public abstract class PlotElement : Element
{
    /// <summary>The font of its texts; that of the plot unless set.</summary>
    public string? Font { get; set; }

    /// <summary>The size of its texts in pixels; that of the plot unless set.</summary>
    public double FontSize { get; set; } = double.NaN;

    /// <summary>The weight of its texts, as in CSS; normal unless set.</summary>
    public double FontWeight { get; set; } = FontWeights.Normal;

    /// <summary>The colour of its texts; that of the plot unless set.</summary>
    public OxyColor TextColor { get; set; } = OxyColors.Automatic;

    /// <summary>The plot that this is a part of, if any.</summary>
    public PlotModel? PlotModel => Parent as PlotModel;

    /// <summary>The plot, which is there while it is drawn.</summary>
    internal PlotModel Plot => PlotModel ?? throw new InvalidOperationException("The element is not in a plot.");

    internal TextStyle TextStyle => StyleOf(FontSize, FontWeight, TextColor);

    internal TextStyle StyleOf(double size, double weight, OxyColor color) => new(
        Font ?? Plot.DefaultFont,
        size > 0 && double.IsFinite(size) ? size : Plot.DefaultTextSize,
        weight,
        color.GetActualColor(TextColor.GetActualColor(Plot.TextColor)));
}
