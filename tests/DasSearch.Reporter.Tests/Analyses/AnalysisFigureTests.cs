using System.Globalization;
using DasSearch.Core;
using DasSearch.Formats;
using DasSearch.Reporter.Analyses;
using DasSearch.Reporter.Reports;
using DasSearch.Exports.Tests.Support;

namespace DasSearch.Reporter.Tests.Analyses;

/// <summary>The numbers of analyses against ones by hand, and their files.</summary>
public sealed class AnalysisFigureTests : IDisposable
{
    private static readonly Dictionary<string, FigureKind> _kinds = new()
    {
        ["skipped"] = SkippedFigure.Kind, ["similarity"] = SimilarityFigure.Kind, ["jsd"] = DivergenceFigure.Kind, ["drift"] = DriftFigure.Kind,
        ["channels"] = ChannelFigures.Kind, ["channels-overlap"] = ChannelFigures.OverlapKind, ["attention"] = AttentionFigures.Kind, ["attention-map"] = AttentionFigures.MapKind,
    };

    private static readonly PlanChannels[] _plans =
    [
        new("one", "vqa", [new("blocks.0.mlp", 10, [0, 1, 2, 3, 4]), new("blocks.1.mlp", 10, [5])]),
        new("other", "nlvr2", [new("blocks.0.mlp", 10, [3, 4, 5, 6, 7])]),
    ];

    private static readonly LayerAttention[] _attentions = [new("blocks.0.attn", 2, new(0.5, 0.3, 0.2), new(0.1, 0.8, 0.1)), new("blocks.1.attn", 2, new(0.4, 0.4, 0.2), new(0.2, 0.7, 0.1))];

    // Two tokens of text, one of an image, two prompts.
    private static readonly TokenAttention[] _maps =
        [.. _attentions.Select(layer => new TokenAttention(layer.Place, [0, 1], [0], 2, [[0.5, 0.2, 0.1, 0.1, 0.1], [0.1, 0.1, 0.1, 0.6, 0.1], [0.1, 0.2, 0.5, 0.1, 0.1]]))];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-analyse-");

    public static TheoryData<string> Names => [.. _kinds.Keys];

