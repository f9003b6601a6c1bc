using System.IO.Compression;
using System.Text;
using System.Text.Json;
using DasSearch.App;
using DasSearch.Core;
using DasSearch.Reporter.Reports;
using DasSearch.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DasSearch.Dashboard;

/// <summary>What each address answers.</summary>
/// <param name="readings">The database.</param>
/// <param name="live">What tells of what is stored.</param>
/// <param name="database">The database's file.</param>
internal sealed class Routes(Readings readings, LiveRounds live, string database)
{
    /// <summary>A run's number within an address.</summary>
    internal const string Run = "{run:long:min(1)}";

    private const string Shell = "index.html";

    // As many runs as people compare, so that what compares others is compiled well.
    private const int Rehearsed = 4;

    // However many ask at once, so many answers are buffered, and the rest wait.
    private static readonly SemaphoreSlim _onTheirWay = new(64);

    private readonly SiteFiles _site = new();
    private readonly Answers<RunAnswer> _answers = new(readings);
    private readonly Answers<byte[]> _lists = new(readings);
    private readonly Answers<WhatIf> _whatIfs = new(readings);
    private readonly RunList _list = new();

    internal void Map(IEndpointRouteBuilder routes)
    {
        // Pages: one shell, whose script shows what the address says.
        foreach (var page in new[] { "/", "/compare", "/front", "/jobs", $"/runs/{Run}", $"/runs/{Run}/what-if", $"/runs/{Run}/layers" })
        {
            routes.MapGet(page, context => _site.ServeAsync(context, Shell));
        }

        // Whatever else somebody typed is a page that says so.
        routes.MapFallback(context => _site.ServeAsync(
            context, HttpMethods.IsPost(context.Request.Method) || context.Request.Path.StartsWithSegments("/api") ? "" : Shell, StatusCodes.Status404NotFound));
        routes.MapGet("/site/{**name}", context => _site.ServeAsync(context, context.Request.RouteValues["name"] as string ?? ""));
        routes.MapGet("/api/runs", context => SendAsync(context, ListAsync));
        routes.MapGet("/api/stored", live.WatchAsync);
        Shows(routes, "/api/compare", context => CompareAsync(Comparisons.Parse(context.Request.Query["runs"].ToString()), context.RequestAborted));
        Shows(routes, "/api/front", context => FrontAsync(context.RequestAborted));
        Shows(routes, $"/api/runs/{Run}", context => OfRunAsync("run", NumberOf(context), RunAnswer.Read, context.RequestAborted));
        Shows(routes, $"/api/runs/{Run}/sets", context => OfRunAsync("sets", NumberOf(context), Comparisons.Sets, context.RequestAborted));
        routes.MapGet($"/api/runs/{Run}/rounds", context => Guard(context, () => live.FollowAsync(context, NumberOf(context), Since(context.Request))));
        routes.MapGet($"/api/runs/{Run}/report.zip", context => Guard(context, () => ReportAsync(context)));
        routes.MapGet($"/api/runs/{Run}/what-if", AskWhatIfAsync);
        routes.MapGet($"/api/runs/{Run}/plan.json", context => Guard(context, () => PlanAsync(context)));
        routes.MapGet($"/api/runs/{Run}/export.zip", context => Guard(context, () => ExportAsync(context)));
    }

    /// <summary>Makes what is asked for first, the list and the pages of the latest runs, for nobody: code that has never run takes up to a second to.</summary>
    /// <exception cref="DasSearchException">Something cannot be read, as whoever asks for it is told.</exception>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    internal async Task RehearseAsync(CancellationToken cancellationToken)
    {
        await ListAsync(cancellationToken);
        await FrontAsync(cancellationToken);
        var latest = await readings.ReadAsync(
            static read => read.Runs().Where(static run => run.Rounds > 0).GroupBy(static run => run.Backbone, static run => run.Run).Select(static runs => runs.OrderDescending().Take(Rehearsed).ToList())
                .MaxBy(static runs => runs[0]) ?? [],
            cancellationToken);
        if (latest is [var run, ..])
        {
            WhatIfPage.Json(await WhatIfAsync(run, cancellationToken), skip: null);
            await OfRunAsync("run", run, RunAnswer.Read, cancellationToken);
            await OfRunAsync("sets", run, Comparisons.Sets, cancellationToken);
        }

        if (latest.Count > 1)
        {
            await CompareAsync([.. latest.Order()], cancellationToken);
        }
    }

    private Task<byte[]> ListAsync(CancellationToken cancellationToken) =>
        _lists.GetAsync("runs", StateOf, static _ => false, _list.Read, cancellationToken);

    // An answer, and the numbers behind its charts as files.
    private static void Shows(IEndpointRouteBuilder routes, string address, Func<HttpContext, Task<RunAnswer>> answer)
    {
        routes.MapGet(address, context => SendAsync(context, async _ => (await answer(context)).Json));
        routes.MapGet(address + "/table.csv", context => Guard(context, async () => await TableAsync(context, await answer(context))));
    }

    private Task<RunAnswer> OfRunAsync(string what, long run, Func<IRunReader, long, RunAnswer> make, CancellationToken cancellationToken) => _answers.GetAsync(
        FormattableString.Invariant($"{what} {run}"),
        read => read.Run(run).Summary,
        static summary => summary.Status == RunStatus.Running,
        read => make(read, run),
        cancellationToken);

    private Task<RunAnswer> CompareAsync(IReadOnlyList<long> runs, CancellationToken cancellationToken) => _answers.GetAsync(
        "compare " + string.Join(',', runs),
        read => runs.Aggregate(0, (hash, run) => HashCode.Combine(hash, read.Run(run).Summary)),
        static _ => false,
        read => Comparisons.Read(read, runs),
        cancellationToken);

