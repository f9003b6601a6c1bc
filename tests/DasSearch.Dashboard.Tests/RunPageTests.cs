using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using DasSearch.Core.Plans;
using DasSearch.Formats;
using DasSearch.Reporter.Reports;
using DasSearch.Store;

namespace DasSearch.Dashboard.Tests;

/// <summary>What pages are told of runs: the words and numbers of reports, live, whatever happens to the database.</summary>
public sealed class RunPageTests
{
    private static readonly TimeSpan _soon = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task Runs_AreListedWithWhatCameOfThem_WhateverTheirNames()
    {
        await using var visit = await Visit.StartAsync();
        var runs = (await visit.JsonAsync("/api/runs")).EnumerateArray().ToList();

        Assert.Equal(["vqa-das4", Visit.HostileName], runs.Select(static run => run.GetProperty("line").GetProperty("name").GetString()));
        Assert.All(runs, static run => Assert.Equal("4,5", run.GetProperty("skipped").GetString()));
        Assert.All(runs, static run => Assert.Equal("done", run.GetProperty("line").GetProperty("status").GetString()));
    }

    [Fact]
    public async Task Run_HasTheWordsAndNumbersOfItsReport()
    {
        await using var visit = await Visit.StartAsync(runs: 1);
        var run = await visit.JsonAsync("/api/runs/1");
        using var store = RunStore.OpenToRead(visit.Database, TimeProvider.System);
        var report = Report.Read(store.Read, ["1"]);
        var expected = report.Runs[0];

        Assert.Equal(expected.Verdict.Answer, run.GetProperty("verdict").GetProperty("answer").GetString());
        Assert.Equal(expected.Verdict.Confidence, run.GetProperty("verdict").GetProperty("confidence").GetString());
        Assert.Equal(expected.Figures.Select(static figure => figure.Name), run.GetProperty("figures").EnumerateArray().Select(static figure => figure.GetProperty("name").GetString()));
        Assert.Equal("0,9,3,4", string.Join(',', run.GetProperty("choices").GetProperty("rows")[0].EnumerateArray().Select(static cell => cell.ToString())));
        Assert.Equal(2, run.GetProperty("choices").GetProperty("rows").GetArrayLength());
        Assert.Equal("train.loss", run.GetProperty("curves")[0].GetProperty("name").GetString());
        foreach (var figure in expected.Figures)
        {
            var csv = new StringWriter();
            figure.Table.WriteCsv(csv);
            Assert.Equal(csv.ToString(), await visit.Client.GetStringAsync(new Uri($"/api/runs/1/table.csv?name={figure.Name}", UriKind.Relative)));
        }

        // The very files of das report.
        ReportWriter.Write(report, visit.PathOf("report"), [FigureFormat.Svg], new OutputGuard(isForced: false, "-o"));
        using var archive = new ZipArchive(await visit.Client.GetStreamAsync(new Uri("/api/runs/1/report.zip", UriKind.Relative)));
        Assert.Equal(Directory.GetFiles(visit.PathOf("report")).Select(Path.GetFileName).Order(), archive.Entries.Select(static entry => entry.Name).Order());
        using var page = new StreamReader(archive.GetEntry("report-1/index.html")!.Open());
        Assert.Equal(await File.ReadAllTextAsync(visit.PathOf("report/index.html")), await page.ReadToEndAsync());
    }

    [Fact]
    public async Task Run_ThatWarmsUp_SaysSo()
    {
        await using var visit = await Visit.StartAsync(runs: 1);
        using var warming = visit.Add("warming up", rounds: 0);
        var verdict = (await visit.JsonAsync("/api/runs/2")).GetProperty("verdict");
        Assert.Equal("Run 2 has no rounds yet: its search warms up.", verdict.GetProperty("confidence").GetString());
    }

