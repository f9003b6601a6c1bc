using System.Net;
using System.Text.Json;
using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Core.Plans;
using DasSearch.Formats;
using DasSearch.Store;

namespace DasSearch.Dashboard.Tests;

/// <summary>A database of made-up runs, and somebody who visits its dashboard.</summary>
internal sealed class Visit : IAsyncDisposable
{
    internal const int Modules = 6;

    /// <summary>A name that would run where it is taken for markup.</summary>
    internal const string HostileName = "<img src=x onerror=\"document.title='owned'\"></script><script>document.title='owned'</script>";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-dashboard-");
    private DashboardServer? _server;

    internal string Database => PathOf("runs.db");

    /// <summary>Follows no redirection, and keeps no cookie.</summary>
    internal HttpClient Client { get; } = new(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false });

    internal Uri Address => _server!.Address;

    internal static async Task<Visit> StartAsync(string? token = null, string host = "127.0.0.1", int runs = 2)
    {
        var visit = new Visit();
        for (var i = 0; i < runs; i++)
        {
            visit.Add(i == 0 ? "vqa-das4" : HostileName, rounds: 30).Dispose();
        }

        await visit.ListenAsync(token, host);
        return visit;
    }

    /// <summary>The dashboard of a database that was there before, which is copied.</summary>
    internal static async Task<Visit> StartAsync(FileInfo database)
    {
        var visit = new Visit();
        database.CopyTo(visit.Database);
        await visit.ListenAsync(null, "127.0.0.1");
        return visit;
    }

    internal string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private async Task ListenAsync(string? token, string host)
    {
        _server = await DashboardServer.StartAsync(new DashboardSettings(Database, host, 0, token) { Das = ["sh", Das()] }, TimeProvider.System, CancellationToken.None);
        Client.BaseAddress = new Uri(Address.GetLeftPart(UriPartial.Authority));
    }

    // Says what it was called with, fails where its settings are wrong.yaml, and else goes on as run 7 until it is stopped, as a search does.
    private string Das()
    {
        var path = PathOf("das.sh");
        File.WriteAllText(path, """
            echo "called with $*"
            if [ "$2" = wrong.yaml ]; then echo 'das: wrong.yaml is not there'; exit 2; fi
            for database; do :; done
            if [ "$1" = search ]; then echo "vqa · run 1 in elsewhere.db · run 7 in $database"; fi
            if [ "$1" = export ]; then echo exported > "$6"; exit 0; fi
            if [ "$1" = resume ]; then echo '{}' > "$4"; exit 0; fi
            trap 'echo saved; exit 130' INT
            while :; do sleep 0.05; done
            """);
        return path;
    }

    /// <summary>Adds a run; whoever disposes of what comes back leaves it done.</summary>
    /// <param name="settings">Where its settings are, and what differs from them; null for settings of no file.</param>
    internal Recording Add(string name, int rounds, (string File, string[] Set)? settings = null)
    {
        var config = settings is var (file, set)
            ? ConfigFile.Load<RunConfig>(file, set)
            : ConfigFile.Parse<RunConfig>("{task: fashionvl-vqa, backbone: vilt, skip: 2}", "settings", path: null, overrides: []);
        config = config with { Values = config.Values with { Name = name } };
        var costs = new NetworkCosts(
            [.. Enumerable.Range(0, Modules).Select(i => new ModuleCosts(new ModuleInfo(i, $"transformer.blocks.{i}", ModuleKind.Whole, "fused", 100, 1000), 10, 100, 5, 5))],
            1000,
            100,
            1000);
        var store = RunStore.Create(Database, TimeProvider.System);
        var writer = store.Begin(new RunDescription(config, new RunEnvironment("0.1.0", "cpu", "none", "none", 1, "none"), costs, null) { PlannedRounds = 40 });
        var recording = new Recording(store, writer, store.Lock(writer.Run));
        for (var number = 0; number < rounds; number++)
        {
            recording.Record(number);
        }

        writer.Record([.. Enumerable.Range(0, 20).Select(i => new Metric("train.loss", 10 * i, 3 - (0.1 * i)))]);
        return recording;
    }

    /// <summary>Records that plans of a run were trained: what each skips, its method, seed and test accuracy.</summary>
    internal async Task TrainAsync(long run, params (string Skip, string Method, int Seed, double Accuracy)[] trainings)
    {
        foreach (var (skip, method, seed, accuracy) in trainings)
        {
            var plan = PlanFile.Parse(await Client.GetStringAsync(new Uri($"/api/runs/{run}/plan.json?skip={skip}", UriKind.Relative)), "plan.json");
            using var store = RunStore.Open(Database, TimeProvider.System);
            using var writer = store.Append(run);
            writer.Record(plan with { Result = new PlanResult(method, seed, 10, new Dictionary<string, double> { ["test.accuracy"] = accuracy }, null, null, null) });
        }
    }

    internal async Task<JsonElement> JsonAsync(string path)
    {
        using var answer = await Client.GetAsync(new Uri(path, UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("application/json", answer.Content.Headers.ContentType!.MediaType);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }
}

/// <summary>A run that is being recorded.</summary>
internal sealed class Recording(IRunStore store, IRunWriter writer, IRunLock held) : IDisposable
{
    private readonly Random _chance = SeededRandom.Derive(0, "dashboard");

    internal IRunWriter Writer => writer;

    internal long Run => writer.Run;

    /// <summary>Records a round of which early modules matter more.</summary>
    internal void Record(int number)
    {
        var evaluations = new[] { "0,1", "2,3", "4,5", "1,4", "0,5" }.OrderBy(_ => _chance.NextDouble()).Take(3).Select(skipped =>
        {
            var set = Subnetwork.Parse(skipped, Visit.Modules);
            return Evaluation.OfLoss(set, 3 - (0.1 * set.Skipped.Sum()) + (0.2 * _chance.NextDouble()), 1.5, ValidationMode.Eval, "val:0");
        });
        writer.Record(new Round(
            number, 10 * number, 0, [.. evaluations], new ControllerState("das", [0, 0.1, 0.2, 0.3, 0.4, 0.01 * number], [.. Enumerable.Repeat(0.5, Visit.Modules)]), 5,
            Subnetwork.Parse(number < 10 ? "3,4" : "4,5", Visit.Modules)));
    }

    public void Dispose()
    {
        writer.Finish(RunStatus.Done);
        writer.Dispose();
        held.Dispose();
        store.Dispose();
    }
}
