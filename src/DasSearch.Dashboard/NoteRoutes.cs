using System.Text.Json;
using DasSearch.Core;
using DasSearch.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DasSearch.Dashboard;

/// <summary>What pages say of runs: the one thing that the server itself writes, as <c>das note</c> does.</summary>
/// <param name="database">The database's file.</param>
/// <param name="time">The clock.</param>
internal sealed class NoteRoutes(string database, TimeProvider time)
{
    // A search writes for a moment only, and who asks is waiting.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);

    internal void Map(IEndpointRouteBuilder routes) => routes.MapPost($"/api/runs/{Routes.Run}/notes", NoteAsync);

    private Task NoteAsync(HttpContext context) => Routes.SendAsync(context, async cancellationToken =>
    {
        var run = Routes.NumberOf(context);
        var annotation = await PageRequest.ReadAsync<NoteRequest>(context, "notes and tags") is { } asked and not { Notes: null, Tags: null }
            ? new Annotation { Notes = asked.Notes, Tags = asked.Tags?.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) }
            : throw new UsageException("there are neither notes nor tags");
        return await Task.Run(
            () =>
            {
                using var store = RunStore.Open(database, time, _patience);
                store.Annotate(run, annotation);
                return JsonSerializer.SerializeToUtf8Bytes(RunLine.Of(store.Read.Run(run).Summary), JsonSerializerOptions.Web);
            },
            cancellationToken);
    });

    /// <summary>What a page says of a run.</summary>
    /// <param name="Notes">Markdown; null to leave what there is.</param>
    /// <param name="Tags">With spaces or commas between them; likewise.</param>
    private sealed record NoteRequest(string? Notes, string? Tags);
}

/// <summary>What a page asks for, as JSON.</summary>
internal static class PageRequest
{
    /// <summary>The most bytes of one.</summary>
    internal const int Most = 1 << 20;

    /// <summary>Reads it.</summary>
    /// <exception cref="UsageException">It is no such JSON.</exception>
    internal static async Task<T?> ReadAsync<T>(HttpContext context, string what)
        where T : class
    {
        try
        {
            return await JsonSerializer.DeserializeAsync<T>(context.Request.Body, JsonSerializerOptions.Web, context.RequestAborted);
        }
        catch (JsonException wrong)
        {
            throw new UsageException($"the request is no JSON of {what}: {wrong.Message.Split('.')[0]}");
        }
    }
}
