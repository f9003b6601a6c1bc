using System.Globalization;
using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Formats;
using DasSearch.Store.Sqlite;

namespace DasSearch.Store.Memory;

/// <summary>Runs that are gone with this process, for tests and for looking at a search without a database.</summary>
/// <remarks>Unlike other back ends it serves many threads at a time: what is read is as it was when it was asked for.</remarks>
/// <param name="time">The clock that recorded times come from.</param>
public sealed class MemoryStore(TimeProvider time) : IRunStore
{
    private readonly Lock _lock = new();
    private readonly List<MemoryRun> _runs = [];
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-memory-");

    /// <inheritdoc/>
    public IRunReader Read => new MemoryReader(this);

    /// <inheritdoc/>
    public IRunArtifacts Artifacts => Folders;

    internal RunFolders Folders => new(Path.Combine(_folder.FullName, "memory"));

    /// <inheritdoc/>
    public IRunWriter Begin(RunDescription run)
    {
        ArgumentNullException.ThrowIfNull(run);
        lock (_lock)
        {
            _runs.Add(MemoryRun.Begin(_runs.Count + 1, run, Now()));
            return new Writer(this, _runs.Count, run.Costs.Modules.Count, nextRound: 0, new WorkClock(time, 0));
        }
    }

    /// <inheritdoc/>
    public IRunWriter Reopen(long run, int rounds)
    {
        var kept = Find(run);
        ArgumentOutOfRangeException.ThrowIfNegative(rounds);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rounds, kept.Rounds.Count);
        Change(run, old => old with
        {
            Rounds = [.. old.Rounds.Take(rounds)],

            // Whoever goes on with a run has its lock: what left it running is gone.
            Events = kept.Details.Summary.Status == RunStatus.Running ? [.. old.Events, RunEvent.Stopped(kept.Described().Summary)] : old.Events,
        });
        var writer = new Writer(this, run, kept.Details.Costs.Modules.Count, rounds, new WorkClock(time, kept.Details.Summary.WorkedMilliseconds));
        writer.Finish(RunStatus.Running);
        return writer;
    }

    /// <inheritdoc/>
    public IRunWriter Append(long run)
    {
        var kept = Find(run);
        return new Writer(this, run, kept.Details.Costs.Modules.Count, kept.Rounds.Count, work: null);
    }

    /// <inheritdoc/>
    public void Annotate(long run, Annotation annotation)
    {
        ArgumentNullException.ThrowIfNull(annotation);
        _ = Find(run);
        Change(run, old => old with
        {
            Details = old.Details with
            {
                Summary = old.Details.Summary with
                {
                    Notes = annotation.Notes ?? old.Details.Summary.Notes,
                    Tags = annotation.Tags is { } tags ? string.Join(' ', tags) : old.Details.Summary.Tags,
                },
            },
        });
    }

    /// <inheritdoc/>
    public IRunLock Lock(long run, bool isNew = false) => Folders.Lock(run, isNew);

    /// <summary>Forgets everything.</summary>
    public void Dispose()
    {
        if (Directory.Exists(_folder.FullName))
        {
            _folder.Delete(recursive: true);
        }
    }

    internal IReadOnlyList<MemoryRun> Runs()
    {
        lock (_lock)
        {
            return [.. _runs];
        }
    }

    /// <exception cref="StoreException">There is no such run.</exception>
    internal MemoryRun Find(long run)
    {
        var runs = Runs();
        return run >= 1 && run <= runs.Count ? runs[(int)run - 1] : throw NoSuchRun(run.ToString(CultureInfo.InvariantCulture));
    }

    internal StoreException NoSuchRun(string run) => new(
        Runs().Count is 0 ? $"there is no run {run} in memory, which has none at all" : $"there is no run {run} in memory, whose latest is {Runs().Count}");

    // As databases keep times.
    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());

    private void Change(long run, Func<MemoryRun, MemoryRun> change)
    {
        lock (_lock)
        {
            _runs[(int)run - 1] = change(_runs[(int)run - 1]);
        }
    }

    private sealed class Writer(MemoryStore store, long run, int modules, int nextRound, WorkClock? work) : RunWriter(run, modules, nextRound, work)
    {
        public override void Saved(int rounds)
        {
            var saved = new RunEvent(RunEventKind.Saved, rounds, null, store.Now());
            store.Change(Run, old => (old with
            {
                Events = [.. old.Events[^1].Kind == RunEventKind.Saved ? old.Events.SkipLast(1) : old.Events, saved],
            }).WithoutMemoryBefore(rounds - 1));
        }

        public override void Dispose()
        {
        }

        protected override void Keep(Round round, bool isAgain)
        {
            var now = store.Now();
            store.Change(Run, old => (old with { Rounds = [.. old.Rounds.Take(round.Number), new MemoryRound(round, now)] }).UpdatedAt(now, WorkedMilliseconds));
        }

        protected override void Keep(IReadOnlyList<Metric> metrics) => Change(old =>
        {
            var all = old.Metrics.ToDictionary(metric => (metric.Name, metric.Step));
            foreach (var metric in metrics)
            {
                all[(metric.Name, metric.Step)] = metric;
            }

            return old with { Metrics = [.. all.Values.OrderBy(metric => metric.Name, StringComparer.Ordinal).ThenBy(metric => metric.Step)] };
        });

        protected override void Keep(SkipPlan plan)
        {
            // One that comes again becomes the latest, in its old place among those of the same moment.
            var (text, now) = (PlanFile.Format(plan), store.Now());
            Change(old => old with
            {
                Plans = [.. (old.Plans.Any(IsSame) ? old.Plans.Select(one => IsSame(one) ? one with { RecordedAt = now } : one) : old.Plans.Append(new StoredPlan(plan, now)))
                    .OrderBy(one => one.RecordedAt)],
            });

            bool IsSame(StoredPlan one) => PlanFile.Format(one.Plan) == text;
        }

        protected override void Keep(NetworkLatency latency) => Change(old => old with { Details = old.Details with { Latency = latency } });

        protected override void Keep(IReadOnlyList<AdapterEvidence> adapters) => Change(old => old with
        {
            Adapters =
            [
                .. adapters.OrderBy(adapter => adapter.Module)
                    .ThenBy(adapter => EnumNames.NameOf(adapter.Placement), StringComparer.Ordinal)
                    .ThenBy(adapter => adapter.Site, StringComparer.Ordinal),
            ],
        });

        protected override void Keep(string split, IReadOnlyList<ExhaustiveScore> scores) => Change(old =>
        {
            var again = scores.Select(score => score.Subnetwork).ToHashSet();
            var others = old.Scores.Where(entry => entry.Split != split || !again.Contains(entry.Score.Subnetwork));
            return old with { Scores = [.. others.Concat(scores.Select(score => new MemoryScore(split, score))).OrderBy(entry => entry.Score.Subnetwork)] };
        });

        protected override void Keep(RunStatus status, string? problem, int forgetBefore)
        {
            var now = store.Now();
            Change(old => (old with
            {
                Events = [.. old.Events, new RunEvent(EventOf(status), Rounds, problem, now)],
                Details = old.Details with
                {
                    Summary = old.Details.Summary with { Status = status, Problem = problem, FinishedAt = status == RunStatus.Running ? null : now },
                },
            }).WithoutMemoryBefore(forgetBefore));
        }

        private void Change(Func<MemoryRun, MemoryRun> change) => store.Change(Run, old => change(old).UpdatedAt(store.Now(), WorkedMilliseconds));
    }
}

