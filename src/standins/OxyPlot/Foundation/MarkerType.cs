namespace OxyPlot;

/// <summary>What marks a point.</summary>
public enum MarkerType
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A disc.</summary>
    Circle,

    /// <summary>A square.</summary>
    Square,

    /// <summary>A square that stands on a corner.</summary>
    Diamond,

    /// <summary>A triangle that points upwards.</summary>
    Triangle,

    /// <summary>Two diagonal strokes.</summary>
    Cross,

    /// <summary>An upright and a level stroke.</summary>
    Plus,

    /// <summary>The strokes of cross and plus together.</summary>
    Star,
}
