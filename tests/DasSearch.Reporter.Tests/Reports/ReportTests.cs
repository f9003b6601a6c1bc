using System.Globalization;
using System.Xml.Linq;
using DasSearch.Core.Plans;
using DasSearch.Formats;
using DasSearch.Reporter.Reports;
using DasSearch.Reporter.Tests.Comparison;
using DasSearch.Reporter.Tests.Importance;
using DasSearch.Exports.Tests.Support;
using SkiaSharp;

namespace DasSearch.Reporter.Tests.Reports;

/// <summary>Reports of searches in a real database.</summary>
public sealed class ReportTests : IDisposable
{
    private const string Svg = "{http://www.w3.org/2000/svg}";

    private readonly StoredSearches _searches = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-report-");

    private string Target => Path.Combine(_folder.FullName, "report");

    public void Dispose()
    {
        _searches.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void Write_ARun_TellsWhatToSkipFirstAndNeedsNothingElse()
    {
        Trained(Search(0));
        var files = Write("1");
        var page = Page();
        var body = page.Root!.Element("body")!;

        Assert.Equal("index.html", files[0]);
        Assert.Equal(files.Order(), Directory.GetFiles(Target).Select(Path.GetFileName).Order()!);
        Assert.Equal(["h1", "p", "section"], body.Elements().Take(3).Select(element => element.Name.LocalName));
        var verdict = body.Element("section")!;
        Assert.Equal("Skip layers 0, 2 and 4 of 8.", verdict.Elements("p").First().Value);
        Assert.Contains("probability of", verdict.Value, StringComparison.Ordinal);
        Assert.Contains("multiply-accumulates−", verdict.Value.Replace("\u00a0", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("test accuracy60.0\u00a0%", verdict.Value, StringComparison.Ordinal);
        Assert.Contains("test accuracy of full fine-tuning80.0\u00a0%", verdict.Value, StringComparison.Ordinal);
        Assert.Equal(
            ["importance", "gates", "rewards", "skips", "interactions", "cost"],
            files.Where(file => file.EndsWith(".svg", StringComparison.Ordinal)).Select(Path.GetFileNameWithoutExtension));
        Assert.Equal(6, body.Descendants(Svg + "svg").Count());

        // What became of it, in the order of time.
        var events = body.Elements("details").Single(details => details.Element("summary")!.Value == "Events").Descendants("li").Select(entry => entry.Value.Split("UTC: ")[1]).ToList();
        Assert.Equal("begun", events[0]);
        Assert.Contains("plan without 0,2,4 trained with ", string.Join('\n', events), StringComparison.Ordinal);
        Assert.Contains("begun", File.ReadAllText(Path.Combine(Target, "summary.md")).Split("## Events")[1], StringComparison.Ordinal);

        // Nothing is run and nothing is fetched: all that the page refers to lies beside it.
        Assert.Empty(page.Descendants("script"));
        Assert.DoesNotContain(page.Descendants().Attributes(), attribute => attribute.Name.LocalName is "src" || attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal));
        Assert.All(page.Descendants("a"), link => Assert.True(File.Exists(Path.Combine(Target, link.Attribute("href")!.Value))));
    }

    [Fact]
    public void Write_ARun_HasItsNumbersAsCsv()
    {
        var search = Search(0);
        Trained(search);
        Write("1");

        var analysis = search.Analyse();
        var importance = Csv("importance.csv");
        Assert.Equal(analysis.Layers.Select(layer => layer.Importance!.Value), importance.Select(row => Number(row["importance"])));
        Assert.Equal(analysis.Layers.Select(layer => layer.Importance!.Lower), importance.Select(row => Number(row["lower"])));
        Assert.Equal(["0", "2", "4"], importance.Where(row => row["skipped"] == "skip").Select(row => row["module"]));
        var gates = search.Walk().Last().After.Gates;
        Assert.Equal(gates.Select(gate => 1 / (1 + Math.Exp(-gate))), Enumerable.Range(0, 8).Select(i => Number(Csv("gates.csv")[^1][$"probability_{i}"])), (one, other) => Math.Abs(one - other) < 1e-12);
        Assert.Equal(search.Rounds, Csv("rewards.csv").Count);
        Assert.Equal(3 * 3 * search.Rounds, Csv("skips.csv").Sum(row => Number(row["n_skipped"])));
        Assert.Equal(28, Csv("interactions.csv").Count);
        Assert.Equal(["0.6", "0.8"], Csv("cost.csv").Select(row => row["test_accuracy"]));
    }

    [Fact]
    public void Write_LongRun_ShowsNoMorePointsThanAFigureHasRoomFor()
    {
        _searches.Add(Search(0) with { Rounds = 1001 }).Dispose();
        Write("1");

        var gates = Csv("gates.csv");
        Assert.Equal(("0", "1000", 250), (gates[0]["round"], gates[^1]["round"], gates.Count));
        Assert.Equal(("0", "1000"), (Csv("rewards.csv")[0]["first_round"], Csv("rewards.csv")[^1]["last_round"]));
        Assert.Equal(3003, Csv("rewards.csv").Sum(row => Number(row["evaluations"])));
        Assert.Contains("250 of 1,001 rounds are shown", Page().Root!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_SeedsOfOneSearch_TellTheirConsensusAndHowStableItIs()
    {
        for (var seed = 0; seed < 3; seed++)
        {
            _searches.Add(Search(seed)).Dispose();
        }

        var files = Write("1", "2", "3");
        var body = Page().Root!.Element("body")!;

        Assert.Equal("Skip layers 0, 2 and 4 of 8.", body.Element("section")!.Elements("p").First().Value);
        Assert.Equal(4, body.Descendants("section").Count());
        Assert.Contains("agreement.svg", files);
        Assert.Contains("run-3-importance.svg", files);
        Assert.Equal(["1 2", "1 3", "2 3"], Csv("agreement.csv").Select(row => $"{row["first_run"]} {row["second_run"]}"));
        Assert.Equal(8, Csv("consensus.csv").Count);
        Assert.All(body.Descendants("a"), link => Assert.True(File.Exists(Path.Combine(Target, link.Attribute("href")!.Value))));
    }

    [Fact]
    public void Write_ABackboneOfTwoStreams_TellsThemApart()
    {
        for (var seed = 0; seed < 2; seed++)
        {
            _searches.Add(Search(seed), backbone: "meter", streams: ["text", "image"]).Dispose();
        }

        Write("1", "2");

        // Text layers are 0, 2, 4 and 6, whose effects are 0.07 together; the others' are -0.07: importance is the mean effect less theirs.
        foreach (var (file, tolerance) in new[] { ("run-1-streams.csv", 0.003), ("streams.csv", 0.002) })
        {
            var rows = Csv(file);
            Assert.Equal(["text", "text", "text", "text", "text", "image", "image", "image", "image", "image"], rows.Select(row => row["stream"]));
            Assert.Equal(["0", "1", "2", "3", "mean"], rows.Take(5).Select(row => row["depth"]));
            Assert.Equal("transformer.blocks.3", rows[6]["name"]);
            Assert.Equal([-0.0175, 0.0175], rows.Where(row => row["depth"] == "mean").Select(row => Number(row["importance"])), (one, other) => Math.Abs(one - other) < tolerance);
            Assert.True(Number(rows[4]["upper"]) < 0 && Number(rows[9]["lower"]) > 0);
        }

        Assert.Contains("On average: text -0.01", Page().Root!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_RunsOfDifferentSearches_SayWhyThereIsNoConsensus()
    {
        _searches.Add(Search(0)).Dispose();
        _searches.Add(Search(1) with { Skip = 2 }, settings: "skip: 2\n").Dispose();
        Write("1", "2");

        var text = Page().Root!.Value;
        Assert.Contains("There is no consensus, since the runs skip different numbers of modules: 3, 2.", text, StringComparison.Ordinal);
        Assert.Equal([("skip", "4", "2")], Csv("settings.csv").Select(row => (row["setting"], row["run_1"], row["run_2"])));
    }

    [Theory]
    [InlineData(0, "No verdict: the run has no rounds.")]
    [InlineData(1, "The rewards are too few to say how sure that is.")]
    public void Write_HardlyAnyRounds_SaysSo(int rounds, string expected)
    {
        _searches.Add(Search(0) with { Rounds = rounds }).Dispose();
        Write("1");

        Assert.Contains(expected, Page().Root!.Value, StringComparison.Ordinal);
        Assert.Contains(expected, File.ReadAllText(Path.Combine(Target, "summary.md")), StringComparison.Ordinal);
        Assert.Contains("There is not enough evidence yet", Page().Root!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_NamesLikeMarkup_AreText()
    {
        const string Name = "<script>alert(1)</script> & [x](y) | *z*";
        _searches.Add(Search(0), name: Name).Dispose();
        Write("1");

        Assert.Empty(Page().Descendants("script"));
        Assert.Equal(Name + " · run 1", Page().Descendants("h1").Single().Value);
        var first = File.ReadLines(Path.Combine(Target, "summary.md")).First();
        Assert.Equal(@"# \<script\>alert(1)\</script\> & \[x\](y) \| \*z\* · run 1", first);
    }

    [Fact]
    public void Write_OverAnOlderReport_ReplacesItAsAWhole()
    {
        _searches.Add(Search(0)).Dispose();
        _searches.Add(Search(1)).Dispose();
        Write("1", "2");
        var files = Write("2");

        Assert.Equal(files.Order(), Directory.GetFiles(Target).Select(Path.GetFileName).Order()!);
        Assert.Single(Directory.GetDirectories(_folder.FullName));
    }

    [Fact]
    public void Write_OverOtherThings_LeavesThem()
    {
        _searches.Add(Search(0)).Dispose();
        Directory.CreateDirectory(Target);
        var thesis = Path.Combine(Target, "thesis.tex");
        File.WriteAllText(thesis, "years of work");

        Write("1");
        Assert.Equal("years of work", File.ReadAllText(thesis));
        Assert.True(File.Exists(Path.Combine(Target, "index.html")));
        Assert.Single(Directory.GetFileSystemEntries(_folder.FullName));

        File.WriteAllText(Path.Combine(Target, "index.html"), "<!DOCTYPE html>my home page");
        var failure = Assert.Throws<OutputUsageException>(() => Write("1"));
        Assert.Contains("index.html is there already, and is no file of a report that das wrote", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Twice_IsTheSame()
    {
        _searches.Add(Search(0)).Dispose();
        Write("1");
        var first = Directory.GetFiles(Target).Order().Select(File.ReadAllText).ToList();
        Write("1");

        Assert.Equal(first, Directory.GetFiles(Target).Order().Select(File.ReadAllText));
    }

    [Fact]
    public void Write_EveryFormat_HasEveryFigureInEach_TheSameOnceMore()
    {
        for (var seed = 0; seed < 3; seed++)
        {
            Trained(Search(seed));
        }

        var files = Write([FigureFormat.Svg, FigureFormat.Png, FigureFormat.Pdf], "1", "2", "3");
        var first = Directory.GetFiles(Target).Order().ToDictionary(file => file, File.ReadAllBytes);
        Write([FigureFormat.Svg, FigureFormat.Png, FigureFormat.Pdf], "1", "2", "3");

        Assert.Equal(21, files.Count(file => file.EndsWith(".svg", StringComparison.Ordinal)));
        Assert.All(files.Where(file => file.EndsWith(".svg", StringComparison.Ordinal)), file =>
        {
            Assert.Contains(Path.ChangeExtension(file, ".png"), files);
            Assert.Contains(Path.ChangeExtension(file, ".pdf"), files);
        });
        Assert.All(first, file => Assert.Equal(file.Value, File.ReadAllBytes(file.Key)));
        Assert.All(first.Where(file => file.Key.EndsWith(".png", StringComparison.Ordinal)), file =>
        {
            using var picture = SKBitmap.Decode(file.Value);
            Assert.Equal(1520, picture.Width);
        });
        Assert.All(first.Where(file => file.Key.EndsWith(".pdf", StringComparison.Ordinal)), file =>
            Assert.Equal("%PDF-"u8, file.Value.AsSpan(0, 5)));
        Assert.All(Page().Descendants("a"), link => Assert.True(File.Exists(Path.Combine(Target, link.Attribute("href")!.Value))));
    }

    [Fact]
    public void Write_PdfAlone_IsLinkedFromTheSummary_AndThePageStillShowsItsFigures()
    {
        _searches.Add(Search(0)).Dispose();
        var files = Write([FigureFormat.Pdf], "1");

        Assert.DoesNotContain(files, file => file.EndsWith(".svg", StringComparison.Ordinal));
        Assert.Equal(5, Page().Descendants(Svg + "svg").Count());
        Assert.Contains("\n[Layer importance](importance.pdf)\n", File.ReadAllText(Path.Combine(Target, "summary.md")), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Svg_HasTextAsText_AndNumbersWithPoints()
    {
        var culture = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = ",", NegativeSign = "~" } };
        try
        {
            _searches.Add(Search(0)).Dispose();
            Write("1");
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }

        var svg = XDocument.Load(Path.Combine(Target, "importance.svg")).Root!;
        Assert.Equal(("760", "380"), (svg.Attribute("width")!.Value, svg.Attribute("height")!.Value));
        var texts = svg.Descendants(Svg + "text").Select(text => text.Value).ToList();
        Assert.Superset(new HashSet<string> { "importance, in reward", "layer", "skipped", "kept", "-0.02" }, texts.ToHashSet());
        Assert.DoesNotContain(svg.DescendantsAndSelf().Attributes(), attribute => attribute.Value.Contains('~', StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1280, 900)]
    [InlineData(500, 1100)] // as narrow as Chromium's windows get
    public async Task Write_InABrowser_NothingOverlapsAndNothingIsCut(int width, int height)
    {
        for (var seed = 0; seed < 3; seed++)
        {
            Trained(Search(seed));
        }

        Write("1", "2", "3");
        var layout = await Browser.LayOutAsync(Path.Combine(Target, ReportWriter.Page), width, height);

        Assert.Empty(layout.Wrong);
        Assert.InRange(layout.Width, width - 20, width);
        Assert.InRange(layout.VerdictEnds, 100, height);
    }

    private static SimulatedSearch Search(long seed) => new()
    {
        Effects = [0.03, -0.02, 0.03, -0.02, 0.03, -0.02, -0.02, -0.01], Skip = 3, Rounds = 100, Seed = seed,
    };

    private void Trained(SimulatedSearch search)
    {
        using var recorder = _searches.Add(search);
        recorder.Record(StoredSearches.Trained("0,2,4", 8, seed: 0, accuracy: 0.6, latency: new PlanLatency(64, 10, 9)));
        recorder.Record(StoredSearches.Trained("-", 8, seed: 0, accuracy: 0.8, method: "full"));
    }

    private IReadOnlyList<string> Write(params string[] runs) => Write([FigureFormat.Svg], runs);

    private IReadOnlyList<string> Write(IReadOnlyList<FigureFormat> formats, params string[] runs) =>
        ReportWriter.Write(Report.Read(_searches.Read, runs), Target, formats);

    private XDocument Page() => XDocument.Load(Path.Combine(Target, ReportWriter.Page));

    private List<Dictionary<string, string>> Csv(string name) => CsvRows.Of(Path.Combine(Target, name));

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
