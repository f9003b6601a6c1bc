using System.Globalization;
using Microsoft.Playwright;

namespace DasSearch.Benchmarks.Stores;

/// <summary>What a run's page and its server hold of memory while the run goes on, a round a second, and somebody watches it.</summary>
internal static class DashboardWatch
{
    private const int Minutes = 60;
    private const int Readings = 12;
    private const string Usage = "./das bench watch takes for how many minutes to look on, such as 60, and nothing else";

    /// <summary>Measures, and prints a table in Markdown, a line as soon as it is known.</summary>
    /// <param name="args">Minutes, an hour unless given.</param>
    /// <returns>The exit code.</returns>
    internal static async Task<int> RunAsync(string[] args)
    {
        var minutes = Minutes;
        if (args.Length > 1 || (args.Length == 1 && !(int.TryParse(args[0], NumberStyles.None, CultureInfo.InvariantCulture, out minutes) && minutes > 0)))
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }

        var folder = Directory.CreateTempSubdirectory("das-bench-");
        using var ending = new CancellationTokenSource();
        var search = Task.CompletedTask;
        try
        {
            var database = Path.Combine(folder.FullName, "live.db");
            search = MadeUpRuns.GoOnAsync(database, TimeSpan.FromSeconds(1), ending.Token);
            await using var server = await RunningDashboard.StartAsync(database);
            using var playwright = await Playwright.CreateAsync();
            await using var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Args = ["--no-sandbox", "--disable-gpu"] });
            var page = await browser.NewPageAsync();
            await page.GotoAsync(new Uri(server.Address, "/runs/1").AbsoluteUri);
            var tools = await page.Context.NewCDPSessionAsync(page);
            Console.WriteLine("| minutes | rounds | server, MB | the page's scripts, MB | elements |");
            Console.WriteLine("|---:|---:|---:|---:|---:|");
            for (var reading = 0; reading <= Readings; reading++)
            {
                await Task.Delay(reading == 0 ? TimeSpan.FromSeconds(10) : TimeSpan.FromMinutes((double)minutes / Readings));

                // What is garbage is no leak.
                await tools.SendAsync("HeapProfiler.collectGarbage");
                var heap = (await tools.SendAsync("Runtime.getHeapUsage"))!.Value.GetProperty("usedSize").GetDouble();
                var elements = await page.EvaluateAsync<int>("document.getElementsByTagName('*').length");
                var said = await page.EvaluateAsync<string>("document.querySelector('main').textContent.match(/([0-9,]+) rounds/)[1]");
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {(double)reading * minutes / Readings:0.#} | {said} | {server.Memory / 1e6:F0} | {heap / 1e6:F1} | {elements} |"));
            }

            return 0;
        }
        finally
        {
            await ending.CancelAsync();
            await search;
            folder.Delete(recursive: true);
        }
    }
}
