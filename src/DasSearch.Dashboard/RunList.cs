using System.Text.Json;
using DasSearch.Core;
using DasSearch.Store;

namespace DasSearch.Dashboard;

/// <summary>The runs of a database with what came of them: what the first page shows.</summary>
internal sealed class RunList
{
    private const string Accuracy = "test.accuracy";

    // Of runs that have not changed, nothing is read again.
    private readonly Dictionary<long, (RunSummary Run, Outcome Outcome)> _known = [];

    /// <summary>Reads them; one thread at a time.</summary>
    /// <exception cref="StoreException">The database fails.</exception>
    internal byte[] Read(IRunReader read)
    {
        var lines = new List<object>();
        foreach (var run in read.Runs().ToList())
        {
            if (!_known.TryGetValue(run.Run, out var known) || known.Run != run)
            {
                _known[run.Run] = known = (run, OutcomeOf(read, run));
            }

            lines.Add(new { Line = RunLine.Of(run), known.Outcome.Skipped, known.Outcome.Reward, known.Outcome.Accuracy, Progress = RunProgress.Read(read, run) });
        }

        return JsonSerializer.SerializeToUtf8Bytes(lines, JsonSerializerOptions.Web);
    }

    private static Outcome OutcomeOf(IRunReader read, RunSummary run)
    {
        var last = run.Rounds == 0 ? null : read.RoundSummariesSince(run.Run, run.Rounds - 1).LastOrDefault();
        var choice = run.Rounds == 0 ? null : read.Run(run.Run).Recommended;
        var accuracies = read.LastMetrics(run.Run).Where(static metric => metric.Name.EndsWith(Accuracy, StringComparison.Ordinal)).Select(static metric => metric.Value);
        return new Outcome(choice?.ToString(), last?.MeanReward is { } reward ? Numbers.Value(reward) : null, accuracies.Max() is { } best ? Numbers.Share(best) : null);
    }

    /// <summary>What came of a run so far.</summary>
    /// <param name="Skipped">What it would skip now.</param>
    /// <param name="Reward">The mean reward of its last round.</param>
    /// <param name="Accuracy">The best test accuracy of its plans.</param>
    private sealed record Outcome(string? Skipped, string? Reward, string? Accuracy);
}
