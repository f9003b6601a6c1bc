using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;

namespace DasSearch.Dashboard.Tests;

/// <summary>What pages begin, and that nobody else does.</summary>
public sealed class JobTests
{
    [Fact]
    public async Task Jobs_AreBegun_AreSeen_AndAreStopped()
    {
        await using var visit = await Visit.StartAsync(runs: 1);
        var (status, job) = await PostAsync(visit, "/api/jobs", """{"command": "train", "run": 1, "skip": "0,3"}""");
        Assert.Equal((HttpStatusCode.OK, "running", 1), (status, job.GetProperty("state").GetString(), job.GetProperty("number").GetInt32()));
        Assert.Equal($"das train {visit.Database}.jobs/1/plan.json --db {visit.Database}", job.GetProperty("command").GetString());
        Assert.Equal(
            await visit.Client.GetStringAsync(new Uri("/api/runs/1/plan.json?skip=0,3", UriKind.Relative)), await File.ReadAllTextAsync($"{visit.Database}.jobs/1/plan.json"));

        Assert.Equal("interrupted", (await StopAsync(visit, 1)).GetProperty("state").GetString());
        Assert.Equal(
            $"called with train {visit.Database}.jobs/1/plan.json --db {visit.Database}\nsaved\n", (await visit.JsonAsync("/api/jobs/1/log")).GetProperty("text").GetString());
        Assert.Equal("job 1 is not running", Problem(await PostAsync(visit, "/api/jobs/1/stop", "{}")));
    }

