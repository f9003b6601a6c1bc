using System.Text;
using System.Text.Json;
using DasSearch.Core;
using DasSearch.Store;
using Microsoft.Data.Sqlite;

namespace DasSearch.Cli.Tests;

/// <summary>Searches and measurements that are killed, share a database, wait for it, and find no room: nothing is lost.</summary>
public sealed class SurvivalTests(SearchFixture fixture) : IClassFixture<SearchFixture>
{
    private const int Kills = 20;
    private const int Killed = 137; // 128 + SIGKILL

    // Long enough to be killed so often, and to have done something each time.
    private static readonly string[] _long = ["--set", "search.samples=4000", "--set", "search.epochs=3"];

    // A controller that keeps more than gates.
    private static readonly string[] _remembering = ["--set", "controller.name=thompson"];

    [Fact]
    public async Task Search_KilledTwentyTimes_EndsWithTheSameBytes()
    {
        var (whole, killed) = (fixture.PathOf("whole.db"), fixture.PathOf("killed.db"));
        await EndsAsync(["search", fixture.Settings, "--db", whole, "-o", fixture.PathOf("whole.json"), .. _long, .. _remembering]);

        var random = SeededRandom.Derive(11, "tests/kills");
        for (var kill = 0; kill < Kills; kill++)
        {
            using var das = HasRun(killed)
                ? DasProcess.Start("resume", "1", "--db", killed)
                : DasProcess.Start(["search", fixture.Settings, "--db", killed, .. _long, .. _remembering]);

            // Every other one at any moment of its start, the rest as they search.
            if (kill % 2 == 0)
            {
                await das.UnderWay;
            }

            await Task.Delay(TimeSpan.FromSeconds(random.NextDouble() * (kill % 2 == 0 ? 0.3 : 1.5)));
            das.Kill();
            Assert.Equal(Killed, (await das.EndAsync()).Code);
        }

        await EndsAsync("resume", "1", "--db", killed, "-o", fixture.PathOf("killed.json"));
        Assert.Equal(File.ReadAllText(fixture.PathOf("whole.json")), File.ReadAllText(fixture.PathOf("killed.json")));
        Assert.Equal(Supernet(whole, 1), Supernet(killed, 1));
        Assert.Equal(Recorded(whole, 1), Recorded(killed, 1));

        // Each time that it went on it was told that it had stopped before.
        using (var store = RunStore.OpenToRead(killed, TimeProvider.System))
        {
            var kinds = store.Read.Events(1).Select(static one => one.Kind).Where(static kind => kind != RunEventKind.Saved).ToList();
            Assert.All(kinds.Index().Where(static kind => kind.Item == RunEventKind.Resumed), resumed => Assert.Equal(RunEventKind.Stopped, kinds[resumed.Index - 1]));
            Assert.Equal(RunEventKind.Done, kinds[^1]);
        }

        Assert.False(Directory.Exists(killed + ".state"));
    }

