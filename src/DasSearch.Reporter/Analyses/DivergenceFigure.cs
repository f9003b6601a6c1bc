using System.Globalization;
using DasSearch.Core;
using DasSearch.Reporter.Reports;
using MathNet.Numerics.Statistics;
using OxyPlot;
using OxyPlot.Annotations;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace DasSearch.Reporter.Analyses;

/// <summary>How a divergence of two features is reckoned.</summary>
public enum DivergenceForm
{
    /// <summary>½ (KL(p‖m) + KL(q‖m)): Jensen and Shannon's, from 0 to ln 2.</summary>
    True,

    /// <summary>½ (KL(m‖p) + KL(m‖q)): what TTC's eq. 5 gives as it is printed.</summary>
    Paper,
}

/// <summary>The divergence of two features as distributions over their width (TTC, arXiv:2303.07910, eq. 5).</summary>
public static class Divergence
{
    /// <summary>With p and q the softmax of each, and m their mean, in nats.</summary>
    /// <param name="one">[width].</param>
    /// <param name="other">[width].</param>
    /// <param name="form">Which way round.</param>
    public static double Of(IReadOnlyList<float> one, IReadOnlyList<float> other, DivergenceForm form)
    {
        var (p, q) = (Softmax(one), Softmax(other));
        return 0.5 * p.Zip(q, (x, y) => Part(x, (x + y) / 2) + Part(y, (x + y) / 2)).Sum();

        double Part(double x, double mean) => form == DivergenceForm.True ? Term(x, mean) : Term(mean, x);
    }

    // Nothing comes of what has no probability.
    private static double Term(double x, double y) => x > 0 ? x * Math.Log(x / y) : 0;

    private static double[] Softmax(IReadOnlyList<float> logits)
    {
        var most = logits.Max();
        var powers = logits.Select(logit => Math.Exp((double)logit - most)).ToArray();
        var sum = powers.Sum();
        return [.. powers.Select(power => power / sum)];
    }
}

/// <summary>How far tuning has moved the final feature of each image (TTC, arXiv:2303.07910, Fig. 4).</summary>
public static class DivergenceFigure
{
    private const string Name = "jsd";
    private const int Bins = 40;

    /// <summary>What tells it from others.</summary>
    public static FigureKind Kind { get; } = FigureKind.Of(Name, Table([]));

    /// <summary>Draws it.</summary>
    /// <param name="divergences">Of each image, in nats; at least one.</param>
    /// <param name="form">How they were reckoned.</param>
    /// <param name="method">What the network was trained with.</param>
    public static Figure Draw(IReadOnlyList<double> divergences, DivergenceForm form, string method)
    {
        ArgumentNullException.ThrowIfNull(divergences);
        return new Figure(
            Name,
            "Divergence of tuned features from the original",
            string.Create(
                CultureInfo.InvariantCulture,
                $"Of each of {divergences.Count} images the final feature of its first token, as softmax over the width, of the network tuned with {method} against the untouched ")
                + (form == DivergenceForm.True ? "backbone: Jensen-Shannon divergence in nats." : "backbone: ½ (KL(m‖p) + KL(m‖q)) in nats, as eq. 5 is printed.")
                + " The line is the mean, the band a standard deviation to both sides. As in eq. 5 and Fig. 4 of TTC, arXiv:2303.07910.",
            Plot(divergences),
            Table(divergences))
        {
            Shown = Summary(divergences),
        };
    }

    private static PlotModel Plot(IReadOnlyList<double> divergences)
    {
        var plot = FigureStyle.Plot();
        var most = divergences.Max() is var largest && largest > 0 ? largest : 1;
        var size = most / Bins;
        var axis = FigureStyle.Axis(AxisPosition.Bottom, "divergence, nats");
        (axis.Minimum, axis.Maximum) = (0, most * 1.02);
        var counts = FigureStyle.Axis(AxisPosition.Left, "images");
        (counts.Minimum, counts.MinimumMajorStep) = (0, 1);
        plot.Axes.Add(axis);
        plot.Axes.Add(counts);
        var (mean, deviation) = (divergences.Mean(), Deviation(divergences));
        plot.Annotations.Add(new RectangleAnnotation
        {
            MinimumX = Math.Max(mean - deviation, 0), MaximumX = mean + deviation, Fill = OxyColor.FromAColor(40, FigureStyle.Skipped), Layer = AnnotationLayer.BelowSeries,
        });
        var bars = new RectangleBarSeries { FillColor = FigureStyle.Kept, StrokeThickness = 0.5, StrokeColor = OxyColors.White };
        foreach (var bin in divergences.GroupBy(divergence => Math.Min((int)(divergence / size), Bins - 1)).OrderBy(static bin => bin.Key))
        {
            bars.Items.Add(new RectangleBarItem(bin.Key * size, 0, (bin.Key + 1) * size, bin.Count()));
        }

        plot.Series.Add(bars);
        plot.Annotations.Add(new LineAnnotation { Type = LineAnnotationType.Vertical, X = mean, Color = FigureStyle.Skipped, LineStyle = LineStyle.Solid, StrokeThickness = 1.8 });
        return plot;
    }

    // 0 of a single one, which does not vary.
    private static double Deviation(IReadOnlyList<double> divergences) => divergences.Count > 1 ? divergences.StandardDeviation() : 0;

    private static DataTable Table(IReadOnlyList<double> divergences) => DataTable.Of(
        divergences.Index(),
        (new Column("image", "image", Numbers.Whole), static entry => entry.Index),
        (new Column("divergence", "divergence", Numbers.Value), static entry => entry.Item));

    private static DataTable Summary(IReadOnlyList<double> divergences) => DataTable.Of(
        [divergences],
        (new Column("images", "images", Numbers.Count), static all => all.Count),
        (new Column("mean", "mean", Numbers.Value), static all => all.Mean()),
        (new Column("standard_deviation", "± deviation", Numbers.Value), static all => Deviation(all)),
        (new Column("least", "least", Numbers.Value), static all => all.Min()),
        (new Column("median", "median", Numbers.Value), static all => all.Median()),
        (new Column("most", "most", Numbers.Value), static all => all.Max()));
}