    [Fact]
    public async Task Run_ThatGoesOn_SaysWhatItIsAt()
    {
        await using var visit = await Visit.StartAsync(runs: 1);
        using var recording = visit.Add("live", rounds: 0);
        Assert.Equal(JsonValueKind.Null, (await visit.JsonAsync("/api/runs"))[0].GetProperty("progress").ValueKind);
        Assert.Equal(("warming up", "190", "1.1000", null), await ProgressAsync());
        recording.Record(0);
        Assert.Equal(("searching", "190", "1.1000", null), await ProgressAsync());
        await Task.Delay(10);
        await visit.TrainAsync(2, ("4,5", "das", 0, 0.7)); // of what it chose so far
        recording.Record(1);
        var searching = await ProgressAsync();
        Assert.Equal("searching", searching.Phase);
        Assert.Matches("^[0-9]+:[0-9]{2}$", searching.Left);
        recording.Writer.Record(PlanFile.Parse(await visit.Client.GetStringAsync(new Uri("/api/runs/2/plan.json?skip=4,5", UriKind.Relative)), "plan.json"));
        Assert.Equal(("over, finding out which parts of the adapters matter", "190", "1.1000", null), await ProgressAsync());
        recording.Writer.Record([new AdapterEvidence(0, Placement.Replace, "module", 30, 21, 1000, [1])]);
        Assert.Equal(("over, measuring what skipping each module saves", "190", "1.1000", null), await ProgressAsync());

        async Task<(string? Phase, string? Batches, string? Loss, string? Left)> ProgressAsync()
        {
            var progress = (await visit.JsonAsync("/api/runs"))[1].GetProperty("progress");
            return (progress.GetProperty("phase").GetString(), progress.GetProperty("batches").GetString(), progress.GetProperty("loss").GetString(), progress.GetProperty("left").GetString());
        }
    }

    [Fact]
    public async Task WhatIf_SaysWhatASetComesTo_AndItsPlanIsAFile()
    {
        await using var visit = await Visit.StartAsync(runs: 1);
        var chosen = await visit.JsonAsync("/api/runs/1/what-if");
        Assert.Equal("4,5", chosen.GetProperty("text").GetString());
        Assert.Matches(@"^\d of 15$", Fact(chosen, "predicted rank"));
        Assert.StartsWith("No single swap is expected to be better", chosen.GetProperty("swap").GetString(), StringComparison.Ordinal);
        Assert.Matches(
            "^Skipping [0-5],[0-5] is expected to have [0-9.]+ more of reward, (more than chance|which is less than what is known of either: they may as well be equal)\\.$",
            (await visit.JsonAsync("/api/runs/1/what-if?skip=0,1")).GetProperty("swap").GetString());
        var verdict = (await visit.JsonAsync("/api/runs/1")).GetProperty("verdict");
        Assert.Equal(verdict.GetProperty("confidence").GetString(), chosen.GetProperty("confidence").GetString());
        Assert.Equal(verdict.GetProperty("coinTosses").GetRawText(), chosen.GetProperty("coinTosses").GetRawText());
        Assert.Equal("never proposed", Fact(await visit.JsonAsync("/api/runs/1/what-if?skip=0,3"), "measured in the search"));
        Assert.Contains("other sets alone", (await visit.JsonAsync("/api/runs/1/what-if?skip=-")).GetProperty("noPrediction").GetString(), StringComparison.Ordinal);

        var plan = await visit.Client.GetStringAsync(new Uri("/api/runs/1/plan.json?skip=0,3", UriKind.Relative));
        Assert.Equal("0,3", PlanFile.Parse(plan, "plan.json").Subnetwork.ToString());
        using var packed = new ZipArchive(await visit.Client.GetStreamAsync(new Uri("/api/runs/1/export.zip?skip=0,3&to=csv", UriKind.Relative)));
        Assert.Equal(["plan.csv", "plan.json"], packed.Entries.Select(static entry => entry.Name).Order());
        foreach (var (path, sentence) in new[]
        {
            ("what-if?skip=0,99", "--modules: Modules are numbered from 0 to 5"), ("what-if?skip=../etc", "--modules: Expected module indices"), ("plan.json", "--modules: "),
            ("export.zip?skip=0&to=../x", "there is no target '../x'"), ("export.zip?skip=0&to=onnx", "plan.json is not trained yet"),
            ("export.zip?skip=0&to=optuna&option=runs=7", "there is no run 7"),
        })
        {
            using var answer = await visit.Client.GetAsync(new Uri("/api/runs/1/" + path, UriKind.Relative));
            Assert.False(answer.IsSuccessStatusCode);
            Assert.StartsWith(sentence, JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("problem").GetString(), StringComparison.Ordinal);
        }

        static string? Fact(JsonElement answer, string name) =>
            answer.GetProperty("facts").EnumerateArray().Single(fact => fact.GetProperty("name").GetString() == name).GetProperty("value").GetString();
    }