    [Fact]
    public async Task Search_BegunStoppedAndResumedOnThePage_EndsWithTheSameBytes()
    {
        var database = fixture.PathOf("paged.db");
        RunStore.Create(database, TimeProvider.System).Dispose();
        using var dashboard = DasProcess.Start("dashboard", "--port", "0", "--db", database);
        using var page = new HttpClient { BaseAddress = new Uri(await dashboard.FirstLine) };
        page.DefaultRequestHeaders.Add("Origin", page.BaseAddress.GetLeftPart(UriPartial.Authority));

        await AskAsync("api/jobs", $$"""{"command": "search", "settings": "{{fixture.Settings}}", "set": ["seed=0"]}""");
        while (!HasRun(database) || Rounds(database) < 2)
        {
            await Task.Delay(20);
        }

        await AskAsync("api/jobs/1/stop", "{}");
        Assert.Equal("interrupted", await StateAsync());
        Assert.InRange(Rounds(database), 2, 4);
        await AskAsync("api/jobs", """{"command": "resume", "run": 1}""");
        Assert.Equal("done", await StateAsync());

        Assert.Equal(File.ReadAllText(fixture.Plan), File.ReadAllText($"{database}.jobs/2/plan.json"));
        Assert.Equal(Supernet(fixture.Database, 1), Supernet(database, 1));
        Assert.Equal(Recorded(fixture.Database, 1), Recorded(database, 1));
        await TrainAsync();
        using var store = RunStore.OpenToRead(database, TimeProvider.System);
        Assert.Equal(
            [RunEventKind.Begun, RunEventKind.Interrupted, RunEventKind.Resumed, RunEventKind.Done],
            store.Read.Events(1).Select(static one => one.Kind).Where(static kind => kind != RunEventKind.Saved));
        Assert.Equal(RunEventKind.Saved, store.Read.Events(1)[1].Kind);

        // What the page trains is what the command makes of the same plan, byte for byte.
        async Task TrainAsync()
        {
            await AskAsync("api/jobs", """{"command": "train", "run": 1, "skip": "0,2"}""");
            Assert.Equal("done", await StateAsync());
            var trained = fixture.PathOf("page-trained.json");
            await File.WriteAllBytesAsync(trained, await page.GetByteArrayAsync(new Uri("api/runs/1/plan.json?skip=0,2", UriKind.Relative)));
            await EndsAsync("train", trained, "--db", database);
            Assert.Equal(File.ReadAllBytes(Path.ChangeExtension(trained, ".safetensors")), File.ReadAllBytes($"{database}.jobs/3/plan.safetensors"));
        }

        async Task AskAsync(string path, string body)
        {
            using var asked = new StringContent(body, Encoding.UTF8, "application/json");
            using var answer = await page.PostAsync(new Uri(path, UriKind.Relative), asked);
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        }

        // Of the latest job, once it is over.
        async Task<string?> StateAsync()
        {
            while (true)
            {
                var state = JsonDocument.Parse(await page.GetStringAsync(new Uri("api/jobs", UriKind.Relative))).RootElement[0].GetProperty("state").GetString();
                if (state != "running")
                {
                    return state;
                }

                await Task.Delay(50);
            }
        }
    }

    [Fact]
    public async Task Cases08_22_23_HungUpThenKilled_SaysWhereItStands_AndWhatIsWrongWithItsState()
    {
        var database = fixture.PathOf("hung.db");
        using (var das = DasProcess.Start(["search", fixture.Settings, "--db", database, .. _long]))
        {
            await das.UnderWay;
            das.Signal("HUP");
            var (code, error) = await das.EndAsync();
            Assert.Equal((int)ExitCode.Interrupted, code);
            Assert.Contains("das: saved; to go on: das resume 1", error, StringComparison.Ordinal);
        }

        Assert.Contains(" interrupted ", (await RunAsync("runs", database)).Output, StringComparison.Ordinal);
        var state = Path.Combine(database + ".state", "run-1", "search");
        using (var das = DasProcess.Start("resume", "1", "--db", database))
        {
            await das.UnderWay;
            Assert.Contains(" running ", (await RunAsync("runs", database)).Output, StringComparison.Ordinal);
            while (!das.IsOver && Rounds(database) == 0)
            {
                await Task.Delay(10);
            }

            das.Kill();
            Assert.Equal(Killed, (await das.EndAsync()).Code);
        }

        Assert.Contains($" stopped (das resume 1 --db {database}) ", (await RunAsync("runs", database)).Output, StringComparison.Ordinal);
        Assert.Contains($"status      stopped (das resume 1 --db {database})\n", (await RunAsync("show 1", database)).Output, StringComparison.Ordinal);
        Assert.Contains("\"status\": \"stopped\"", (await RunAsync("runs --json", database)).Output, StringComparison.Ordinal);

        // Only the database is copied elsewhere.
        var elsewhere = fixture.PathOf("elsewhere.db");
        foreach (var file in new[] { "", "-wal" }.Where(ending => File.Exists(database + ending)))
        {
            File.Copy(database + file, elsewhere + file);
        }

        var anew = await RunAsync($"resume 1 -q -o {fixture.PathOf("elsewhere.json")}", elsewhere);
        Assert.Equal(ExitCode.Done, anew.Code);
        Assert.Matches($"^das: the saved state {elsewhere}.state/run-1/search is not here, .+: run 1 begins anew, and its [0-9]+ stored rounds with it\n$", anew.Error);

        // A disk was full, or the power was cut.
        using (var optimizer = File.OpenWrite(Directory.GetFiles(state, "optimizer.safetensors", SearchOption.AllDirectories).Single()))
        {
            optimizer.SetLength(1000);
        }

        var damaged = await RunAsync("resume 1 -q", database);
        Assert.Equal(ExitCode.Failed, damaged.Code);
        Assert.StartsWith($"das: the saved state is damaged: remove the folder {state}, and das resume 1 --db {database} begins anew (", damaged.Error, StringComparison.Ordinal);
        Assert.Contains($" stopped (das resume 1 --db {database}) ", (await RunAsync("runs", database)).Output, StringComparison.Ordinal);
        Directory.Delete(state, recursive: true);
        Assert.Equal(ExitCode.Done, (await RunAsync($"resume 1 -q -o {fixture.PathOf("hung.json")}", database)).Code);
        Assert.Equal(File.ReadAllText(fixture.PathOf("elsewhere.json")), File.ReadAllText(fixture.PathOf("hung.json")));
    }

