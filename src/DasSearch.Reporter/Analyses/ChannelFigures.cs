using DasSearch.Core;
using DasSearch.Reporter.Reports;
using MathNet.Numerics.Distributions;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace DasSearch.Reporter.Analyses;

/// <summary>Which channels a plan has chosen.</summary>
/// <param name="Name">What figures call it.</param>
/// <param name="Task">Its task.</param>
/// <param name="Layers">Place by place, in order.</param>
public sealed record PlanChannels(string Name, string Task, IReadOnlyList<LayerChannels> Layers);

/// <summary>Which channels were chosen at one place.</summary>
/// <param name="Place">The place's name.</param>
/// <param name="Width">How many there are to choose from.</param>
/// <param name="Channels">Their indices.</param>
public sealed record LayerChannels(string Place, int Width, IReadOnlyList<long> Channels);

/// <summary>How far two plans agree at one place.</summary>
/// <param name="Place">The place's name.</param>
/// <param name="One">A plan's name.</param>
/// <param name="Other">Another's.</param>
/// <param name="Common">How many channels both have chosen.</param>
/// <param name="Of">How many both could have: as many as the one with fewer has.</param>
/// <param name="Expected">How many they would have in common by chance: K · K′ / D.</param>
/// <param name="PValue">How likely chance gives at least so many (hypergeometric).</param>
public sealed record ChannelOverlap(string Place, string One, string Other, int Common, int Of, double Expected, double PValue)
{
    /// <summary>The share that both have, of what they could.</summary>
    public double Share => (double)Common / Of;

    /// <summary>Compares plans with each other, wherever two have chosen.</summary>
    public static IReadOnlyList<ChannelOverlap> Between(IReadOnlyList<PlanChannels> plans) =>
    [
        .. plans.SelectMany((one, i) => plans.Skip(i + 1).SelectMany(other => one.Layers
            .Select(layer => (Layer: layer, Same: other.Layers.FirstOrDefault(same => same.Place == layer.Place && same.Width == layer.Width)))
            .Where(static pair => pair.Same is not null)
            .Select(pair => Compare(one.Name, other.Name, pair.Layer, pair.Same!)))),
    ];

    private static ChannelOverlap Compare(string one, string other, LayerChannels first, LayerChannels second)
    {
        var common = first.Channels.Intersect(second.Channels).Count();
        var chance = new Hypergeometric(first.Width, first.Channels.Count, second.Channels.Count);
        return new ChannelOverlap(
            first.Place,
            one,
            other,
            common,
            Math.Min(first.Channels.Count, second.Channels.Count),
            (double)first.Channels.Count * second.Channels.Count / first.Width,
            Math.Clamp(Enumerable.Range(common, Math.Min(first.Channels.Count, second.Channels.Count) - common + 1).Sum(chance.Probability), 0, 1));
    }
}

/// <summary>Channels that were chosen, layer by layer (TTC, arXiv:2303.07910, Fig. 3), and how far plans agree.</summary>
public static class ChannelFigures
{
    private const string Name = "channels";
    private const string OverlapName = "channels-overlap";

    /// <summary>What tells the channels from other figures.</summary>
    public static FigureKind Kind { get; } = FigureKind.Of(Name, Table([]));

    /// <summary>What tells the agreement from other figures.</summary>
    public static FigureKind OverlapKind { get; } = FigureKind.Of(OverlapName, OverlapTable([]));

    /// <summary>Draws the channels, and of several plans how far they agree.</summary>
    /// <param name="plans">The plans, at least one.</param>
    public static IReadOnlyList<Figure> Draw(IReadOnlyList<PlanChannels> plans)
    {
        ArgumentNullException.ThrowIfNull(plans);
        var places = plans.SelectMany(static plan => plan.Layers.Select(static layer => layer.Place)).Distinct().ToList();
        var channels = new Figure(
            Name,
            "Chosen channels",
            "Which channels were chosen in each layer: a dash each. As in Fig. 3 of TTC, arXiv:2303.07910.",
            Plot(plans, places),
            Table(plans),
            Height: 110 + (places.Count * (12 + (10 * plans.Count))))
        {
            Shown = Summary(plans),
        };
        var overlaps = ChannelOverlap.Between(plans);
        return plans.Count < 2 ? [channels] :
        [
            channels,
            new Figure(
                OverlapName,
                "Agreement of chosen channels",
                "Which share of their channels two plans have in common in each layer; dashed, what chance gives.",
                overlaps.Count == 0 ? null : OverlapPlot(overlaps, places),
                OverlapTable(overlaps)),
        ];
    }

