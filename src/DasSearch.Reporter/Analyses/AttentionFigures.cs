using System.Globalization;
using DasSearch.Core;
using DasSearch.Reporter.Reports;
using OxyPlot;
using OxyPlot.Annotations;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace DasSearch.Reporter.Analyses;

/// <summary>Where tokens look at one attention, on average.</summary>
/// <param name="Place">The sub-layer's name.</param>
/// <param name="Prompts">How many prompts there are.</param>
/// <param name="Text">Where texts' tokens look.</param>
/// <param name="Image">Where images' tokens look.</param>
public sealed record LayerAttention(string Place, int Prompts, TokenShares Text, TokenShares Image);

/// <summary>Shares of what tokens look at, 1 in all.</summary>
public readonly record struct TokenShares(double Text, double Image, double Prompt);

/// <summary>Where each token of one sample looks.</summary>
/// <param name="Place">The sub-layer's name.</param>
/// <param name="Texts">Places of its text's tokens in the text.</param>
/// <param name="Images">Places of its image's tokens in the image.</param>
/// <param name="Prompts">How many prompts there are.</param>
/// <param name="Weights">[texts, then images][texts, then images, then prompts]: shares.</param>
public sealed record TokenAttention(string Place, IReadOnlyList<int> Texts, IReadOnlyList<int> Images, int Prompts, IReadOnlyList<IReadOnlyList<double>> Weights);

/// <summary>Which tokens look at which prompts, layer by layer (APT, arXiv:2306.15706, Fig. 3).</summary>
public static class AttentionFigures
{
    private const string Name = "attention";
    private const string MapName = "attention-map";

    /// <summary>What tells the shares from other figures.</summary>
    public static FigureKind Kind { get; } = FigureKind.Of(Name, Table([]));

    /// <summary>What tells the map from other figures.</summary>
    public static FigureKind MapKind { get; } = FigureKind.Of(MapName, MapTable([]));

    /// <summary>Draws shares by layer, and the map of one sample.</summary>
    /// <param name="layers">The attentions, in order; at least one.</param>
    /// <param name="maps">The same of one sample.</param>
    /// <param name="method">What the network was trained with.</param>
    /// <param name="samples">How many samples the shares are of.</param>
    public static IReadOnlyList<Figure> Draw(IReadOnlyList<LayerAttention> layers, IReadOnlyList<TokenAttention> maps, string method, int samples)
    {
        ArgumentNullException.ThrowIfNull(layers);
        ArgumentNullException.ThrowIfNull(maps);
        var shown = maps.Select(static map => ShownAttention.Of(map)).ToList();
        return
        [
            new Figure(
                Name,
                "Where tokens look",
                $"Shares of what tokens look at with {method}, means over {Numbers.Count(samples)} samples: solid, texts' tokens; dashed, images'. "
                    + "Prompts beside attention, as apt's, have weights of their own, and shares are of those and of attention's together. As in Fig. 3 of APT, arXiv:2306.15706.",
                Plot(layers),
                Table(layers)),
            new Figure(
                MapName,
                "Which token looks at which",
                "One sample in the first, the middle and the last attention: each row a token that looks, each column what it looks at, the "
                    + $"{ShownAttention.MostTokens} tokens of text and of image and the {ShownAttention.MostPrompts} prompts that are looked at most; the darkest cell of a layer is its largest share.",
                MapPlot([.. new[] { 0, shown.Count / 2, shown.Count - 1 }.Distinct().Select(i => shown[i])]),
                MapTable(shown),
                Height: 860)
            {
                Shown = Summary(shown),
            },
        ];
    }