    [Fact]
    public async Task Search_TwoAtATimeInOneDatabase_BothEndAsIfAlone()
    {
        var (alone, shared) = (fixture.PathOf("alone.db"), fixture.PathOf("shared.db"));
        string[] settings = ["--set", "threads=1"];
        await EndsAsync(["search", fixture.Settings, "--db", alone, "-o", fixture.PathOf("alone.json"), .. settings]);
        await File.WriteAllBytesAsync(shared, []); // as a search leaves it for a moment that has only just begun
        await Task.WhenAll(
            EndsAsync(["search", fixture.Settings, "--db", shared, "-o", fixture.PathOf("one.json"), .. settings]),
            EndsAsync(["search", fixture.Settings, "--db", shared, "-o", fixture.PathOf("other.json"), "--set", "seed=5", .. settings]));

        using var store = RunStore.Open(shared, TimeProvider.System);
        Assert.All(store.Read.Runs(), run => Assert.Equal(RunStatus.Done, run.Status));
        var same = store.Read.Runs().Single(run => run.Seed == 0).Run;
        Assert.Equal(Supernet(alone, 1), Supernet(shared, same));
        Assert.Equal(Recorded(alone, 1), Recorded(shared, same));
    }

    [Fact]
    public async Task Search_ALockedDatabase_IsWaitedFor()
    {
        var database = fixture.PathOf("locked.db");
        RunStore.Create(database, TimeProvider.System).Dispose();
        using var das = DasProcess.Start("search", fixture.Settings, "--db", database, "-o", fixture.PathOf("locked.json"));
        var end = das.EndAsync();
        using (var connection = new SqliteConnection($"Data Source={database};Pooling=False"))
        {
            connection.Open();
            using var writing = connection.BeginTransaction(deferred: false);
            Assert.NotSame(end, await Task.WhenAny(end, Task.Delay(TimeSpan.FromSeconds(5))));
            using var store = RunStore.Open(database, TimeProvider.System);
            Assert.Empty(store.Read.Runs());
        }

        var (code, error) = await end;
        Assert.Equal(0, code);
        Assert.Contains($"das: waiting for another program that holds {database}…\n", error, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllText(fixture.Plan), File.ReadAllText(fixture.PathOf("locked.json")));
    }