    private Task<RunAnswer> FrontAsync(CancellationToken cancellationToken) => _answers.GetAsync("front", StateOf, static _ => false, Comparisons.Front, cancellationToken);

    private static int StateOf(IRunReader read) => read.Runs().Aggregate(0, static (hash, run) => HashCode.Combine(hash, run));

    private static async Task TableAsync(HttpContext context, RunAnswer answer)
    {
        if (!answer.Tables.TryGetValue(context.Request.Query["name"].ToString(), out var table))
        {
            throw new UsageException($"name must be of {string.Join(", ", answer.Tables.Keys)}");
        }

        var text = new StringWriter();
        table.WriteCsv(text);
        await AttachAsync(context, "text/csv; charset=utf-8", "table.csv", Encoding.UTF8.GetBytes(text.ToString()));
    }

    // The files of `das report`.
    private async Task ReportAsync(HttpContext context)
    {
        var run = FormattableString.Invariant($"{NumberOf(context)}");
        var packed = await readings.ReadAsync(
            read =>
            {
                var report = Report.Read(read, [run]);
                var bytes = new MemoryStream();
                using (var archive = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
                {
                    foreach (var file in ReportWriter.FilesOf(report, [FigureFormat.Svg]))
                    {
                        using var entry = archive.CreateEntry($"report-{run}/{file.Name}").Open();
                        file.Write(entry);
                    }
                }

                return bytes.ToArray();
            },
            context.RequestAborted);
        await AttachAsync(context, "application/zip", $"report-{run}.zip", packed);
    }

    private Task AskWhatIfAsync(HttpContext context) => SendAsync(context, async cancellationToken =>
        WhatIfPage.Json(await WhatIfAsync(NumberOf(context), cancellationToken), context.Request.Query["skip"] is [{ } skip] ? skip : null));

    private Task<WhatIf> WhatIfAsync(long run, CancellationToken cancellationToken) => _whatIfs.GetAsync(
        FormattableString.Invariant($"{run}"),
        read => read.Run(run).Summary,
        static summary => summary.Status == RunStatus.Running,
        read => WhatIf.Read(read, run),
        cancellationToken);

    private async Task PlanAsync(HttpContext context) =>
        await AttachAsync(context, "application/json; charset=utf-8", FormattableString.Invariant($"run-{NumberOf(context)}.plan.json"), await PlanBytesAsync(context));

    private async Task ExportAsync(HttpContext context)
    {
        var plan = await PlanBytesAsync(context);
        var (query, target) = (context.Request.Query, context.Request.Query["to"].ToString());
        var packed = await Task.Run(
            () => PlanPackage.Export(plan, target, database, query["option"].OfType<string>(), query["checkpoint"] is [{ Length: > 0 } file] ? file : null), context.RequestAborted);
        await AttachAsync(context, "application/zip", "plan.zip", packed);
    }

    private Task<byte[]> PlanBytesAsync(HttpContext context)
    {
        var (run, skip) = (NumberOf(context), context.Request.Query["skip"].ToString());
        return readings.ReadAsync(read => PlanPackage.Plan(read, run, skip), context.RequestAborted);
    }

    private static async Task AttachAsync(HttpContext context, string type, string name, byte[] bytes)
    {
        context.Response.Headers.ContentDisposition = $"attachment; filename=\"{name}\"";
        await WriteAsync(context, type, bytes);
    }

    private static async Task WriteAsync(HttpContext context, string type, byte[] bytes)
    {
        await _onTheirWay.WaitAsync(context.RequestAborted);
        try
        {
            context.Response.ContentType = type;
            context.Response.ContentLength = bytes.Length;
            await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
        }
        finally
        {
            _onTheirWay.Release();
        }
    }

    /// <summary>Answers with JSON, or with the sentence that says why not.</summary>
    internal static Task SendAsync(HttpContext context, Func<CancellationToken, Task<byte[]>> json) => Guard(context, async () =>
    {
        await WriteAsync(context, "application/json; charset=utf-8", await json(context.RequestAborted));
    });

    // Every failure is a sentence, which the page shows.
    internal static async Task Guard(HttpContext context, Func<Task> answer)
    {
        try
        {
            await answer();
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there any more.
        }
        catch (DasSearchException failure) when (!context.Response.HasStarted)
        {
            await FailAsync(context, failure is UsageException ? StatusCodes.Status400BadRequest : StatusCodes.Status404NotFound, failure.Message);
        }
        catch (BadHttpRequestException refused) when (!context.Response.HasStarted)
        {
            await FailAsync(
                context,
                refused.StatusCode,
                refused.StatusCode == StatusCodes.Status413PayloadTooLarge ? $"what a page sends has {Numbers.Count(PageRequest.Most)} bytes at the most" : "the request is broken off or no HTTP");
        }
    }

    private static async Task FailAsync(HttpContext context, int status, string problem)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=utf-8";
        await context.Response.WriteAsync(JsonSerializer.Serialize(new { Problem = problem }, JsonSerializerOptions.Web), context.RequestAborted);
    }

    internal static long NumberOf(HttpContext context) => long.Parse((string)context.Request.RouteValues["run"]!, System.Globalization.CultureInfo.InvariantCulture);

    private static int Since(HttpRequest request)
    {
        var text = request.Query["since"].ToString();
        return Numbers.TryParse(text, out long since) && since is >= 0 and <= int.MaxValue
            ? (int)since
            : throw new UsageException($"since must be a round's number, not '{text}'");
    }
}
