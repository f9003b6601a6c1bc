namespace OxyPlot.Annotations;

/// <summary>How the text of a line runs.</summary>
public enum AnnotationTextOrientation
{
    /// <summary>Along the line.</summary>
    AlongLine,

    /// <summary>From left to right.</summary>
    Horizontal,

    /// <summary>From bottom to top.</summary>
    Vertical,
}
