using DasSearch.Core;
using DasSearch.Reporter.Reports;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace DasSearch.Reporter.Analyses;

/// <summary>A network by how like each other features of different samples are in it.</summary>
/// <param name="Name">What the figure calls it.</param>
/// <param name="Layers">Before the first module, and after each.</param>
public sealed record NetworkSimilarity(string Name, IReadOnlyList<LayerSimilarity> Layers);

/// <summary>How like each other features of different samples are after a module: mean cosines, in [-1, 1].</summary>
/// <param name="Module">The module's name.</param>
/// <param name="IsSkipped">Whether something stands in its place.</param>
/// <param name="FirstToken">Of the first tokens.</param>
/// <param name="MeanToken">Of the means of all tokens.</param>
public sealed record LayerSimilarity(string Module, bool IsSkipped, double FirstToken, double MeanToken);

/// <summary>Similarity of features between samples, layer by layer (PELA, arXiv:2310.10700, Fig. 2).</summary>
public static class SimilarityFigure
{
    private const string Name = "similarity";

    /// <summary>What tells it from others.</summary>
    public static FigureKind Kind { get; } = FigureKind.Of(Name, Table([]));

    /// <summary>Draws it.</summary>
    /// <param name="networks">The networks, of equally many modules.</param>
    /// <param name="samples">How many samples were compared with each other.</param>
    public static Figure Draw(IReadOnlyList<NetworkSimilarity> networks, int samples)
    {
        ArgumentNullException.ThrowIfNull(networks);
        return new Figure(
            Name,
            "Similarity of features between samples",
            $"Mean cosine between features of all pairs of {Numbers.Count(samples)} samples, after the embeddings (0) and after each module: solid, the mean of a sample's "
                + "tokens; dashed, its first token. Where it nears 1, samples are told apart no longer. As in Fig. 2 of PELA, arXiv:2310.10700.",
            Plot(networks),
            Table(networks));
    }

    private static PlotModel Plot(IReadOnlyList<NetworkSimilarity> networks)
    {
        var plot = FigureStyle.Plot();
        var layers = FigureStyle.Axis(AxisPosition.Bottom, "after module");
        (layers.Minimum, layers.Maximum, layers.MinimumMajorStep) = (-0.3, networks[0].Layers.Count - 0.7, 1);
        plot.Axes.Add(layers);
        plot.Axes.Add(FigureStyle.Axis(AxisPosition.Left, "mean cosine"));
        plot.Legends.Add(FigureStyle.Legend());
        foreach (var (network, color) in networks.Zip(FigureStyle.Distinct))
        {
            Add(network.Name, color, LineStyle.Solid, network, static layer => layer.MeanToken);
            Add(null, color, LineStyle.Dash, network, static layer => layer.FirstToken);
        }

        return plot;

        void Add(string? title, OxyColor color, LineStyle style, NetworkSimilarity network, Func<LayerSimilarity, double> cosine)
        {
            var line = new LineSeries { Title = title, Color = color, LineStyle = style, StrokeThickness = 1.8, MarkerType = MarkerType.Circle, MarkerSize = 3, MarkerFill = color };
            line.Points.AddRange(network.Layers.Select((layer, i) => new DataPoint(i, cosine(layer))));
            plot.Series.Add(line);
        }
    }

    private static DataTable Table(IReadOnlyList<NetworkSimilarity> networks) => DataTable.Of(
        networks.SelectMany(static network => network.Layers.Select((layer, i) => (Network: network.Name, Number: i, Layer: layer))),
        (new Column("network", "network"), static row => row.Network),
        (new Column("layer", "after", Numbers.Whole), static row => row.Number),
        (new Column("module", "module"), static row => row.Layer.Module),
        (new Column("skipped", "skipped"), static row => row.Layer.IsSkipped),
        (new Column("mean_token", "mean token", Numbers.Value), static row => row.Layer.MeanToken),
        (new Column("first_token", "first token", Numbers.Value), static row => row.Layer.FirstToken));
}
