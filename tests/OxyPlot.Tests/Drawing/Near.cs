namespace OxyPlot.Tests.Drawing;

/// <summary>Compares places to a fiftieth of a pixel, since each is written with two decimals.</summary>
internal sealed class Near : IEqualityComparer<(double, double)>
{
    public bool Equals((double, double) x, (double, double) y) => Math.Abs(x.Item1 - y.Item1) < 0.02 && Math.Abs(x.Item2 - y.Item2) < 0.02;

    public int GetHashCode((double, double) obj) => 0;
}