    private string Place => Path.Combine(_folder.FullName, "figures");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Names))]
    public void Write_AFigure_HasDrawingsAndNumbers_AndReplacesThemAlone(string name)
    {
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Place).FullName, "mine.txt"), "mine");
        var figure = Made(name);

        Assert.Equal(_kinds[name].Name, figure.Name);
        Assert.Equal(_kinds[name].Columns.Select(column => column.Name), figure.Table.Columns.Select(column => column.Name));
        Assert.Equal([$"{name}.png", $"{name}.csv"], Write(name, FigureFormat.Png));
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], File.ReadAllBytes(PathOf($"{name}.png"))[..4]);
        Assert.Equal([$"{name}.svg", $"{name}.csv"], Write(name, FigureFormat.Svg));
        Assert.StartsWith("<?xml", File.ReadAllText(PathOf($"{name}.svg")), StringComparison.Ordinal);
        Assert.Equal(new[] { "mine.txt", $"{name}.csv", $"{name}.svg" }.Order(), Directory.GetFiles(Place).Select(Path.GetFileName).Order()!);
        Assert.Equal(figure.Table.Rows.Count, CsvRows.Of(PathOf($"{name}.csv")).Count);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Write_OverWhatDasDidNotWrite_IsRefused(string name)
    {
        Directory.CreateDirectory(Place);
        File.WriteAllText(PathOf($"{name}.csv"), "years of work\n");
        Assert.Throws<OutputUsageException>(() => { AnalysisFolder.Claim(Place, [_kinds[name]], [FigureFormat.Svg], new OutputGuard(isForced: false, "-o")); });
        Assert.Throws<OutputUsageException>(() => Write(name, FigureFormat.Svg));
        Assert.Equal("years of work\n", File.ReadAllText(PathOf($"{name}.csv")));
    }

    [Fact]
    public void Divergence_IsWhatTheEquationsGive()
    {
        // softmax of (ln 3, 0) is (3/4, 1/4), of (0, ln 3) the other way round; m is (1/2, 1/2).
        float[] one = [MathF.Log(3), 0], other = [0, MathF.Log(3)];
        var (toMean, fromMean) = ((0.75 * Math.Log(1.5)) + (0.25 * Math.Log(0.5)), (0.5 * Math.Log(0.5 / 0.75)) + (0.5 * Math.Log(0.5 / 0.25)));

        Assert.Equal(toMean, Divergence.Of(one, other, DivergenceForm.True), 1e-7);
        Assert.Equal(fromMean, Divergence.Of(one, other, DivergenceForm.Paper), 1e-7);
        Assert.Equal(0, Divergence.Of(one, one, DivergenceForm.True), 1e-12);
        Assert.Equal(Math.Log(2), Divergence.Of([1000, 0], [0, 1000], DivergenceForm.True), 1e-12);
        Assert.Equal(1 + Divergence.Of(one, other, DivergenceForm.True), 1 + Divergence.Of([100 + MathF.Log(3), 100], [7, 7 + MathF.Log(3)], DivergenceForm.True), 1e-5);
    }

    [Fact]
    public void Jsd_TellsOfMeanAndSpread()
    {
        var figure = DivergenceFigure.Draw([0.1, 0.2, 0.6], DivergenceForm.True, "apt");
        AssertNear([3, 0.3, Math.Sqrt(((0.2 * 0.2) + (0.1 * 0.1) + (0.3 * 0.3)) / 2), 0.1, 0.2, 0.6], figure.Shown.Rows[0]);
        _ = DivergenceFigure.Draw([0], DivergenceForm.Paper, "full");
    }

    [Fact]
    public void Skipped_SumsUpRandomOnes()
    {
        var row = Made("skipped").Shown.Rows[1];
        AssertNear([1, 0.7, 0.55, 0.5, 0.6, 0.4, 0.65], row.SkipLast(1));
        Assert.Equal("1", row[^1]);
    }

    [Fact]
    public void Overlap_IsHeldAgainstChance()
    {
        var only = Assert.Single(ChannelOverlap.Between(_plans)); // the second layer is one plan's
        Assert.Equal(("blocks.0.mlp", "one", "other", 2, 5, 2.5, 0.4), (only.Place, only.One, only.Other, only.Common, only.Of, only.Expected, only.Share));
        Assert.Equal(226.0 / 252, only.PValue, 1e-9); // all but none and one in common: 1 + 25 of C(10, 5)
    }

    [Fact]
    public void AttentionMap_HasTheTokensThatAreLookedAtMost()
    {
        // Token i of 20 is looked at by 20 tokens, each with weight i / 190.
        var row = Enumerable.Range(0, 20).Select(i => i / 190.0).ToArray();
        var map = new TokenAttention("blocks.0.attn", [.. Enumerable.Range(0, 20)], [], 0, [.. Enumerable.Repeat(row, 20)]);
        var figure = AttentionFigures.Draw(_attentions, [map], "apt", samples: 1)[1];

        Assert.Equal(15 * 15, figure.Table.Rows.Count);
        Assert.All(figure.Table.Rows, cells => Assert.InRange((int)cells[4]!, 5, 19));
        Assert.Equal("19 18 17 16", figure.Shown.Rows[0][1]);
    }

    // Of made-up numbers.
    private static Figure Made(string name) => name switch
    {
        "skipped" => SkippedFigure.Draw(
            [
                new(SkipChoice.None, Subnetwork.Whole(2), 0.8, 1),
                new(SkipChoice.Controller, new Subnetwork(2, [1]), 0.7, 1.1),
                new(SkipChoice.Random, new Subnetwork(2, [0]), 0.5, 1.5),
                new(SkipChoice.Random, new Subnetwork(2, [1]), 0.6, 1.1),
                new(SkipChoice.First, new Subnetwork(2, [0]), 0.4, 1.5),
                new(SkipChoice.Last, new Subnetwork(2, [1]), 0.65, 1.1),
            ],
            samples: 10),
        "similarity" => SimilarityFigure.Draw(
            [
                new("plan", [new("embeddings", false, 0.2, 0.3), new("blocks.0", true, 0.4, 0.5)]),
                new("untouched", [new("embeddings", false, 0.2, 0.3), new("blocks.0", false, 0.9, 0.8)]),
            ],
            samples: 10),
        "jsd" => DivergenceFigure.Draw([0.01, 0.02, 0.05], DivergenceForm.True, "apt"),
        "drift" => DriftFigure.Draw(
            [
                new("transformer.blocks.0.norm1", "weight", 0.1, 0.2, 0.3),
                new("transformer.blocks.0.norm1", "bias", 0.1, 0.2, 0.3),
                new("transformer.blocks.0.norm2", "weight", 0.3, 0.4, 0.5),
                new("transformer.norm", "weight", 0.3, 0.4, 0.5),
            ],
            "layer-norm"),
        "channels" => ChannelFigures.Draw(_plans)[0],
        "channels-overlap" => ChannelFigures.Draw(_plans)[1],
        "attention" => AttentionFigures.Draw(_attentions, _maps, "apt", samples: 10)[0],
        "attention-map" => AttentionFigures.Draw(_attentions, _maps, "apt", samples: 10)[1],
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "No such analysis."),
    };

    private static void AssertNear(IEnumerable<double> expected, IEnumerable<object?> actual) =>
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, Convert.ToDouble(pair.Second, CultureInfo.InvariantCulture), 1e-12));

    private string PathOf(string name) => Path.Combine(Place, name);

    private IReadOnlyList<string> Write(string name, FigureFormat format) =>
        AnalysisFolder.Write([Made(name)], Place, [format], new OutputGuard(isForced: false, "-o"));
}
