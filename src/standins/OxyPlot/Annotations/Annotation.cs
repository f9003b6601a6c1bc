using OxyPlot.Axes;
using OxyPlot.Layout;
using OxyPlot.Svg;

namespace OxyPlot.Annotations;

/// <summary>What is drawn or written at given values. The axes make no room for it.</summary>
public abstract class Annotation : PlotElement
{
    /// <summary>What the annotation lies upon, the series unless set.</summary>
    public AnnotationLayer Layer { get; set; } = AnnotationLayer.AboveSeries;

    /// <summary>The key of the x axis; the first level axis unless set.</summary>
    public string? XAxisKey { get; set; }

    /// <summary>The key of the y axis; the first upright axis unless set.</summary>
    public string? YAxisKey { get; set; }

    /// <summary>The x axis, which is known once the plot is drawn.</summary>
    public Axis XAxis { get; private set; } = null!;

    /// <summary>The y axis, which is known once the plot is drawn.</summary>
    public Axis YAxis { get; private set; } = null!;

    /// <summary>The place of a point in the picture.</summary>
    public virtual ScreenPoint Transform(DataPoint p) => AxisPair.Transform(XAxis, YAxis, p);

    internal void AssignAxes() => (XAxis, YAxis) = AxisPair.Find(Plot, XAxisKey, YAxisKey, GetType().Name);

    internal abstract void Draw(SvgCanvas canvas, LabelPlacer places);
}
