namespace OxyPlot.Annotations;

/// <summary>Which line an annotation is.</summary>
public enum LineAnnotationType
{
    /// <summary>y = slope · x + intercept.</summary>
    LinearEquation,

    /// <summary>All points with one y.</summary>
    Horizontal,

    /// <summary>All points with one x.</summary>
    Vertical,
}