    [Fact]
    public async Task Runs_BesideEachOther_HaveTheWordsAndNumbersOfTheirReport()
    {
        await using var visit = await Visit.StartAsync();
        var told = await visit.JsonAsync("/api/compare?runs=1,2");
        using var store = RunStore.OpenToRead(visit.Database, TimeProvider.System);
        var report = Report.Read(store.Read, ["1", "2"]);

        Assert.Equal(report.Title, told.GetProperty("title").GetString());
        Assert.Equal(report.Verdict!.Answer, told.GetProperty("verdict").GetProperty("answer").GetString());
        Assert.Equal(report.Figures.Select(static figure => figure.Name), told.GetProperty("figures").EnumerateArray().Select(static figure => figure.GetProperty("name").GetString()));
        var csv = new StringWriter();
        report.Figures[0].Table.WriteCsv(csv);
        Assert.Equal(csv.ToString(), await visit.Client.GetStringAsync(new Uri($"/api/compare/table.csv?runs=1,2&name={report.Figures[0].Name}", UriKind.Relative)));
        foreach (var runs in new[] { "", "1", "1,x", "1,-2", "1,1", "1,9", string.Join(',', Enumerable.Range(1, 13)) })
        {
            using var answer = await visit.Client.GetAsync(new Uri($"/api/compare?runs={runs}", UriKind.Relative));
            Assert.False(answer.IsSuccessStatusCode, runs);
        }
    }