/// <summary>A run, never changed but replaced.</summary>
internal sealed record MemoryRun(RunDetails Details)
{
    internal IReadOnlyList<MemoryRound> Rounds { get; init; } = [];

    internal IReadOnlyList<Metric> Metrics { get; init; } = [];

    internal IReadOnlyList<RunEvent> Events { get; init; } = [];

    internal IReadOnlyList<StoredPlan> Plans { get; init; } = [];

    internal IReadOnlyList<MemoryScore> Scores { get; init; } = [];

    internal IReadOnlyList<AdapterEvidence> Adapters { get; init; } = [];

    internal static MemoryRun Begin(long number, RunDescription run, DateTimeOffset now)
    {
        var config = run.Config.Values;
        var summary = new RunSummary(
            number, config.Name, config.Task, config.Backbone, config.Controller.Name, RunWriter.MostSkipped(run), config.Seed,
            RunStatus.Running, null, now, now, null, 0, 0, 0, run.PlannedRounds, null, "", "");
        return new MemoryRun(new RunDetails(
            summary, run.Config.Text, run.Config.Sha256, run.Config.Path, config.Checkpoint, run.CheckpointSha256, run.Environment, run.Costs))
        {
            Events = [new RunEvent(RunEventKind.Begun, 0, null, now)],
        };
    }

    /// <summary>The run as its readers see it.</summary>
    internal RunDetails Described() => Details with
    {
        Summary = Details.Summary with { Rounds = Rounds.Count, Evaluations = Rounds.Sum(round => round.Round.Evaluations.Count), BestReward = Rounds.SelectMany(round => round.Round.Evaluations).Max(one => one.Reward) },
        Recommended = Rounds.Count > 0 ? Rounds[^1].Round.Recommended : null,
    };

    internal MemoryRun UpdatedAt(DateTimeOffset now, double? worked) => this with
    {
        Details = Details with { Summary = Details.Summary with { UpdatedAt = now, WorkedMilliseconds = worked ?? Details.Summary.WorkedMilliseconds } },
    };

    internal MemoryRun WithoutMemoryBefore(int number) =>
        this with { Rounds = [.. Rounds.Select(round => round.Round.Number < number ? round.WithoutMemory() : round)] };
}

/// <summary>A round and when it was recorded.</summary>
internal sealed record MemoryRound(Round Round, DateTimeOffset RecordedAt)
{
    internal MemoryRound WithoutMemory() => Round.After.Memory.Count == 0
        ? this
        : this with
        {
            Round = new Round(
                Round.Number, Round.Step, Round.Epoch, Round.Evaluations, new ControllerState(Round.After.Controller, Round.After.Gates, Round.After.Probabilities),
                Round.Milliseconds, Round.Recommended),
        };
}

/// <summary>A subnetwork's score on a split.</summary>
internal sealed record MemoryScore(string Split, ExhaustiveScore Score);
