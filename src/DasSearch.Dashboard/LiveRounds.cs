using System.Text;
using System.Text.Json;
using DasSearch.Core;
using DasSearch.Store;
using Microsoft.AspNetCore.Http;

namespace DasSearch.Dashboard;

/// <summary>Tells pages what is stored, as it is stored: server-sent events, which a browser asks for again by itself where they break off.</summary>
/// <param name="readings">The database.</param>
/// <param name="stopping">The server is about to end.</param>
internal sealed class LiveRounds(Readings readings, CancellationToken stopping)
{
    private const int MostListeners = 64;
    private const int MostRounds = 500; // of one event: more are told by the next

    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(500);

    // That a process is gone changes no file; and a line now and then shows that the other end is still there.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);

    private int _listeners;

    /// <summary>Tells of a run: <c>rounds</c> has those since the last event with the run's line and where its search stands, <c>reset</c> that some were taken back, <c>end</c> that it is done.</summary>
    internal Task FollowAsync(HttpContext context, long run, int since) => ListenAsync(context, async (write, cancellationToken) =>
    {
        RunSummary? told = null;
        while (told?.Status != RunStatus.Done)
        {
            var stamp = readings.Stamp();
            var (now, progress, rounds) = await readings.ReadAsync(
                read =>
                {
                    var summary = read.Run(run).Summary;
                    return (summary, RunProgress.Read(read, summary), summary.Rounds > since ? read.RoundSummariesSince(run, since).Take(MostRounds).ToList() : []);
                },
                cancellationToken);
            if (now.Rounds < since)
            {
                await write("reset", new { });
                return;
            }

            since += rounds.Count;
            var isBehind = since < now.Rounds;
            if (now != told || isBehind)
            {
                told = now;
                await write("rounds", new { Summary = RunLine.Of(now), Progress = progress, Rounds = rounds });
            }

            if (!isBehind)
            {
                await ChangeAsync(stamp, cancellationToken);
            }
        }

        await write("end", new { });
    });

    /// <summary>Tells that something was stored, whatever it is.</summary>
    internal Task WatchAsync(HttpContext context) => ListenAsync(context, async (write, cancellationToken) =>
    {
        while (true)
        {
            var stamp = readings.Stamp();
            await write("stored", new { });
            await ChangeAsync(stamp, cancellationToken);
        }
    });

    // Comes back once something was stored, or it is time to look whether anybody is there.
    private async Task ChangeAsync(FileStamp stamp, CancellationToken cancellationToken)
    {
        var begun = readings.Time.GetTimestamp();
        do
        {
            await Task.Delay(_pause, readings.Time, cancellationToken);
        }
        while (stamp == readings.Stamp() && readings.Time.GetElapsedTime(begun) < _patience);
    }

    private async Task ListenAsync(HttpContext context, Func<Func<string, object, Task>, CancellationToken, Task> tell)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        try
        {
            if (Interlocked.Increment(ref _listeners) > MostListeners)
            {
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return;
            }

            context.Response.ContentType = "text/event-stream";
            await tell(
                async (name, data) =>
                {
                    var text = $"event: {name}\ndata: {JsonSerializer.Serialize(data, JsonSerializerOptions.Web)}\n\n";
                    await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), ends.Token);
                    await context.Response.Body.FlushAsync(ends.Token);
                },
                ends.Token);
        }
        catch (OperationCanceledException)
        {
            // The page was closed, or the server ends.
        }
        finally
        {
            Interlocked.Decrement(ref _listeners);
        }
    }
}
