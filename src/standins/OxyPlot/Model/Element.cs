namespace OxyPlot;

/// <summary>A part of a model.</summary>
public abstract class Element
{
    /// <summary>The model that this is a part of, if any.</summary>
    public Model? Parent { get; internal set; }
}
