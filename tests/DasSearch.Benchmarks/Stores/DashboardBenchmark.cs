using System.Diagnostics;
using System.Globalization;
using Microsoft.Playwright;

namespace DasSearch.Benchmarks.Stores;

/// <summary>How fast the dashboard answers for a large database: what each page asks for, the first time and again, and when a browser has painted it, and filled it with them.</summary>
internal static class DashboardBenchmark
{
    private const int Runs = 200;
    private const int Evaluations = 1_000_000;
    private const int Repetitions = 5;
    private const string Usage = "./das bench dashboard takes how many evaluations to store, such as 100000, or a database to read, such as das.db, and nothing else";

    private static readonly (string Page, string Address, string Answer)[] _pages =
    [
        ("Runs", "/", "/api/runs"),
        ("Run, the latest", "/runs/200", "/api/runs/200"),
        ("Run, another", "/runs/100", "/api/runs/100"),
        ("What if, of another", "/runs/100/what-if", "/api/runs/100/what-if"),
        ("Layers over evaluations, of another", "/runs/100/layers", "/api/runs/100/sets"),
        ("Compare four others", "/compare?runs=101,102,103,104", "/api/compare?runs=101,102,103,104"),
        ("Front", "/front", "/api/front"),
        ("Jobs", "/jobs", "/api/jobs"),
    ];

    /// <summary>Measures, and prints a table in Markdown.</summary>
    /// <param name="args">How many evaluations the database has, a million unless given; or one of 200 runs that is there already.</param>
    /// <returns>The exit code.</returns>
    internal static async Task<int> RunAsync(string[] args)
    {
        var evaluations = Evaluations;
        var isThere = args is [var file] && File.Exists(file);
        if (args.Length > 1 || (args.Length == 1 && !isThere && !(int.TryParse(args[0], NumberStyles.None, CultureInfo.InvariantCulture, out evaluations) && evaluations >= Runs)))
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }

        var folder = Directory.CreateTempSubdirectory("das-bench-");
        try
        {
            var database = isThere ? args[0] : Path.Combine(folder.FullName, "many.db");
            if (!isThere)
            {
                MadeUpRuns.Write(database, Runs, evaluations);
            }

            Print($"{new FileInfo(database).Length / 1e6:F0} MB, load of the machine {(await File.ReadAllTextAsync("/proc/loadavg")).Split(' ')[0]}");
            Print($"");
            Print($"| page | first answer, of {Repetitions} servers | again | painted / filled | painted / filled again |");
            Print($"|---|---:|---:|---:|---:|");

            var again = new List<List<(double First, double Again)>>();
            for (var i = 0; i < Repetitions; i++)
            {
                again.Add(await AnswersAsync(database));
            }

            using var playwright = await Playwright.CreateAsync();
            await using var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Args = ["--no-sandbox", "--disable-gpu"] });
            for (var i = 0; i < _pages.Length; i++)
            {
                var (later, kept) = (Median(again.Select(times => times[i].First)), Median(again.Select(times => times[i].Again)));
                var painted = await PaintedAsync(browser, database, _pages[i].Address);
                Print($"| {_pages[i].Page} | {later:F0} ms | {kept:F1} ms | {painted.First} | {painted.Again} |");
            }

            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // What each page asks a server that was just started for, and the same once more: each page another server, so that it pays for all that is compiled and read.
    private static async Task<List<(double First, double Again)>> AnswersAsync(string database)
    {
        var times = new List<(double First, double Again)>();
        foreach (var (_, _, answer) in _pages)
        {
            await using var server = await RunningDashboard.StartAsync(database);
            using var client = new HttpClient { BaseAddress = server.Address };
            (await client.GetAsync(new Uri("/site/app.css", UriKind.Relative))).Dispose();
            times.Add((await TimeAsync(client, answer), await TimeAsync(client, answer)));
        }

        return times;
    }

    private static async Task<double> TimeAsync(HttpClient client, string answer)
    {
        var begun = Stopwatch.GetTimestamp();
        using var told = await client.GetAsync(new Uri(answer, UriKind.Relative));
        var time = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
        return told.IsSuccessStatusCode ? time : throw new InvalidOperationException($"{answer}: {await told.Content.ReadAsStringAsync()}");
    }

    // The browser's own first contentful paint of a server just started, the moment when the page has its numbers, and both of the page loaded again.
    private static async Task<(string First, string Again)> PaintedAsync(IBrowser browser, string database, string address)
    {
        await using var server = await RunningDashboard.StartAsync(database);
        await using var context = await browser.NewContextAsync();
        var page = await context.NewPageAsync();
        return (await LoadAsync(), await LoadAsync());

        async Task<string> LoadAsync()
        {
            await page.GotoAsync(new Uri(server.Address, address).AbsoluteUri);
            await page.Locator("h1").WaitForAsync();
            var painted = await page.EvaluateAsync<double>("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0");
            var filled = await page.EvaluateAsync<double>("performance.now()");
            return string.Create(CultureInfo.InvariantCulture, $"{painted:F0} / {filled:F0} ms");
        }
    }

    private static double Median(IEnumerable<double> times) => times.Order().ElementAt(Repetitions / 2);

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
