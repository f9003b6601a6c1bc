namespace OxyPlot;

/// <summary>What has elements.</summary>
public abstract class Model
{
}
