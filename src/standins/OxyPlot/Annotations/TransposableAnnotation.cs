namespace OxyPlot.Annotations;

/// <summary>An annotation that is drawn transposed where its x axis is upright.</summary>
public abstract class TransposableAnnotation : Annotation
{
}