    [Fact]
    public async Task Search_NoRoomLeft_SaysSoAndCanBeResumed()
    {
        var database = fixture.PathOf("full.db");
        await EndsAsync(["search", fixture.Settings, "--db", fixture.PathOf("roomy.db"), "-o", fixture.PathOf("roomy.json"), .. _long]);
        using var das = DasProcess.StartWithoutRoom(kibibytes: 320, ["search", fixture.Settings, "--db", database, .. _long]);
        var (code, error) = await das.EndAsync();
        var said = error.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1];
        Assert.Equal((int)ExitCode.Failed, code);
        Assert.StartsWith($"das: the database {database} could not be read or written: ", said, StringComparison.Ordinal);
        using (var store = RunStore.Open(database, TimeProvider.System))
        {
            Assert.NotEmpty(store.Read.Rounds(1));
        }

        await EndsAsync("resume", "1", "--db", database, "-o", fixture.PathOf("full.json"));
        Assert.Equal(File.ReadAllText(fixture.PathOf("roomy.json")), File.ReadAllText(fixture.PathOf("full.json")));
        Assert.Equal(Recorded(fixture.PathOf("roomy.db"), 1), Recorded(database, 1));
    }

    [Fact]
    public async Task Truth_Killed_GoesOnAndStoresTheSame()
    {
        var database = fixture.PathOf("truth.db");
        File.Copy(fixture.Database, database);
        Directory.CreateDirectory(database + ".supernets");
        File.WriteAllBytes(Path.Combine(database + ".supernets", "run-1.safetensors"), Supernet(fixture.Database, 1));
        string[] command = ["truth", "1", "--batch-size", "8", "--db", database];
        await EndsAsync(command);
        var whole = Truths(database);

        var saved = Path.Combine(database + ".state", "run-1", "truth-2-validation-8", "current");
        using (var das = DasProcess.Start(command))
        {
            var end = das.EndAsync();
            while (!File.Exists(saved) && !end.IsCompleted)
            {
                await Task.Delay(1);
            }

            das.Kill();
            Assert.Equal(Killed, (await end).Code);
        }

        await EndsAsync(command);
        Assert.Equal(whole, Truths(database));
        Assert.False(Directory.Exists(database + ".state"));
    }

    private static IReadOnlyList<string> Truths(string database)
    {
        using var store = RunStore.Open(database, TimeProvider.System);
        return [.. store.Read.ExhaustiveScores(1, "validation").Select(truth => FormattableString.Invariant($"{truth.Subnetwork} {truth.Correct} {string.Join(' ', truth.Losses)}"))];
    }

    private static async Task EndsAsync(params IEnumerable<string> args)
    {
        using var das = DasProcess.Start(args);
        var (code, error) = await das.EndAsync();
        Assert.True(code == 0, error);
    }

    private static Task<Das> RunAsync(string line, string database) => SearchFixture.RunAsync([.. line.Split(' '), "--db", database]);

    private static int Rounds(string database)
    {
        using var store = RunStore.Open(database, TimeProvider.System);
        return store.Read.Run(1).Summary.Rounds;
    }

    private static bool HasRun(string database)
    {
        if (!File.Exists(database))
        {
            return false;
        }

        using var store = RunStore.Create(database, TimeProvider.System); // a kill may have come before its schema
        return store.Read.Runs().Any();
    }

    private static byte[] Supernet(string database, long run) =>
        File.ReadAllBytes(Path.Combine(database + ".supernets", FormattableString.Invariant($"run-{run}.safetensors")));

    // All but the times.
    private static IReadOnlyList<string> Recorded(string database, long run)
    {
        using var store = RunStore.Open(database, TimeProvider.System);
        return
        [
            .. store.Read.Rounds(run).Select(round => FormattableString.Invariant($"{round.Number} {round.Step} {string.Join(' ', round.After.Gates)}")),
            .. store.Read.Evaluations(run).Select(stored => FormattableString.Invariant($"{stored.Round} {stored.Evaluation.Subnetwork} {stored.Evaluation.Loss} {stored.Evaluation.Reward}")),
            .. store.Read.Metrics(run).Select(metric => FormattableString.Invariant($"{metric.Name} {metric.Step} {metric.Value}")),
            .. store.Read.Adapters(run).Select(adapter => FormattableString.Invariant($"{adapter.Module} {string.Join(' ', adapter.Saliency)}")),
        ];
    }
}
