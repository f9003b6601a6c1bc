using DasSearch.Core;
using DasSearch.Reporter.Reports;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace DasSearch.Reporter.Analyses;

/// <summary>How far a norm's weight or bias has moved.</summary>
/// <param name="Norm">The norm's name, such as <c>transformer.blocks.3.norm1</c>.</param>
/// <param name="Parameter"><c>weight</c> or <c>bias</c>.</param>
/// <param name="MeanAbsolute">The mean over its numbers of how far each has moved.</param>
/// <param name="RootMeanSquare">The root of the mean square.</param>
/// <param name="Largest">The furthest.</param>
public sealed record NormMove(string Norm, string Parameter, double MeanAbsolute, double RootMeanSquare, double Largest)
{
    private int Dot => Norm.LastIndexOf('.');

    /// <summary>What the norm is part of, such as <c>transformer.blocks.3</c>.</summary>
    public string Layer => Norm[..Math.Max(Dot, 0)];

    /// <summary>Which of its norms, such as <c>norm1</c>.</summary>
    public string Name => Norm[(Dot + 1)..];
}

/// <summary>How far norms have moved, layer by layer (TTC, arXiv:2303.07910, Fig. 7).</summary>
public static class DriftFigure
{
    private const string FigureName = "drift";

    /// <summary>What tells it from others.</summary>
    public static FigureKind Kind { get; } = FigureKind.Of(FigureName, Table([]));

    /// <summary>Draws it.</summary>
    /// <param name="moves">The moves, in the order of computation; at least one.</param>
    /// <param name="method">What the network was trained with.</param>
    public static Figure Draw(IReadOnlyList<NormMove> moves, string method)
    {
        ArgumentNullException.ThrowIfNull(moves);
        return new Figure(
            FigureName,
            "Drift of norms",
            $"How far {method} has moved each norm's weight (solid) and bias (dashed) from the checkpoint: the mean over its numbers of how far each has moved. "
                + "As in Fig. 7 of TTC, arXiv:2303.07910.",
            Plot(moves),
            Table(moves));
    }

    private static PlotModel Plot(IReadOnlyList<NormMove> moves)
    {
        var plot = FigureStyle.Plot();
        var layers = moves.Select(static move => move.Layer).Distinct().ToList();
        var axis = FigureStyle.Modules(AxisPosition.Bottom, layers.Select(Short), "layer");
        plot.Axes.Add(axis);
        var distance = FigureStyle.Axis(AxisPosition.Left, "mean absolute move");
        distance.Minimum = 0;
        plot.Axes.Add(distance);
        plot.Legends.Add(FigureStyle.Legend());
        var colors = moves.Select(static move => move.Name).Distinct().Zip(FigureStyle.Distinct).ToDictionary(static pair => pair.First, static pair => pair.Second, StringComparer.Ordinal);
        foreach (var group in moves.GroupBy(static move => (move.Name, move.Parameter)))
        {
            var color = colors[group.Key.Name];
            var line = new LineSeries
            {
                Title = $"{group.Key.Name} {group.Key.Parameter}",
                Color = color,
                LineStyle = group.Key.Parameter == "weight" ? LineStyle.Solid : LineStyle.Dash,
                StrokeThickness = 1.8,
                MarkerType = group.Key.Parameter == "weight" ? MarkerType.Circle : MarkerType.Diamond,
                MarkerSize = 4,
                MarkerFill = color,
            };
            line.Points.AddRange(group.Select(move => new DataPoint(layers.IndexOf(move.Layer), move.MeanAbsolute)));
            plot.Series.Add(line);
        }

        return plot;
    }

    // The layer's number, or what the last norm is part of.
    private static string Short(string layer) => layer.Split('.')[^1] is var last && last.All(char.IsAsciiDigit) ? last : "last";

    private static DataTable Table(IReadOnlyList<NormMove> moves) => DataTable.Of(
        moves,
        (new Column("layer", "layer"), static move => move.Layer),
        (new Column("norm", "norm"), static move => move.Name),
        (new Column("parameter", "parameter"), static move => move.Parameter),
        (new Column("mean_absolute", "mean move", Numbers.Value), static move => move.MeanAbsolute),
        (new Column("root_mean_square", "root mean square", Numbers.Value), static move => move.RootMeanSquare),
        (new Column("largest", "largest", Numbers.Value), static move => move.Largest));
}
