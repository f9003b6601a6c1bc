using DasSearch.Formats;
using DasSearch.Reporter.Reports;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace DasSearch.Reporter.Replays;

/// <summary>Controllers that were replayed: the true rank of what they choose, as evaluations are spent.</summary>
public static class ReplayFigure
{
    /// <summary>Such drawings among other files.</summary>
    public static OutputKind Kind => Figure.SvgKind;

    /// <summary>Writes it as SVG.</summary>
    /// <param name="curves">The controllers, at least one.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="OutputException">It cannot be written.</exception>
    public static void Write(IReadOnlyList<ReplayCurve> curves, string path)
    {
        ArgumentNullException.ThrowIfNull(curves);
        var figure = new Figure("replay", "True rank over evaluations", "", Plot(curves), new DataTable([], []), Height: 440);
        OutputFile.Write(path, file => figure.Write(FigureFormat.Svg, file));
    }

    private static PlotModel Plot(IReadOnlyList<ReplayCurve> curves)
    {
        var plot = FigureStyle.Plot();
        var evaluations = FigureStyle.Axis(AxisPosition.Bottom, "evaluations");
        (evaluations.Minimum, evaluations.Maximum) = (0, curves[0].Points[^1].Evaluations);
        var ranks = FigureStyle.Axis(AxisPosition.Left, "mean true rank of the choice, with its 95 % interval");
        ranks.Minimum = 0;
        plot.Axes.Add(evaluations);
        plot.Axes.Add(ranks);
        plot.Legends.Add(FigureStyle.Legend());
        foreach (var (curve, number) in curves.Select((curve, number) => (curve, number)))
        {
            // The last of many is what the others are held against.
            var color = number < FigureStyle.Distinct.Count ? FigureStyle.Distinct[number] : FigureStyle.Faint;
            var interval = FigureStyle.Band(title: null, color, opacity: 40);
            interval.Points.AddRange(curve.Points.Select(static point => new DataPoint(point.Evaluations, point.MeanRank + point.RankError)));
            interval.Points2.AddRange(curve.Points.Select(static point => new DataPoint(point.Evaluations, point.MeanRank - point.RankError)));
            var mean = new LineSeries { Title = curve.Controller, Color = color, StrokeThickness = 1.8 };
            mean.Points.AddRange(curve.Points.Select(static point => new DataPoint(point.Evaluations, point.MeanRank)));
            plot.Series.Add(interval);
            plot.Series.Add(mean);
        }

        return plot;
    }
}