    [Fact]
    public async Task Sets_AreAllThatWereEvaluated_AndFrontsAreOfWhatWasTrained()
    {
        await using var visit = await Visit.StartAsync(runs: 1);
        var sets = (await visit.JsonAsync("/api/runs/1/sets")).GetProperty("sets");
        Assert.Equal(5, sets.GetProperty("cells").GetArrayLength());
        Assert.Equal(sets.GetProperty("rows")[0][0].GetString(), string.Join(',', sets.GetProperty("cells")[0].GetProperty("skip").EnumerateArray().Select(static module => module.GetInt32())));
        Assert.Empty((await visit.JsonAsync("/api/front")).GetProperty("groups").EnumerateArray());

        await visit.TrainAsync(1, ("4,5", "das", 0, 0.8));
        var group = (await visit.JsonAsync("/api/front")).GetProperty("groups").EnumerateArray().Single();
        Assert.Equal("fashionvl-vqa on vilt", group.GetProperty("name").GetString());
        Assert.Equal(1, group.GetProperty("figure").GetProperty("table").GetProperty("rows").GetArrayLength());
        Assert.DoesNotContain("bars", group.GetProperty("figure").GetProperty("caption").GetString(), StringComparison.Ordinal); // one seed has no deviation
        Assert.Empty((await visit.JsonAsync("/api/front")).GetProperty("rewards").EnumerateArray());

        // Three sets that were trained alike, as the search had them: the later the modules, the better.
        await visit.TrainAsync(1, ("2,3", "das", 0, 0.7), ("0,1", "das", 0, 0.6), ("0,1", "das", 1, 0.62), ("0,5", "linear", 0, 0.9));
        var front = await visit.JsonAsync("/api/front");
        var figure = front.GetProperty("groups")[0].GetProperty("figure");
        Assert.Equal(4, figure.GetProperty("table").GetProperty("rows").GetArrayLength());
        Assert.Contains("bars are standard deviations", figure.GetProperty("caption").GetString(), StringComparison.Ordinal);
        var rewards = front.GetProperty("rewards").EnumerateArray().Single();
        Assert.StartsWith("Test accuracy of 3 sets of layers that were trained with das, ", rewards.GetProperty("caption").GetString(), StringComparison.Ordinal);
        Assert.Contains("Kendall's τ is 1.00", rewards.GetProperty("caption").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ThatIsNotThere_IsASentence()
    {
        await using var visit = await Visit.StartAsync(runs: 1);
        foreach (var (path, status, sentence) in new[]
        {
            ("/api/runs/7", HttpStatusCode.NotFound, $"there is no run 7 in {visit.Database}, whose latest is 1"),
            ("/api/runs/1/rounds?since=-1", HttpStatusCode.BadRequest, "since must be a round's number, not '-1'"),
            ("/api/runs/1/table.csv?name=../../etc/passwd", HttpStatusCode.BadRequest, "name must be of importance, "),
        })
        {
            using var answer = await visit.Client.GetAsync(new Uri(path, UriKind.Relative));
            Assert.Equal(status, answer.StatusCode);
            Assert.StartsWith(sentence, JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("problem").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Rounds_AreToldAsTheyAreStored_AndTheirWriterNeverWaits()
    {
        await using var visit = await Visit.StartAsync(runs: 1);
        using var recording = visit.Add("live", rounds: 2);
        using var limit = new CancellationTokenSource(10 * _soon);
        using var stream = new StreamReader(await visit.Client.GetStreamAsync(new Uri($"/api/runs/{recording.Run}/rounds?since=1", UriKind.Relative), limit.Token));
        var first = await NextAsync();
        Assert.Equal("running", first.GetProperty("summary").GetProperty("status").GetString());
        Assert.Equal([1], Rounds(first));

        var begun = TimeProvider.System.GetTimestamp();
        recording.Record(2);
        Assert.Equal([2], Rounds(await NextAsync()));
        Assert.InRange(TimeProvider.System.GetElapsedTime(begun), TimeSpan.Zero, _soon);
        Assert.Equal(3, (await visit.JsonAsync($"/api/runs/{recording.Run}")).GetProperty("summary").GetProperty("rounds").GetInt32());

        async Task<JsonElement> NextAsync()
        {
            string? line;
            do
            {
                line = await stream.ReadLineAsync(limit.Token);
            }
            while (line?.StartsWith("data: ", StringComparison.Ordinal) is false);
            return JsonDocument.Parse(line!["data: ".Length..]).RootElement;
        }

        static IEnumerable<int> Rounds(JsonElement told) => told.GetProperty("rounds").EnumerateArray().Select(static round => round.GetProperty("round").GetInt32());
    }

    [Fact]
    public async Task Database_ThatIsReplaced_IsSeen_AndWhatIsNoneIsASentence()
    {
        await using var visit = await Visit.StartAsync();
        Assert.Equal(2, (await visit.JsonAsync("/api/runs")).GetArrayLength());
        await using (var other = await Visit.StartAsync(runs: 1))
        {
            File.Move(other.Database, visit.Database, overwrite: true);
        }

        Assert.Equal(1, (await visit.JsonAsync("/api/runs")).GetArrayLength());
        await File.WriteAllTextAsync(visit.Database + ".new", string.Concat(Enumerable.Repeat("no database\n", 100)));
        File.Move(visit.Database + ".new", visit.Database, overwrite: true);
        using var answer = await visit.Client.GetAsync(new Uri("/api/runs/1", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("is no database of das", Encoding.UTF8.GetString(await answer.Content.ReadAsByteArrayAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Visitors_InCrowds_AreAllAnswered()
    {
        await using var visit = await Visit.StartAsync(runs: 1);
        var answers = await Task.WhenAll(Enumerable.Range(0, 300).Select(_ => visit.Client.GetStringAsync(new Uri("/api/runs/1", UriKind.Relative))));
        Assert.Single(answers.Distinct());
    }
}
