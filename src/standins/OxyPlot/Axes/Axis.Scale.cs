using OxyPlot.Layout;

namespace OxyPlot.Axes;

/// <content>The range of values, and where each of them is.</content>
public abstract partial class Axis
{
    /// <summary>The most ticks that an axis is given, whatever its steps.</summary>
    internal const int MaximumTicks = 1000;

    // What of the interval length is enough where labels lie above each other.
    private const double UprightShare = 2.0 / 3;

    private double _from;
    private double _to;

    /// <summary>The lowest value of the data, or NaN.</summary>
    public double DataMinimum { get; private set; } = double.NaN;

    /// <summary>The highest value of the data, or NaN.</summary>
    public double DataMaximum { get; private set; } = double.NaN;

    /// <summary>The value at the start of the axis.</summary>
    public double ActualMinimum { get; private protected set; }

    /// <summary>The value at the end of the axis, greater than that at the start.</summary>
    public double ActualMaximum { get; private protected set; } = 1;

    /// <summary>The difference between labelled values.</summary>
    public double ActualMajorStep { get; private set; } = 1;

    /// <summary>The difference between the values of small ticks.</summary>
    public double ActualMinorStep { get; private set; } = 1;

    /// <summary>How long the axis is, in pixels.</summary>
    internal double Length => Math.Abs(_to - _from);

    private double Range => ActualMaximum - ActualMinimum;

    /// <summary>The place of a value, in pixels from the left or upper edge of the picture.</summary>
    public virtual double Transform(double x) => _from + ((x - ActualMinimum) / Range * (_to - _from));

    /// <summary>The values at labels, at ticks and at the small ticks between, in ascending order.</summary>
    public virtual void GetTickValues(
        out IList<double> majorLabelValues, out IList<double> majorTickValues, out IList<double> minorTickValues)
    {
        majorLabelValues = TickSteps.Values(ActualMinimum, ActualMaximum, ActualMajorStep, MaximumTicks);
        majorTickValues = majorLabelValues;
        minorTickValues = [.. TickSteps.Values(ActualMinimum, ActualMaximum, ActualMinorStep, MaximumTicks).Where(IsBetweenMajors)];

        bool IsBetweenMajors(double value) => Math.Abs(Math.IEEERemainder(value, ActualMajorStep)) > ActualMinorStep / 10;
    }

    internal virtual void ResetData() => (DataMinimum, DataMaximum) = (double.NaN, double.NaN);

    /// <summary>Widens the range of the data to a value.</summary>
    internal void Include(double value)
    {
        if (AxisRange.Allows(value))
        {
            DataMinimum = double.IsNaN(DataMinimum) ? value : Math.Min(DataMinimum, value);
            DataMaximum = double.IsNaN(DataMaximum) ? value : Math.Max(DataMaximum, value);
        }
    }

    /// <summary>Settles the range of the axis when that of the data is known.</summary>
    internal virtual void UpdateRange() => (ActualMinimum, ActualMaximum) = AxisRange.Of(this);

    /// <summary>Puts the axis along a side of the plot area, and chooses steps that suit its length.</summary>
    internal void Place(OxyRect plotArea)
    {
        var (start, end) = IsHorizontal() ? (plotArea.Left, plotArea.Right) : (plotArea.Bottom, plotArea.Top);
        _from = start + ((end - start) * Fraction(StartPosition, 0));
        _to = start + ((end - start) * Fraction(EndPosition, 1));
        UpdateSteps();

        static double Fraction(double value, double otherwise) => double.IsFinite(value) ? Math.Clamp(value, 0, 1) : otherwise;
    }

    private void UpdateSteps()
    {
        if (MajorStep >= Range / MaximumTicks && double.IsFinite(MajorStep))
        {
            ActualMajorStep = MajorStep;
        }
        else
        {
            var distance = (IntervalLength > 0 ? Math.Clamp(IntervalLength, 1, 1e6) : 1) * (IsVertical() ? UprightShare : 1);
            var least = Math.Max(Range * distance / Math.Max(1, Length), Range / MaximumTicks);
            ActualMajorStep = TickSteps.AtLeast(MinimumMajorStep > least ? Math.Min(MinimumMajorStep, AxisRange.Limit) : least);
            while (ActualMajorStep < Range && !AxisLabels.Fit(this))
            {
                ActualMajorStep = TickSteps.AtLeast(ActualMajorStep * 1.5);
            }
        }

        ActualMinorStep = MinorStep > 0 ? Math.Max(MinorStep, Range / MaximumTicks) : TickSteps.Minor(ActualMajorStep);
    }
}
