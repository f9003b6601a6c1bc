namespace OxyPlot.Annotations;

/// <summary>An area, with a text upon it.</summary>
public abstract class ShapeAnnotation : TextualAnnotation
{
    /// <summary>The colour of the area, a light blue unless set.</summary>
    public OxyColor Fill { get; set; } = OxyColors.LightBlue;

    /// <summary>The colour of its outline, black unless set.</summary>
    public OxyColor Stroke { get; set; } = OxyColors.Black;

    /// <summary>How thick that outline is, in pixels; there is none unless set.</summary>
    public double StrokeThickness { get; set; }
}