    [Fact]
    public async Task Jobs_ThatWereStopped_GoOn()
    {
        await using var visit = await Visit.StartAsync(runs: 1);
        Assert.Equal("there is no job 1", Problem(await PostAsync(visit, "/api/jobs/1/go-on", "{}")));

        // A training by the same command in the same folder, where it finds what it saved.
        await PostAsync(visit, "/api/jobs", """{"command": "train", "run": 1, "skip": "0,3"}""");
        Assert.Equal("job 1 is running", Problem(await PostAsync(visit, "/api/jobs/1/go-on", "{}")));
        var training = await StopAsync(visit, 1);
        Assert.Equal((true, 1, ""), (training.GetProperty("canGoOn").GetBoolean(), training.GetProperty("run").GetInt32(), training.GetProperty("last").GetString()));
        var again = (await PostAsync(visit, "/api/jobs/1/go-on", "{}")).Answer;
        Assert.Equal(("running", 1, training.GetProperty("command").GetString()), (again.GetProperty("state").GetString(), again.GetProperty("number").GetInt32(), again.GetProperty("command").GetString()));
        Assert.StartsWith("called with train ", again.GetProperty("last").GetString(), StringComparison.Ordinal);
        await StopAsync(visit, 1);

        // A search as the run that it said to have become.
        var search = (await PostAsync(visit, "/api/jobs", """{"command": "search", "settings": "a.yaml"}""")).Answer;
        Assert.Equal(7, search.GetProperty("run").GetInt32());
        await StopAsync(visit, 2);
        var resumed = (await PostAsync(visit, "/api/jobs/2/go-on", "{}")).Answer;
        Assert.Equal(("done", 3, 7), (resumed.GetProperty("state").GetString(), resumed.GetProperty("number").GetInt32(), resumed.GetProperty("run").GetInt32()));
        Assert.Equal($"das resume 7 -o {visit.Database}.jobs/3/plan.json --db {visit.Database}", resumed.GetProperty("command").GetString());
        Assert.Equal("job 3 is done", Problem(await PostAsync(visit, "/api/jobs/3/go-on", "{}")));

        File.Delete($"{visit.Database}.jobs/1/arguments");
        Assert.StartsWith("job 1 was begun by an older das", Problem(await PostAsync(visit, "/api/jobs/1/go-on", "{}")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"command": "search", "settings": "wrong.yaml"}""", "das: wrong.yaml is not there")]
    [InlineData("""{"command": "search", "settings": "--help"}""", "'--help' is an option, and no setting")]
    [InlineData("""{"command": "search", "settings": "a.yaml", "set": ["--force"]}""", "'--force' is an option, and no setting")]
    [InlineData("""{"command": "train", "run": 1, "skip": "0,99"}""", "--modules: Modules are numbered from 0 to 5")]
    [InlineData("""{"command": "rm", "run": 1}""", "a job is the command resume with a run")]
    [InlineData("""{"command": """, "the request is no JSON of a job")]
    public async Task Jobs_ThatCannotBe_AreASentence(string body, string sentence)
    {
        await using var visit = await Visit.StartAsync(runs: 1);
        Assert.StartsWith(sentence, Problem(await PostAsync(visit, "/api/jobs", body)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plans_OfJobs_AreExportedByJobs_AndTheirFilesTakenAlong()
    {
        await using var visit = await Visit.StartAsync(runs: 1);
        Assert.Equal("job 1 has no plan", Problem(await PostAsync(visit, "/api/jobs", """{"command": "export", "job": 1, "to": "csv"}""")));
        Assert.True((await PostAsync(visit, "/api/jobs", """{"command": "resume", "run": 1}""")).Answer.GetProperty("hasPlan").GetBoolean());
        var (_, job) = await PostAsync(visit, "/api/jobs", """{"command": "export", "job": 1, "to": "optuna", "option": ["runs=all"]}""");
        Assert.Equal(
            $"das export {visit.Database}.jobs/1/plan.json --to optuna -o {visit.Database}.jobs/2/plan.optuna.db --option runs=all --db {visit.Database}", job.GetProperty("command").GetString());
        using var packed = new ZipArchive(await visit.Client.GetStreamAsync(new Uri("/api/jobs/2/files.zip", UriKind.Relative)));
        using var text = new StreamReader(packed.Entries.Single(static entry => entry.FullName == "plan.optuna.db").Open());
        Assert.Equal("exported\n", await text.ReadToEndAsync());
        Assert.Single(packed.Entries);
        using var none = await visit.Client.GetAsync(new Uri("/api/jobs/7/files.zip", UriKind.Relative));
        Assert.Equal(HttpStatusCode.BadRequest, none.StatusCode);
        Assert.StartsWith("there is no target '../x'", Problem(await PostAsync(visit, "/api/jobs", """{"command": "export", "job": 1, "to": "../x"}""")), StringComparison.Ordinal);
        Assert.Equal("'--force' is an option, and no setting", Problem(await PostAsync(visit, "/api/jobs", """{"command": "export", "job": 1, "to": "csv", "option": ["--force"]}""")));
    }

    [Fact]
    public async Task Notes_AreKept_OrWhyNotIsASentence()
    {
        await using var visit = await Visit.StartAsync(runs: 1);
        var (status, line) = await PostAsync(visit, "/api/runs/1/notes", """{"notes": "# Why\r\nsee", "tags": " b, a  b"}""");
        Assert.Equal((HttpStatusCode.OK, "# Why\nsee"), (status, line.GetProperty("notes").GetString()));
        Assert.Equal(["a", "b"], line.GetProperty("tags").EnumerateArray().Select(static tag => tag.GetString()));
        Assert.Equal("# Why\nsee", (await visit.JsonAsync("/api/runs"))[0].GetProperty("line").GetProperty("notes").GetString());
        foreach (var (path, body, sentence) in new[]
        {
            ("/api/runs/1/notes", "{}", "there are neither notes nor tags"), ("/api/runs/1/notes", "null", "there are neither notes nor tags"),
            ("/api/runs/1/notes", """{"notes": """, "the request is no JSON of notes and tags"), ("/api/runs/1/notes", """{"tags": ["a"]}""", "the request is no JSON of notes and tags"),
            ("/api/runs/1/notes", """{"notes": "\u001b[2J"}""", "notes are text, without control characters"), ("/api/runs/9/notes", """{"notes": "x"}""", "there is no run 9 in "),
            ("/api/runs/1/notes", $$"""{"tags": "{{new string('x', 41)}}"}""", "a tag must be a word of 1 to 40 characters"),
        })
        {
            Assert.StartsWith(sentence, Problem(await PostAsync(visit, path, body)), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Requests_ThatAreTooLarge_AreASentence_AndNothingIsWritten()
    {
        await using var visit = await Visit.StartAsync(runs: 1);
        foreach (var path in new[] { "/api/runs/1/notes", "/api/jobs" })
        {
            var refused = await PostAsync(visit, path, $$"""{"notes": "{{new string('x', 1 << 20)}}"}""");
            Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "what a page sends has 1,048,576 bytes at the most"), (refused.Status, Problem(refused)));
        }

        Assert.Equal("", (await visit.JsonAsync("/api/runs/1")).GetProperty("summary").GetProperty("notes").GetString());
    }

    [Fact]
    public async Task Settings_AreAForm_WithTheMessagesOfTheCommandLine()
    {
        await using var visit = await Visit.StartAsync(runs: 1);
        var file = visit.PathOf("vqa.yaml");
        await File.WriteAllTextAsync(file, "task: fashionvl-vqa\nbackbone: vilt\nskip: 2\n");
        var fields = (await visit.JsonAsync($"/api/settings?file={file}&set=search.epochs=7")).EnumerateArray()
            .ToDictionary(static field => field.GetProperty("name").GetString()!, static field => (field.GetProperty("expected").GetString(), field.GetProperty("value").GetString()));
        Assert.Equal(("an integer", "7"), fields["search.epochs"]);
        Assert.Equal(("an integer", "2"), fields["skip"]);
        Assert.Equal("eval or train", fields["validation.mode"].Item1);

        using var answer = await visit.Client.GetAsync(new Uri($"/api/settings?file={file}&set=search.epochs=none", UriKind.Relative));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("search.epochs must be an integer", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        // Those of a run: its file's, and what differs from them.
        visit.Add("again", rounds: 1, (file, ["search.epochs=7", "seed=3"])).Dispose();
        var begun = await visit.JsonAsync("/api/runs/2/settings");
        Assert.Equal(file, begun.GetProperty("file").GetString());
        Assert.Equal(["seed=3", "search.epochs=7"], begun.GetProperty("set").EnumerateArray().Select(static one => one.GetString()));
        using var none = await visit.Client.GetAsync(new Uri("/api/runs/1/settings", UriKind.Relative));
        Assert.Contains("run 1 was not begun from a settings", await none.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Jobs_OfOtherSites_AreRefused()
    {
        await using var visit = await Visit.StartAsync(runs: 1);
        var own = visit.Address.GetLeftPart(UriPartial.Authority);
        foreach (var (origin, site, type) in new[]
        {
            (null, null, "application/json"), ("http://elsewhere.example", null, "application/json"), ("null", null, "application/json"), (own, "cross-site", "application/json"),
            (own, "same-site", "application/json"), (own, null, "text/plain"), (own, null, "application/x-www-form-urlencoded"), ($"http://localhost:{visit.Address.Port}", null, "application/json"),
        })
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync(visit, "/api/jobs", """{"command": "resume", "run": 1}""", origin, site, type)).Status);
            Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync(visit, "/api/runs/1/notes", """{"notes": "owned"}""", origin, site, type)).Status);
        }

        Assert.Equal("", (await visit.JsonAsync("/api/runs/1")).GetProperty("summary").GetProperty("notes").GetString());

        Assert.False(Directory.Exists(visit.Database + ".jobs"));
    }

    private static async Task<JsonElement> StopAsync(Visit visit, int job)
    {
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(visit, $"/api/jobs/{job}/stop", "{}")).Status);
        JsonElement seen;
        do
        {
            await Task.Delay(20);
            seen = (await visit.JsonAsync("/api/jobs")).EnumerateArray().Single(one => one.GetProperty("number").GetInt32() == job);
        }
        while (seen.GetProperty("state").GetString() == "running");
        return seen;
    }

    private static Task<(HttpStatusCode Status, JsonElement Answer)> PostAsync(Visit visit, string path, string body) =>
        PostAsync(visit, path, body, visit.Address.GetLeftPart(UriPartial.Authority), "same-origin", "application/json");

    private static async Task<(HttpStatusCode Status, JsonElement Answer)> PostAsync(Visit visit, string path, string body, string? origin, string? site, string type)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, type) };
        request.Headers.Add("Origin", origin is null ? [] : [origin]);
        request.Headers.Add("Sec-Fetch-Site", site is null ? [] : [site]);
        using var answer = await visit.Client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return (answer.StatusCode, text.StartsWith('{') ? JsonDocument.Parse(text).RootElement : default);
    }

    private static string? Problem((HttpStatusCode Status, JsonElement Answer) answer) => answer.Answer.GetProperty("problem").GetString();
}
