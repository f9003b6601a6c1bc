namespace OxyPlot;

/// <summary>How a line is dashed.</summary>
public enum LineStyle
{
    /// <summary>Not at all.</summary>
    Solid,

    /// <summary>Dashes.</summary>
    Dash,

    /// <summary>Dots.</summary>
    Dot,

    /// <summary>A dash and a dot in turn.</summary>
    DashDot,

    /// <summary>Two dashes and a dot in turn.</summary>
    DashDashDot,

    /// <summary>A dash and two dots in turn.</summary>
    DashDotDot,

    /// <summary>Two dashes and two dots in turn.</summary>
    DashDashDotDot,

    /// <summary>Long dashes.</summary>
    LongDash,

    /// <summary>A long dash and a dot in turn.</summary>
    LongDashDot,

    /// <summary>A long dash and two dots in turn.</summary>
    LongDashDotDot,

    /// <summary>The line is not drawn.</summary>
    None,

    /// <summary>The plot chooses.</summary>
    Automatic,
}