    private static PlotModel Plot(IReadOnlyList<PlanChannels> plans, List<string> places)
    {
        var plot = FigureStyle.Plot();
        var layers = FigureStyle.Modules(AxisPosition.Left, places.Select(place => Short(place, places)), "layer");
        (layers.StartPosition, layers.EndPosition) = (1, 0); // the first on top
        var width = plans.Max(static plan => plan.Layers.Max(static layer => layer.Width));
        var channels = FigureStyle.Axis(AxisPosition.Bottom, "channel");
        (channels.Minimum, channels.Maximum) = (-1, width);
        plot.Axes.Add(layers);
        plot.Axes.Add(channels);
        if (plans.Count > 1)
        {
            plot.Legends.Add(FigureStyle.Legend());
        }

        foreach (var (plan, i) in plans.Select(static (plan, i) => (plan, i)))
        {
            var color = FigureStyle.Distinct[i % FigureStyle.Distinct.Count];
            var middle = ((i + 0.5) / plans.Count * 0.8) - 0.4; // of its row within the layer's
            var half = 0.34 / plans.Count;
            var dashes = new RectangleBarSeries { FillColor = color, StrokeThickness = 0, Title = plans.Count > 1 ? plan.Name : null };
            foreach (var (layer, channel) in plan.Layers.SelectMany(static layer => layer.Channels.Select(channel => (layer, channel))))
            {
                var y = places.IndexOf(layer.Place) + middle;
                dashes.Items.Add(new RectangleBarItem(channel - 0.4, y - half, channel + 0.4, y + half));
            }

            plot.Series.Add(dashes);
        }

        return plot;
    }

    private static PlotModel OverlapPlot(IReadOnlyList<ChannelOverlap> overlaps, List<string> places)
    {
        var plot = FigureStyle.Plot();
        plot.Axes.Add(FigureStyle.Modules(AxisPosition.Bottom, places.Select(place => Short(place, places)), "layer"));
        var share = FigureStyle.Axis(AxisPosition.Left, "in common, %");
        (share.Minimum, share.Maximum) = (0, 102);
        plot.Axes.Add(share);
        plot.Legends.Add(FigureStyle.Legend());
        foreach (var (pair, i) in overlaps.GroupBy(static overlap => $"{overlap.One}, {overlap.Other}").Select(static (pair, i) => (pair, i)))
        {
            var color = FigureStyle.Distinct[i % FigureStyle.Distinct.Count];
            var line = new LineSeries { Title = pair.Key, Color = color, StrokeThickness = 1.8, MarkerType = MarkerType.Circle, MarkerSize = 4, MarkerFill = color };
            line.Points.AddRange(pair.Select(overlap => new DataPoint(places.IndexOf(overlap.Place), 100 * overlap.Share)));
            var chance = new LineSeries { Color = color, LineStyle = LineStyle.Dash, StrokeThickness = 1.2 };
            chance.Points.AddRange(pair.Select(overlap => new DataPoint(places.IndexOf(overlap.Place), 100 * overlap.Expected / overlap.Of)));
            plot.Series.Add(line);
            plot.Series.Add(chance);
        }

        return plot;
    }

    // A layer's number, where that is enough to tell places apart.
    private static string Short(string place, List<string> places)
    {
        return places.Count(other => Number(other) == Number(place)) == 1 ? Number(place) : place;

        static string Number(string place) => place.Split('.').FirstOrDefault(static part => part.All(char.IsAsciiDigit)) ?? place;
    }

    private static DataTable Table(IReadOnlyList<PlanChannels> plans) => DataTable.Of(
        plans.SelectMany(static plan => plan.Layers.SelectMany(layer => layer.Channels.Select(channel => (Plan: plan, layer.Place, layer.Width, Channel: channel)))),
        (new Column("plan", "plan"), static row => row.Plan.Name),
        (new Column("task", "task"), static row => row.Plan.Task),
        (new Column("place", "place"), static row => row.Place),
        (new Column("width", "of", Numbers.Whole), static row => row.Width),
        (new Column("channel", "channel", Numbers.Whole), static row => row.Channel));

    private static DataTable Summary(IReadOnlyList<PlanChannels> plans) => DataTable.Of(
        plans.SelectMany(static plan => plan.Layers.Select(layer => (Plan: plan, Layer: layer))),
        (new Column("plan", "plan"), static row => row.Plan.Name),
        (new Column("task", "task"), static row => row.Plan.Task),
        (new Column("place", "place"), static row => row.Layer.Place),
        (new Column("channels", "channels", Numbers.Whole), static row => row.Layer.Channels.Count),
        (new Column("width", "of", Numbers.Whole), static row => row.Layer.Width),
        (new Column("first", "first"), static row => string.Join(' ', row.Layer.Channels.Take(4)) + " …"));

    private static DataTable OverlapTable(IReadOnlyList<ChannelOverlap> overlaps) => DataTable.Of(
        overlaps,
        (new Column("place", "place"), static overlap => overlap.Place),
        (new Column("one", "plan"), static overlap => overlap.One),
        (new Column("other", "and"), static overlap => overlap.Other),
        (new Column("common", "in common", Numbers.Whole), static overlap => overlap.Common),
        (new Column("of", "of", Numbers.Whole), static overlap => overlap.Of),
        (new Column("expected", "by chance", Numbers.Value), static overlap => overlap.Expected),
        (new Column("p_value", "p", Numbers.PValue), static overlap => overlap.PValue));
}
