using System.Globalization;
using OxyPlot.Annotations;
using OxyPlot.Axes;
using OxyPlot.Layout;
using OxyPlot.Legends;
using OxyPlot.Svg;

namespace OxyPlot;

/// <summary>A plot: axes, series, annotations, legends and titles. Lengths are in pixels.</summary>
public partial class PlotModel : Model, IPlotModel
{
    private Exception? _lastException;

    /// <summary>An empty plot.</summary>
    public PlotModel()
    {
        Axes = new ElementCollection<Axis>(this);
        Series = new ElementCollection<Series.Series>(this);
        Annotations = new ElementCollection<Annotation>(this);
        Legends = new ElementCollection<LegendBase>(this);
    }

    /// <summary>The axes. A level and an upright one are added to the picture where there is none.</summary>
    public ElementCollection<Axis> Axes { get; }

    /// <summary>What is plotted, the hindmost first.</summary>
    public ElementCollection<Series.Series> Series { get; }

    /// <summary>What is drawn or written besides the series.</summary>
    public ElementCollection<Annotation> Annotations { get; }

    /// <summary>The legends; without any, series are not explained.</summary>
    public ElementCollection<LegendBase> Legends { get; set; }

    /// <summary>Whether legends are drawn.</summary>
    public bool IsLegendVisible { get; set; } = true;

    /// <summary>The title above the plot, which is also the name of the picture for those who cannot see it.</summary>
    public string? Title { get; set; }

    /// <summary>A line below the title.</summary>
    public string? Subtitle { get; set; }

    /// <summary>The size of the title, 18 unless set.</summary>
    public double TitleFontSize { get; set; } = 18;

    /// <summary>The weight of the title, bold unless set.</summary>
    public double TitleFontWeight { get; set; } = FontWeights.Bold;

    /// <summary>The colour of the title; that of the texts unless set.</summary>
    public OxyColor TitleColor { get; set; } = OxyColors.Automatic;

    /// <summary>The size of the subtitle, 14 unless set.</summary>
    public double SubtitleFontSize { get; set; } = 14;

    /// <summary>The weight of the subtitle, normal unless set.</summary>
    public double SubtitleFontWeight { get; set; } = FontWeights.Normal;

    /// <summary>The colour of the subtitle; that of the texts unless set.</summary>
    public OxyColor SubtitleColor { get; set; } = OxyColors.Automatic;

    /// <summary>What the titles are centred over.</summary>
    public TitleHorizontalAlignment TitleHorizontalAlignment { get; set; } = TitleHorizontalAlignment.CenteredWithinPlotArea;

    /// <summary>The distance below the titles, 6 unless set.</summary>
    public double TitlePadding { get; set; } = 6;

    /// <summary>The font of all texts that name no other, as a CSS list of families.</summary>
    public string DefaultFont { get; set; } = "Helvetica, Arial, sans-serif";

    /// <summary>The size of all texts that have no other, 12 unless set.</summary>
    public double DefaultFontSize { get; set; } = 12;

    /// <summary>The colour of all texts that have no other, black unless set.</summary>
    public OxyColor TextColor { get; set; } = OxyColors.Black;

    /// <summary>How numbers are written; as in the invariant culture unless set.</summary>
    public CultureInfo? Culture { get; set; }

    /// <summary>How numbers are written.</summary>
    public CultureInfo ActualCulture => Culture ?? CultureInfo.InvariantCulture;

    /// <summary>The colour behind everything; none unless set.</summary>
    public OxyColor Background { get; set; } = OxyColors.Undefined;

    /// <summary>The colour of the area between the axes; none unless set.</summary>
    public OxyColor PlotAreaBackground { get; set; } = OxyColors.Undefined;

    /// <summary>The colour of the frame around the area between the axes, black unless set.</summary>
    public OxyColor PlotAreaBorderColor { get; set; } = OxyColors.Black;

    /// <summary>How thick that frame is on each side, 1 unless set.</summary>
    public OxyThickness PlotAreaBorderThickness { get; set; } = new(1);

    /// <summary>What is left free at the edges of the picture, 8 unless set.</summary>
    public OxyThickness Padding { get; set; } = new(8);

    /// <summary>The room for axes on each side of the plot area; as much as they need where it is not a number.</summary>
    public OxyThickness PlotMargins { get; set; } = new(double.NaN);

    /// <summary>
    /// The colours that series take in turn, which differ for any colour vision (M. Okabe and K. Ito, "Color Universal Design",
    /// 2008). A gray stands for their yellow, which is not seen on white.
    /// </summary>
    public IList<OxyColor> DefaultColors { get; set; } =
    [
        OxyColor.FromRgb(0x00, 0x72, 0xB2),
        OxyColor.FromRgb(0xD5, 0x5E, 0x00),
        OxyColor.FromRgb(0x00, 0x9E, 0x73),
        OxyColor.FromRgb(0xCC, 0x79, 0xA7),
        OxyColor.FromRgb(0xE6, 0x9F, 0x00),
        OxyColor.FromRgb(0x56, 0xB4, 0xE9),
        OxyColor.FromRgb(0x00, 0x00, 0x00),
        OxyColor.FromRgb(0x88, 0x88, 0x88),
    ];

    /// <summary>The width of the picture that was drawn last.</summary>
    public double Width { get; private set; }

    /// <summary>The height of the picture that was drawn last.</summary>
    public double Height { get; private set; }

    /// <summary>The area between the axes in the picture that was drawn last.</summary>
    public OxyRect PlotArea { get; internal set; }

    internal double DefaultTextSize => DefaultFontSize > 0 && double.IsFinite(DefaultFontSize) ? DefaultFontSize : 12;

    /// <summary>What made the last drawing fail, or null. A plot that cannot be drawn is not drawn in part.</summary>
    public Exception? GetLastPlotException() => _lastException;

    string IPlotModel.ToSvg(double width, double height)
    {
        _lastException = null;
        (Width, Height) = (width, height);
        try
        {
            Prepare();
            var canvas = new SvgCanvas(width, height, DefaultFont);
            new Figure(this, canvas, new OxyRect(0, 0, width, height)).Draw();
            return canvas.ToSvg(Title);
        }
        catch (Exception exception)
        {
            _lastException = exception;
            throw;
        }
    }
}
