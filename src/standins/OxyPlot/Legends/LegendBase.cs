namespace OxyPlot.Legends;

/// <summary>Where a legend is and how it looks. Lengths are in pixels.</summary>
public abstract class LegendBase : PlotElement
{
    /// <summary>Whether the legend is drawn.</summary>
    public bool IsLegendVisible { get; set; } = true;

    /// <summary>Whether the legend takes room from the plot area, or lies upon it as it does unless set.</summary>
    public LegendPlacement LegendPlacement { get; set; } = LegendPlacement.Inside;

    /// <summary>Where the legend is, on the right at the top unless set.</summary>
    public LegendPosition LegendPosition { get; set; } = LegendPosition.RightTop;

    /// <summary>How the entries follow each other, from top to bottom unless set.</summary>
    public LegendOrientation LegendOrientation { get; set; } = LegendOrientation.Vertical;

    /// <summary>In which order the series are explained.</summary>
    public LegendItemOrder LegendItemOrder { get; set; } = LegendItemOrder.Normal;

    /// <summary>What stands above the entries.</summary>
    public string? LegendTitle { get; set; }

    /// <summary>The size of that title; that of the entries unless set.</summary>
    public double LegendTitleFontSize { get; set; } = double.NaN;

    /// <summary>The weight of that title, bold unless set.</summary>
    public double LegendTitleFontWeight { get; set; } = FontWeights.Bold;

    /// <summary>The colour of that title; that of the texts unless set.</summary>
    public OxyColor LegendTitleColor { get; set; } = OxyColors.Automatic;

    /// <summary>The size of the entries; that of the plot's texts unless set.</summary>
    public double LegendFontSize { get; set; } = double.NaN;

    /// <summary>The weight of the entries, normal unless set.</summary>
    public double LegendFontWeight { get; set; } = FontWeights.Normal;

    /// <summary>The colour of the entries; that of the texts unless set.</summary>
    public OxyColor LegendTextColor { get; set; } = OxyColors.Automatic;

    /// <summary>The colour behind the legend; none unless set.</summary>
    public OxyColor LegendBackground { get; set; } = OxyColors.Undefined;

    /// <summary>The colour of the frame around the legend; none unless set.</summary>
    public OxyColor LegendBorder { get; set; } = OxyColors.Undefined;

    /// <summary>How thick that frame is, 1 unless set.</summary>
    public double LegendBorderThickness { get; set; } = 1;

    /// <summary>The distance from the legend to the frame of the plot area, or to its axes and titles, 8 unless set.</summary>
    public double LegendMargin { get; set; } = 8;

    /// <summary>What is left free within the frame of the legend, 8 unless set.</summary>
    public double LegendPadding { get; set; } = 8;

    /// <summary>How wide the symbols are, 16 unless set.</summary>
    public double LegendSymbolLength { get; set; } = 16;

    /// <summary>The distance from symbols to names, 4 unless set.</summary>
    public double LegendSymbolMargin { get; set; } = 4;

    /// <summary>The distance between entries in one row, 24 unless set.</summary>
    public double LegendItemSpacing { get; set; } = 24;

    /// <summary>The distance between columns, 8 unless set.</summary>
    public double LegendColumnSpacing { get; set; } = 8;

    /// <summary>The distance between entries below each other, beyond that of lines of text.</summary>
    public double LegendLineSpacing { get; set; }

    /// <summary>The most that the legend may be wide; what the picture leaves unless set.</summary>
    public double LegendMaxWidth { get; set; } = double.NaN;

    /// <summary>The most that the legend may be high; what the picture leaves unless set.</summary>
    public double LegendMaxHeight { get; set; } = double.NaN;
}
