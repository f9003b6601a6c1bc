using FsCheck;
using FsCheck.Fluent;
using OxyPlot.Axes;

namespace OxyPlot.Tests.Drawing;

/// <summary>Axes of any range and length: ticks are even and few, labels tell them apart and have room.</summary>
public sealed class TickTests
{
    private static readonly Gen<double> _numbers = Gen.OneOf(
        Gen.Choose(-1000, 1000).Zip(Gen.Choose(-300, 297)).Select(pair => pair.Item1 * Math.Pow(10, pair.Item2)),
        Gen.Choose(-1000, 1000).Select(number => number / 100.0),
        Gen.Elements(0, 1, -1, 1e300, -1e300, double.Epsilon, 1e-320, 0.1, 1e9, double.MaxValue));

    private static readonly Gen<double> _lengths =
        Gen.OneOf(Gen.Choose(0, 2000).Select(length => (double)length), Gen.Elements(0, 0.001, 1e6));

    private static readonly Arbitrary<((double, double), (double, bool))> _axes =
        _numbers.Zip(_numbers).Zip(_lengths.Zip(Gen.Elements(true, false))).ToArbitrary();

    [Fact]
    public void Ticks_OfAnyRange_AreEvenRoundAndBounded() => Check(axis =>
    {
        axis.GetTickValues(out var labels, out var major, out var minor);
        Assert.Equal(labels, major);
        Assert.InRange(major.Count, 0, Axis.MaximumTicks + 1);
        Assert.InRange(minor.Count, 0, Axis.MaximumTicks + 1);
        Assert.All(major.Concat(minor), value => Assert.InRange(value, axis.ActualMinimum, axis.ActualMaximum));

        var step = axis.ActualMajorStep;
        Assert.True(IsRound(step), $"{step:R} is not 1, 2 or 5 times a power of ten");
        Assert.All(major.Zip(major.Skip(1)), pair => Assert.InRange((pair.Second - pair.First) / step, 1 - 1e-5, 1 + 1e-5));
    });

    [Fact]
    public void Labels_OfAnyRange_DifferAndHaveRoom() => Check(axis =>
    {
        axis.GetTickValues(out var values, out _, out _);
        var labels = values.Select(axis.FormatValue).ToList();
        Assert.Equal(labels.Count, labels.Distinct().Count());
        Assert.True(labels.Count < 2 || Layout.AxisLabels.Fit(axis));
    });

    [Fact]
    public void Range_OfAnyData_ContainsThemAndIsNotEmpty() => Prop.ForAll(_numbers.Zip(_numbers).ToArbitrary(), pair =>
    {
        var axis = new LinearAxis();
        axis.Include(pair.Item1);
        axis.Include(pair.Item2);
        axis.UpdateRange();
        Assert.True(double.IsFinite(axis.ActualMaximum - axis.ActualMinimum));
        Assert.True(axis.ActualMaximum > axis.ActualMinimum);
        Assert.All(
            new[] { pair.Item1, pair.Item2 }.Where(AxisRange.Allows),
            value => Assert.InRange(value, axis.ActualMinimum, axis.ActualMaximum));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Theory]
    [InlineData(0, 1, 0.1)]
    [InlineData(0, 400, 50)]
    [InlineData(-0.0081, 0.0056, 0.002)]
    [InlineData(1e6, 4e6, 5e5)]
    public void MajorStep_OfA600PixelsLongAxis_IsTheLeastWithSixtyPixels(double minimum, double maximum, double step)
    {
        var axis = Placed(new LinearAxis { Position = AxisPosition.Bottom, Minimum = minimum, Maximum = maximum }, 600);
        Assert.Equal(step, axis.ActualMajorStep, step * 1e-9);
    }

    [Fact]
    public void MajorStep_UnderTheLeast_IsThatOfWholeNumbers()
    {
        var axis = Placed(new LinearAxis { Position = AxisPosition.Bottom, Minimum = 0, Maximum = 3, MinimumMajorStep = 1 }, 600);
        axis.GetTickValues(out _, out var major, out _);
        Assert.Equal([0, 1, 2, 3], major);
    }

    [Fact]
    public void Ticks_OfAGivenStepThatIsFarTooSmall_AreFew()
    {
        var axis = new LinearAxis { Position = AxisPosition.Bottom, Minimum = 0, Maximum = 1e9, MajorStep = 1e-9, MinorStep = 1e-12 };
        Placed(axis, 600).GetTickValues(out _, out var major, out var minor);
        Assert.InRange(major.Count, 1, Axis.MaximumTicks + 1);
        Assert.InRange(minor.Count, 0, Axis.MaximumTicks + 1);
    }

    [Theory]
    [InlineData(1, 0.25)]
    [InlineData(2, 0.5)]
    [InlineData(5, 1)]
    public void MinorTicks_OfAStep_DivideItEvenlyWithoutTheMajorOnes(double step, double minorStep)
    {
        var axis = new LinearAxis { Position = AxisPosition.Bottom, Minimum = 0, Maximum = 10, MajorStep = step, MinorStep = minorStep };
        Placed(axis, 600).GetTickValues(out _, out var major, out var minor);
        Assert.Equal((10 / minorStep) + 1 - major.Count, minor.Count);
        Assert.Empty(major.Intersect(minor));
    }

    private static void Check(Action<LinearAxis> check) => Prop.ForAll(_axes, entry =>
    {
        var ((a, b), (length, isLevel)) = entry;
        check(Placed(new LinearAxis { Position = isLevel ? AxisPosition.Bottom : AxisPosition.Left, Minimum = a, Maximum = b }, length));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    private static LinearAxis Placed(LinearAxis axis, double length)
    {
        new PlotModel().Axes.Add(axis);
        axis.UpdateRange();
        axis.Place(new OxyRect(10, 20, length, length));
        return axis;
    }

    private static bool IsRound(double step)
    {
        var mantissa = step / Math.Pow(10, Math.Floor(Math.Log10(step * (1 + 1e-9))));
        return new[] { 1, 2, 5 }.Any(factor => Math.Abs(mantissa - factor) < 1e-6);
    }
}
