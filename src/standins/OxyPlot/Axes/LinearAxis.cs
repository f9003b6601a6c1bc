namespace OxyPlot.Axes;

/// <summary>An axis on which equal differences are equally long.</summary>
public class LinearAxis : Axis
{
    /// <inheritdoc/>
    public override bool IsXyAxis() => true;
}