    private static PlotModel Plot(IReadOnlyList<LayerAttention> layers)
    {
        var plot = FigureStyle.Plot();
        plot.Axes.Add(FigureStyle.Modules(AxisPosition.Bottom, layers.Select(static layer => Short(layer.Place)), "layer"));
        var share = FigureStyle.Axis(AxisPosition.Left, "share, %");
        (share.Minimum, share.Maximum) = (0, 102);
        plot.Axes.Add(share);
        plot.Legends.Add(FigureStyle.Legend());
        foreach (var (from, style, of) in new (string, LineStyle, Func<LayerAttention, TokenShares>)[]
        {
            ("text", LineStyle.Solid, static layer => layer.Text), ("image", LineStyle.Dash, static layer => layer.Image),
        })
        {
            foreach (var (to, color, read) in new (string, OxyColor, Func<TokenShares, double>)[]
            {
                ("text", FigureStyle.Distinct[1], static shares => shares.Text),
                ("image", FigureStyle.Distinct[2], static shares => shares.Image),
                ("prompt", FigureStyle.Distinct[0], static shares => shares.Prompt),
            })
            {
                var line = new LineSeries { Title = $"{from} → {to}", Color = color, LineStyle = style, StrokeThickness = 1.8, MarkerType = MarkerType.Circle, MarkerSize = 3, MarkerFill = color };
                line.Points.AddRange(layers.Select((layer, i) => new DataPoint(i, 100 * read(of(layer)))));
                plot.Series.Add(line);
            }
        }

        return plot;
    }

    // One tier a layer, the first on top.
    private static PlotModel MapPlot(IReadOnlyList<ShownAttention> layers)
    {
        const double Gap = 0.03;
        var plot = FigureStyle.Plot();
        plot.PlotAreaBorderThickness = new OxyThickness(0);
        plot.Axes.Add(FigureStyle.Modules(AxisPosition.Bottom, Labels(layers[0].Looked), "looked at"));
        plot.Axes.Add(FigureStyle.Sequential("share of the largest"));
        foreach (var (layer, i) in layers.Select(static (layer, i) => (layer, i)))
        {
            var rows = FigureStyle.Modules(AxisPosition.Left, Labels(layer.Looking), $"layer {Short(layer.Place)}");
            var top = 1 - ((double)i / layers.Count);
            (rows.Key, rows.StartPosition, rows.EndPosition) = (layer.Place, top, top - (1.0 / layers.Count) + Gap);
            plot.Axes.Add(rows);
            var most = layer.Weights.Max(static row => row.Max()) is var largest && largest > 0 ? largest : 1;
            var cells = new double[layer.Looked.Count, layer.Looking.Count];
            for (var to = 0; to < layer.Looked.Count; to++)
            {
                for (var from = 0; from < layer.Looking.Count; from++)
                {
                    cells[to, from] = layer.Weights[from][to] / most;
                }
            }

            var map = FigureStyle.Cells(cells);
            map.YAxisKey = layer.Place;
            plot.Series.Add(map);
            foreach (var border in Borders(layer.Looked))
            {
                plot.Annotations.Add(new LineAnnotation { Type = LineAnnotationType.Vertical, X = border, YAxisKey = layer.Place, Color = OxyColors.Gray, LineStyle = LineStyle.Solid, StrokeThickness = 1 });
            }

            foreach (var border in Borders(layer.Looking))
            {
                plot.Annotations.Add(new LineAnnotation { Type = LineAnnotationType.Horizontal, Y = border, YAxisKey = layer.Place, Color = OxyColors.Gray, LineStyle = LineStyle.Solid, StrokeThickness = 1 });
            }
        }

        return plot;
    }

    // What a block of tokens is, in its middle.
    private static IEnumerable<string> Labels(IReadOnlyList<ShownToken> tokens) => tokens.Select((token, i) =>
    {
        var block = tokens.Index().Where(other => other.Item.Kind == token.Kind).Select(static other => other.Index).ToList();
        return i == block[block.Count / 2] ? token.Kind : "";
    });

    private static IEnumerable<double> Borders(IReadOnlyList<ShownToken> tokens) =>
        Enumerable.Range(1, Math.Max(tokens.Count - 1, 0)).Where(i => i < tokens.Count && tokens[i].Kind != tokens[i - 1].Kind).Select(static i => i - 0.5);

