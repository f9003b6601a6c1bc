using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Core.Spaces;

namespace DasSearch.Store;

/// <summary>Checks what a run hands over, the same in every back end, before that keeps it.</summary>
/// <param name="run">The run.</param>
/// <param name="modules">How many modules its backbone has.</param>
/// <param name="nextRound">The round that comes next.</param>
/// <param name="work">How long it is at work; null where only something is added to it.</param>
internal abstract class RunWriter(long run, int modules, int nextRound, WorkClock? work) : IRunWriter
{
    private int _nextRound = nextRound;

    /// <inheritdoc/>
    public long Run => run;

    /// <summary>How many modules the run's backbone has.</summary>
    protected int Modules => modules;

    /// <summary>How many rounds the run has.</summary>
    protected int Rounds => _nextRound;

    /// <summary>How long the run was at work by now; null to leave that as it is.</summary>
    protected double? WorkedMilliseconds => work?.Milliseconds;

    /// <inheritdoc/>
    public void Record(Round round)
    {
        ArgumentNullException.ThrowIfNull(round);
        if (round.After.Modules != modules)
        {
            throw new ArgumentException($"Run {run} has {modules} modules, but round {round.Number} has {round.After.Modules}.", nameof(round));
        }

        if (round.Number > _nextRound)
        {
            throw new ArgumentException($"Round {_nextRound} comes next, not {round.Number}.", nameof(round));
        }

        Keep(round, isAgain: round.Number < _nextRound);
        _nextRound = round.Number + 1;
    }

    /// <inheritdoc/>
    public void Record(IReadOnlyList<Metric> metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        Keep(metrics);
    }

    /// <inheritdoc/>
    public abstract void Saved(int rounds);

    /// <inheritdoc/>
    public void Record(SkipPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        Keep(plan);
    }

    /// <inheritdoc/>
    public void Record(NetworkLatency latency)
    {
        ArgumentNullException.ThrowIfNull(latency);
        if (latency.SavedMilliseconds.Count != modules)
        {
            throw new ArgumentException($"Run {run} has {modules} modules, but the latencies are of {latency.SavedMilliseconds.Count}.", nameof(latency));
        }

        Keep(latency);
    }

    /// <inheritdoc/>
    public void Record(IReadOnlyList<AdapterEvidence> adapters)
    {
        ArgumentNullException.ThrowIfNull(adapters);
        if (adapters.FirstOrDefault(adapter => adapter.Module >= modules) is { } strange)
        {
            throw new ArgumentException($"Run {run} has {modules} modules, but an adapter is of module {strange.Module}.", nameof(adapters));
        }

        if (adapters.GroupBy(adapter => (adapter.Module, adapter.Placement, adapter.Site)).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"Two adapters stand {EnumNames.NameOf(twice.Key.Placement)} to {twice.Key.Site} of module {twice.Key.Module}.", nameof(adapters));
        }

        Keep(adapters);
    }

    /// <inheritdoc/>
    public void Record(string split, IReadOnlyList<ExhaustiveScore> scores)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(split);
        ArgumentNullException.ThrowIfNull(scores);
        if (scores.FirstOrDefault(score => score.Subnetwork.Modules != modules) is { } strange)
        {
            throw new ArgumentException($"Run {run} has {modules} modules, but a subnetwork is one of {strange.Subnetwork.Modules}.", nameof(scores));
        }

        Keep(split, scores);
    }

    /// <inheritdoc/>
    public void Finish(RunStatus status, string? problem = null)
    {
        // Of a run that is done, only what the controller knew at the end is ever asked for.
        Keep(status, problem, forgetBefore: status == RunStatus.Done ? _nextRound - 1 : 0);
    }

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>How many modules a run's subnetworks skip at the most, which for a budget follows from what modules cost.</summary>
    internal static int MostSkipped(RunDescription run) =>
        run.Config.Values is { Budget.Macs: null, Skip: var skip } ? skip : SearchSpace.Of(run.Config.Values, run.Costs).MostSkipped;

    /// <summary>Keeps a round; where it comes again, all rounds from it on are forgotten.</summary>
    protected abstract void Keep(Round round, bool isAgain);

    protected abstract void Keep(IReadOnlyList<Metric> metrics);

    protected abstract void Keep(SkipPlan plan);

    protected abstract void Keep(NetworkLatency latency);

    protected abstract void Keep(IReadOnlyList<AdapterEvidence> adapters);

    protected abstract void Keep(string split, IReadOnlyList<ExhaustiveScore> scores);

    /// <summary>What it is for a run to get a status.</summary>
    protected static RunEventKind EventOf(RunStatus status) => status switch
    {
        RunStatus.Running => RunEventKind.Resumed,
        RunStatus.Done => RunEventKind.Done,
        RunStatus.Interrupted => RunEventKind.Interrupted,
        _ => RunEventKind.Failed,
    };

    /// <summary>Keeps a status, and lets go of controllers' memories before a round.</summary>
    protected abstract void Keep(RunStatus status, string? problem, int forgetBefore);
}

/// <summary>Counts how long a run is at work in this process, and adds that to what it was before.</summary>
/// <param name="time">The clock; the machine's sleep does not count, as with <see cref="System.Diagnostics.Stopwatch"/>.</param>
/// <param name="before">Milliseconds of earlier processes; null where they are not known.</param>
internal sealed class WorkClock(TimeProvider time, double? before)
{
    private readonly long _since = time.GetTimestamp();

    /// <summary>Milliseconds by now; null where those before are not known.</summary>
    internal double? Milliseconds => before + time.GetElapsedTime(_since).TotalMilliseconds;
}
