namespace OxyPlot.Axes;

/// <summary>Maps values to places in the picture, and shows how. Lengths are in pixels.</summary>
public abstract partial class Axis : PlotElement
{
    /// <summary>Where the axis is drawn, on the left unless set.</summary>
    public AxisPosition Position { get; set; } = AxisPosition.Left;

    /// <summary>What series and annotations name the axis by.</summary>
    public string? Key { get; set; }

    /// <summary>Whether the axis is drawn; it maps values in either case.</summary>
    public bool IsAxisVisible { get; set; } = true;

    /// <summary>What the values are.</summary>
    public string? Title { get; set; }

    /// <summary>What they are measured in; shown in brackets after the title.</summary>
    public string? Unit { get; set; }

    /// <summary>The size of the title; that of the axis unless set.</summary>
    public double TitleFontSize { get; set; } = double.NaN;

    /// <summary>The weight of the title, normal unless set.</summary>
    public double TitleFontWeight { get; set; } = FontWeights.Normal;

    /// <summary>The colour of the title; that of the texts unless set.</summary>
    public OxyColor TitleColor { get; set; } = OxyColors.Automatic;

    /// <summary>The value at the start of the axis; as the data have it unless set.</summary>
    public double Minimum { get; set; } = double.NaN;

    /// <summary>The value at the end of the axis; as the data have it unless set.</summary>
    public double Maximum { get; set; } = double.NaN;

    /// <summary>How far the axis goes on below the lowest value, as a fraction of their range, 0.01 unless set.</summary>
    public double MinimumPadding { get; set; } = 0.01;

    /// <summary>How far the axis goes on above the highest value, as a fraction of their range, 0.01 unless set.</summary>
    public double MaximumPadding { get; set; } = 0.01;

    /// <summary>The least difference between the end of the axis and its start.</summary>
    public double MinimumRange { get; set; }

    /// <summary>Where the axis starts along its side of the plot area, from 0 (left or bottom) to 1 (right or top).</summary>
    public double StartPosition { get; set; }

    /// <summary>Where the axis ends along its side of the plot area, from 0 (left or bottom) to 1 (right or top).</summary>
    public double EndPosition { get; set; } = 1;

    /// <summary>
    /// The difference between labelled values; 1, 2 or 5 times a power of ten, as fits, unless set, or if set so small that there
    /// would be more than a thousand.
    /// </summary>
    public double MajorStep { get; set; } = double.NaN;

    /// <summary>The difference between the values of small ticks; a fourth or a fifth of the major step unless set.</summary>
    public double MinorStep { get; set; } = double.NaN;

    /// <summary>The least difference between labelled values: 1 keeps an axis that counts to whole numbers.</summary>
    public double MinimumMajorStep { get; set; }

    /// <summary>
    /// The least distance between labelled values, 60 unless set; on an upright axis, where labels take less room, two thirds
    /// of it.
    /// </summary>
    public double IntervalLength { get; set; } = 60;

    /// <summary>The format of labels; as many decimals as the step needs unless set.</summary>
    public string? StringFormat { get; set; }

    /// <summary>Writes labels, in place of the format.</summary>
    public Func<double, string>? LabelFormatter { get; set; }

    /// <summary>By how much labels are turned, in degrees, clockwise.</summary>
    public double Angle { get; set; }

    /// <summary>The style of the grid lines at labelled values; there are none unless set.</summary>
    public LineStyle MajorGridlineStyle { get; set; } = LineStyle.None;

    /// <summary>The colour of these lines, a pale gray unless set.</summary>
    public OxyColor MajorGridlineColor { get; set; } = OxyColor.FromAColor(0x40, OxyColors.Black);

    /// <summary>How thick these lines are, 1 unless set.</summary>
    public double MajorGridlineThickness { get; set; } = 1;

    /// <summary>The style of the grid lines at small ticks; there are none unless set.</summary>
    public LineStyle MinorGridlineStyle { get; set; } = LineStyle.None;

    /// <summary>The colour of these lines, a very pale gray unless set.</summary>
    public OxyColor MinorGridlineColor { get; set; } = OxyColor.FromAColor(0x20, OxyColors.Black);

    /// <summary>How thick these lines are, 1 unless set.</summary>
    public double MinorGridlineThickness { get; set; } = 1;

    /// <summary>Values with a grid line of their own, such as zero.</summary>
    public double[]? ExtraGridlines { get; set; }

    /// <summary>The style of these lines, solid unless set.</summary>
    public LineStyle ExtraGridlineStyle { get; set; } = LineStyle.Solid;

    /// <summary>The colour of these lines, black unless set.</summary>
    public OxyColor ExtraGridlineColor { get; set; } = OxyColors.Black;

    /// <summary>How thick these lines are, 1 unless set.</summary>
    public double ExtraGridlineThickness { get; set; } = 1;

    /// <summary>On which side the ticks are, outside unless set.</summary>
    public TickStyle TickStyle { get; set; } = TickStyle.Outside;

    /// <summary>How long the ticks at labelled values are, 7 unless set.</summary>
    public double MajorTickSize { get; set; } = 7;

    /// <summary>How long the ticks between are, 4 unless set.</summary>
    public double MinorTickSize { get; set; } = 4;

    /// <summary>The colour of the ticks, black unless set.</summary>
    public OxyColor TicklineColor { get; set; } = OxyColors.Black;

    /// <summary>The style of the line along the axis; the frame of the plot area stands for it unless set.</summary>
    public LineStyle AxislineStyle { get; set; } = LineStyle.None;

    /// <summary>The colour of that line, black unless set.</summary>
    public OxyColor AxislineColor { get; set; } = OxyColors.Black;

    /// <summary>How thick that line is, 1 unless set.</summary>
    public double AxislineThickness { get; set; } = 1;

    /// <summary>The distance from the plot area to the axis.</summary>
    public double AxisDistance { get; set; }

    /// <summary>The distance from ticks to labels, 4 unless set.</summary>
    public double AxisTickToLabelDistance { get; set; } = 4;

    /// <summary>The distance from labels to the title, 4 unless set.</summary>
    public double AxisTitleDistance { get; set; } = 4;

    /// <summary>The title, with the unit where there is one.</summary>
    public string? ActualTitle => Unit is null ? Title : $"{Title} [{Unit}]";

    /// <summary>Whether the axis starts where others end.</summary>
    public bool IsReversed => StartPosition > EndPosition;

    internal bool IsShown => IsAxisVisible && Position != AxisPosition.None;

    internal double LabelAngle => double.IsFinite(Angle) ? Angle : 0;

    /// <summary>Whether the axis runs from left to right.</summary>
    public bool IsHorizontal() => Position is AxisPosition.Top or AxisPosition.Bottom;

    /// <summary>Whether the axis runs from bottom to top.</summary>
    public bool IsVertical() => Position is AxisPosition.Left or AxisPosition.Right;

    /// <summary>Whether the axis is one of places, not of colours.</summary>
    public abstract bool IsXyAxis();

    /// <summary>The label of a value.</summary>
    public string FormatValue(double x) => LabelFormatter?.Invoke(x) ?? FormatValueOverride(x) ?? "";

    /// <summary>The label of a value on an axis without a formatter.</summary>
    protected virtual string FormatValueOverride(double x) => StringFormat is null
        ? NumberLabels.Format(x, ActualMajorStep, Math.Max(Math.Abs(ActualMinimum), Math.Abs(ActualMaximum)), Plot.ActualCulture)
        : x.ToString(StringFormat, Plot.ActualCulture);
}
