namespace OxyPlot.Annotations;

/// <summary>An annotation with a text.</summary>
public abstract class TextualAnnotation : TransposableAnnotation
{
    /// <summary>The text, one or more lines.</summary>
    public string? Text { get; set; }

    /// <summary>Where the text is; where the annotation would have it unless set.</summary>
    public DataPoint TextPosition { get; set; } = DataPoint.Undefined;

    /// <summary>Which part of each line is there.</summary>
    public HorizontalAlignment TextHorizontalAlignment { get; set; } = HorizontalAlignment.Center;

    /// <summary>Which part of the lines together is there.</summary>
    public VerticalAlignment TextVerticalAlignment { get; set; } = VerticalAlignment.Middle;

    /// <summary>By how much the text is turned, in degrees, clockwise.</summary>
    public double TextRotation { get; set; }
}
