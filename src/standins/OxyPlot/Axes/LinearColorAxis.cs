namespace OxyPlot.Axes;

/// <summary>An axis that maps values to colours. It is drawn as a bar of them, as thick as the major ticks are long less 2.</summary>
public class LinearColorAxis : LinearAxis
{
    /// <summary>An axis that is not drawn until it is given a position.</summary>
    public LinearColorAxis()
    {
        Position = AxisPosition.None;
        AxisDistance = 20;
    }

    /// <summary>The colours, that of the lowest values first.</summary>
    public OxyPalette Palette { get; set; } = OxyPalettes.Viridis();

    /// <summary>The colour of values below the axis; that of the lowest unless set.</summary>
    public OxyColor LowColor { get; set; } = OxyColors.Undefined;

    /// <summary>The colour of values above the axis; that of the highest unless set.</summary>
    public OxyColor HighColor { get; set; } = OxyColors.Undefined;

    /// <summary>The colour where there is no number, gray unless set.</summary>
    public OxyColor InvalidNumberColor { get; set; } = OxyColors.Gray;

    /// <inheritdoc/>
    public override bool IsXyAxis() => false;

    /// <summary>The colour of a value.</summary>
    internal OxyColor ColorOf(double value)
    {
        if (!AxisRange.Allows(value) || Palette.Colors.Count == 0)
        {
            return InvalidNumberColor;
        }

        if (value < ActualMinimum && !LowColor.IsUndefined())
        {
            return LowColor;
        }

        if (value > ActualMaximum && !HighColor.IsUndefined())
        {
            return HighColor;
        }

        var place = (value - ActualMinimum) / (ActualMaximum - ActualMinimum) * Palette.Colors.Count;
        return Palette.Colors[(int)Math.Clamp(place, 0, Palette.Colors.Count - 1)];
    }

    /// <summary>The colours, each with the values between which it holds.</summary>
    internal IEnumerable<(double From, double To, OxyColor Color)> Bands()
    {
        var step = (ActualMaximum - ActualMinimum) / Palette.Colors.Count;
        return Palette.Colors.Select((color, i) => (ActualMinimum + (i * step), ActualMinimum + ((i + 1) * step), color));
    }
}
