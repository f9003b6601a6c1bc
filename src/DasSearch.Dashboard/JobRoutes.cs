using System.Globalization;
using System.Text.Json;
using DasSearch.App;
using DasSearch.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DasSearch.Dashboard;

/// <summary>What pages may do beside looking: begin, resume, train and stop, by commands that anybody could type.</summary>
/// <param name="readings">The database.</param>
/// <param name="jobs">The commands that were begun.</param>
internal sealed class JobRoutes(Readings readings, Jobs jobs)
{
    private const string Number = "{job:int:min(1)}";

    internal void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/settings", SettingsAsync);
        routes.MapGet($"/api/runs/{Routes.Run}/settings", SettingsOfRunAsync);
        routes.MapGet("/api/jobs", ListAsync);
        routes.MapGet("/api/targets", TargetsAsync);
        routes.MapGet($"/api/jobs/{Number}/log", LogAsync);
        routes.MapGet($"/api/jobs/{Number}/files.zip", FilesAsync);
        routes.MapPost("/api/jobs", BeginAsync);
        routes.MapPost($"/api/jobs/{Number}/stop", StopAsync);
        routes.MapPost($"/api/jobs/{Number}/go-on", GoOnAsync);
    }

    private static Task SettingsAsync(HttpContext context) => Routes.SendAsync(context, _ =>
    {
        var file = context.Request.Query["file"].ToString();
        return file.Length == 0
            ? throw new UsageException("file must be a settings' file")
            : Task.FromResult(ToJson(SearchSettings.Read(file, [.. context.Request.Query["set"].OfType<string>()])));
    });

    private Task SettingsOfRunAsync(HttpContext context) => Routes.SendAsync(context, async cancellationToken =>
        ToJson(SearchSettings.Of(await readings.ReadAsync(read => read.Run(Routes.NumberOf(context)), cancellationToken))));

    private static Task TargetsAsync(HttpContext context) => Routes.SendAsync(context, static _ => Task.FromResult(ToJson(PlanPackage.Targets)));

    private Task ListAsync(HttpContext context) => Routes.SendAsync(context, _ => Task.FromResult(ToJson(jobs.All().Select(Line))));

    private Task LogAsync(HttpContext context) => Routes.SendAsync(context, _ => Task.FromResult(ToJson(new { Text = jobs.LogOf(NumberOf(context)) })));

    private Task FilesAsync(HttpContext context) => Routes.Guard(context, async () =>
    {
        var job = NumberOf(context);
        await using var packed = await Task.Run(() => jobs.Pack(job), context.RequestAborted);
        context.Response.ContentType = "application/zip";
        context.Response.Headers.ContentDisposition = FormattableString.Invariant($"attachment; filename=\"job-{job}.zip\"");
        context.Response.ContentLength = packed.Length;
        await packed.CopyToAsync(context.Response.Body, context.RequestAborted);
    });

    private Task StopAsync(HttpContext context) => Routes.SendAsync(context, _ =>
    {
        jobs.Stop(NumberOf(context));
        return Task.FromResult(ToJson(new { }));
    });

    private Task BeginAsync(HttpContext context) => Routes.SendAsync(context, cancellationToken => BegunAsync(context, cancellationToken));

    private Task GoOnAsync(HttpContext context) => Routes.SendAsync(context, async cancellationToken => ToJson(Line(await jobs.GoOnAsync(NumberOf(context), cancellationToken))));

    private async Task<byte[]> BegunAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var command = await PageRequest.ReadAsync<JobRequest>(context, "a job") switch
        {
            { Command: "resume", Run: { } run } => JobCommand.Resume(run),
            { Command: "train", Run: { } run, Skip: { } skip } => await TrainAsync(run, skip, cancellationToken),
            { Command: "search", Settings: { Length: > 0 } settings, Set: var set } => new JobCommand(
                ["search", Argument(settings), "-o", JobCommand.PlanPath, .. (set ?? []).SelectMany(static one => new[] { "--set", Argument(one) })], Run: null),
            { Command: "export", Job: { } of, To: { } target, Option: var options } => new JobCommand(
                ["export", jobs.PlanOf(of), "--to", target, "-o", PlanPackage.OutputOf(target, JobCommand.PlanPath), .. (options ?? []).SelectMany(static one => new[] { "--option", Argument(one) })],
                jobs.RunOf(of)),
            _ => throw new UsageException("a job is the command resume with a run, train with a run and skip, search with settings, or export with a job and what to write"),
        };
        return ToJson(Line(await jobs.BeginAsync(command, cancellationToken)));
    }

    private async Task<JobCommand> TrainAsync(long run, string skip, CancellationToken cancellationToken)
    {
        var plan = await readings.ReadAsync(read => PlanPackage.Plan(read, run, skip), cancellationToken);
        return new JobCommand(["train", JobCommand.PlanPath], run) { Prepare = folder => File.WriteAllBytes(Path.Combine(folder, Jobs.Plan), plan) };
    }

    // What begins with a dash would be an option.
    private static string Argument(string text) => text.StartsWith('-') ? throw new UsageException($"'{text}' is an option, and no setting") : text;

    private object Line(Job job) => new
    {
        job.Number, job.Command, job.Kind, State = EnumNames.NameOf(job.State), job.Begun, job.Run, job.Last, job.HasPlan, job.CanGoOn, Problem = job.State == JobState.Failed ? jobs.ProblemOf(job.Number) : null,
    };

    private static byte[] ToJson(object value) => JsonSerializer.SerializeToUtf8Bytes(value, JsonSerializerOptions.Web);

    private static int NumberOf(HttpContext context) => int.Parse((string)context.Request.RouteValues["job"]!, CultureInfo.InvariantCulture);

    /// <summary>What a page asks to be begun.</summary>
    /// <param name="Settings">The settings' file, of a search.</param>
    /// <param name="Set">Settings that differ, each as <c>KEY=VALUE</c>.</param>
    /// <param name="Job">The job whose plan is exported.</param>
    /// <param name="To">What as.</param>
    /// <param name="Option">The target's options, each as <c>KEY=VALUE</c>.</param>
    private sealed record JobRequest(
        string? Command, long? Run, string? Skip, string? Settings, IReadOnlyList<string>? Set, int? Job, string? To, IReadOnlyList<string>? Option);
}
