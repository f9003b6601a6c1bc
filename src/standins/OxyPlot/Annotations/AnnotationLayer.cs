namespace OxyPlot.Annotations;

/// <summary>What an annotation lies upon.</summary>
public enum AnnotationLayer
{
    /// <summary>The background: grid lines are above it.</summary>
    BelowAxes,

    /// <summary>The grid lines: series are above it.</summary>
    BelowSeries,

    /// <summary>The series.</summary>
    AboveSeries,
}
