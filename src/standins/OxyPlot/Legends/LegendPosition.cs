namespace OxyPlot.Legends;

/// <summary>Where a legend is: the side comes first, then the place along it.</summary>
public enum LegendPosition
{
    /// <summary>At the top, on the left.</summary>
    TopLeft,

    /// <summary>At the top, in the middle.</summary>
    TopCenter,

    /// <summary>At the top, on the right.</summary>
    TopRight,

    /// <summary>At the bottom, on the left.</summary>
    BottomLeft,

    /// <summary>At the bottom, in the middle.</summary>
    BottomCenter,

    /// <summary>At the bottom, on the right.</summary>
    BottomRight,

    /// <summary>On the left, at the top.</summary>
    LeftTop,

    /// <summary>On the left, in the middle.</summary>
    LeftMiddle,

    /// <summary>On the left, at the bottom.</summary>
    LeftBottom,

    /// <summary>On the right, at the top.</summary>
    RightTop,

    /// <summary>On the right, in the middle.</summary>
    RightMiddle,

    /// <summary>On the right, at the bottom.</summary>
    RightBottom,
}