    private static string Short(string place) => place.Split('.').FirstOrDefault(static part => part.All(char.IsAsciiDigit)) ?? place;

    private static DataTable Table(IReadOnlyList<LayerAttention> layers) => DataTable.Of(
        layers,
        (new Column("place", "place"), static layer => layer.Place),
        (new Column("prompts", "prompts", Numbers.Whole), static layer => layer.Prompts),
        (new Column("text_text", "text → text", Numbers.Value), static layer => layer.Text.Text),
        (new Column("text_image", "text → image", Numbers.Value), static layer => layer.Text.Image),
        (new Column("text_prompt", "text → prompt", Numbers.Value), static layer => layer.Text.Prompt),
        (new Column("image_text", "image → text", Numbers.Value), static layer => layer.Image.Text),
        (new Column("image_image", "image → image", Numbers.Value), static layer => layer.Image.Image),
        (new Column("image_prompt", "image → prompt", Numbers.Value), static layer => layer.Image.Prompt));

    private static DataTable MapTable(IReadOnlyList<ShownAttention> maps) => DataTable.Of(
        maps.SelectMany(static map => map.Looking.SelectMany((from, i) => map.Looked.Select((to, j) => (map.Place, From: from, To: to, Share: map.Weights[i][j])))),
        (new Column("place", "place"), static row => row.Place),
        (new Column("from", "from"), static row => row.From.Kind),
        (new Column("from_token", "token", Numbers.Whole), static row => row.From.Number),
        (new Column("to", "to"), static row => row.To.Kind),
        (new Column("to_token", "token", Numbers.Whole), static row => row.To.Number),
        (new Column("share", "share", Numbers.Value), static row => row.Share));

    private static DataTable Summary(IReadOnlyList<ShownAttention> maps) => DataTable.Of(
        maps,
        (new Column("place", "place"), static map => map.Place),
        (new Column("text", "most looked-at of the text"), static map => map.First("text")),
        (new Column("image", "of the image"), static map => map.First("image")),
        (new Column("prompts", "prompts"), static map => map.First("prompt")));

    private sealed record ShownToken(string Kind, int Number, double Looks);

    /// <summary>Those tokens that are looked at most, in their own order.</summary>
    private sealed record ShownAttention(string Place, IReadOnlyList<ShownToken> Looking, IReadOnlyList<ShownToken> Looked, IReadOnlyList<IReadOnlyList<double>> Weights)
    {
        internal const int MostTokens = 15;
        internal const int MostPrompts = 30;
        private const int Named = 4;

        internal static ShownAttention Of(TokenAttention map)
        {
            var all = map.Texts.Select(static token => (Kind: "text", Number: token)).Concat(map.Images.Select(static token => (Kind: "image", Number: token)))
                .Concat(Enumerable.Range(0, map.Prompts).Select(static token => (Kind: "prompt", Number: token)))
                .Select((token, i) => (Place: i, Token: new ShownToken(token.Kind, token.Number, map.Weights.Sum(row => row[i])))).ToList();
            var shown = all.GroupBy(static token => token.Token.Kind).SelectMany(static kind => kind
                .OrderByDescending(static token => token.Token.Looks).ThenBy(static token => token.Place)
                .Take(kind.Key == "prompt" ? MostPrompts : MostTokens)
                .OrderBy(static token => token.Place)).ToList();
            var looking = shown.Where(static token => token.Token.Kind != "prompt").ToList();
            return new ShownAttention(
                map.Place,
                [.. looking.Select(static token => token.Token)],
                [.. shown.Select(static token => token.Token)],
                [.. looking.Select(from => shown.Select(to => map.Weights[from.Place][to.Place]).ToArray())]);
        }

        internal string First(string kind) => string.Join(' ', Looked.Where(token => token.Kind == kind)
            .OrderByDescending(static token => token.Looks).ThenBy(static token => token.Number).Take(Named).Select(static token => token.Number.ToString(CultureInfo.InvariantCulture)));
    }
}
