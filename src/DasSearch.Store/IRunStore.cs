using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Store.Rewards;

namespace DasSearch.Store;

/// <summary>Where runs are kept: what every back end promises, and the shared suite in the tests holds it to.</summary>
/// <remarks>
/// <para><b>Threads and processes.</b> An opened store, and all that it hands out, serves one thread at a time: each thread opens its own.
/// Any number of processes may have one store open; readers never wait, and writers wait for each other as long as their patience lasts.
/// Only a <see cref="IRunLock"/> keeps two processes from computing the same run.</para>
/// <para><b>Atomicity.</b> Each call of a writer is kept whole or not at all, and has been kept when it returns, whatever happens to the
/// program afterwards. A round is kept with all of its evaluations and gates.</para>
/// <para><b>What may change.</b> Runs are numbered from 1, never removed, and no number is given twice. A run's description stays as it
/// began. Rounds come one after the other, without gaps; a resumed run may hand over some again, and all that came after the first of
/// these are forgotten. What a controller remembers beside its gates is let go of where no search goes on from it. Metrics are replaced by name
/// and step, exhaustive scores by split and subnetwork, latencies, adapters, notes, tags and the status as a whole; plans and events are only
/// added, but that of several savings without anything between them the last alone is an event.</para>
/// <para><b>Status.</b> A run that says that it is running is <see cref="RunStatus.Stopped"/> to its readers when no process has its lock.</para>
/// <para><b>Reading.</b> Lists of rounds, evaluations, gates and rewards are read as they are walked, so that a million rows need no more memory
/// than one; a list that is being walked does not see what is written meanwhile.</para>
/// <para><b>Failures</b> are a <see cref="StoreException"/>, thrown by the call or as its list is walked, which says what happened and the
/// remedy; what was kept before still is.</para>
/// </remarks>
public interface IRunStore : IDisposable
{
    /// <summary>What is kept.</summary>
    IRunReader Read { get; }

    /// <summary>Files that belong to runs.</summary>
    IRunArtifacts Artifacts { get; }

    /// <summary>Starts a run.</summary>
    /// <returns>Where it is recorded; its <see cref="IRunWriter.Run"/> is the new run's number.</returns>
    IRunWriter Begin(RunDescription run);

    /// <summary>Goes on with a run: rounds after those that are kept are forgotten, and its status is running again.</summary>
    /// <param name="run">The run's number.</param>
    /// <param name="rounds">How many of its rounds are kept, from 0 to as many as there are.</param>
    /// <exception cref="ArgumentOutOfRangeException">The run has fewer rounds.</exception>
    IRunWriter Reopen(long run, int rounds);

    /// <summary>Adds to a run what came of it afterwards, such as a trained plan; its status stays as it is.</summary>
    IRunWriter Append(long run);

    /// <summary>Keeps what somebody says of a run, whether or not it is being computed; its times stay as they are.</summary>
    /// <exception cref="StoreException">There is no such run, or nothing can be written.</exception>
    void Annotate(long run, Annotation annotation);

    /// <summary>Takes a run for this process alone, which is to compute it.</summary>
    /// <param name="run">The run's number.</param>
    /// <param name="isNew">Whether it has just begun: what is left in its folders, of a store that is gone or elsewhere now, is then set aside.</param>
    /// <exception cref="StoreException">Another process has it.</exception>
    IRunLock Lock(long run, bool isNew = false);
}

/// <summary>What a store keeps, as its contract in <see cref="IRunStore"/> has it. All but <see cref="Runs"/> throw where there is no such run.</summary>
public interface IRunReader
{
    /// <summary>All runs, the oldest first.</summary>
    IEnumerable<RunSummary> Runs();

    /// <summary>A run by its number, or the latest run of a name.</summary>
    /// <param name="run">Digits alone are a number.</param>
    RunDetails Find(string run);

    /// <summary>A run by its number.</summary>
    RunDetails Run(long run);

    /// <summary>A run's rounds as they were recorded, in their order.</summary>
    IEnumerable<Round> Rounds(long run) => RoundsSince(run, 0);

    /// <summary>The rounds from a number on, for whoever has seen those before it.</summary>
    IEnumerable<Round> RoundsSince(long run, int number);

    /// <summary>A run's rounds in one line each, in their order.</summary>
    IEnumerable<RoundSummary> RoundSummaries(long run) => RoundSummariesSince(run, 0);

    /// <summary>The same from a number on, for whoever has seen those before it.</summary>
    IEnumerable<RoundSummary> RoundSummariesSince(long run, int number);

    /// <summary>What the controller would have chosen after each round, in their order; without those of das before schema 5, which did not record it.</summary>
    IEnumerable<StoredChoice> Choices(long run);

    /// <summary>A run's evaluations, round by round, in the order proposed.</summary>
    IEnumerable<StoredEvaluation> Evaluations(long run);

    /// <summary>A run's gates, round by round, module by module.</summary>
    IEnumerable<StoredGate> Gates(long run);

    /// <summary>A run's gates after its last round, module by module; none before the first.</summary>
    IReadOnlyList<StoredGate> LastGates(long run);

    /// <summary>What a run found out about each module, in the modules' order.</summary>
    IReadOnlyList<LayerReward> LayerRewards(long run);

    /// <summary>How each subnetwork fared that a run evaluated, the best mean reward first.</summary>
    IEnumerable<SubnetworkReward> Subnetworks(long run);

    /// <summary>A run's rewards by module, round, subnetwork or evaluation.</summary>
    /// <exception cref="RewardQueryException">There is no such column or module, or a value does not fit its column.</exception>
    RewardRows Rewards(long run, RewardQuery query);

    /// <summary>A run's metrics, name by name, step by step.</summary>
    /// <param name="run">The run's number.</param>
    /// <param name="name">One name only; null for all.</param>
    IEnumerable<Metric> Metrics(long run, string? name = null);

    /// <summary>The last value of each of a run's metrics, name by name.</summary>
    IReadOnlyList<Metric> LastMetrics(long run);

    /// <summary>What became of a run, in the order in which it did.</summary>
    IReadOnlyList<RunEvent> Events(long run);

    /// <summary>The plans that came of a run, in the order in which they were recorded.</summary>
    IReadOnlyList<StoredPlan> Plans(long run);

    /// <summary>What subnetworks of a run's supernet are worth on a whole split, in their canonical order; none where that was not measured.</summary>
    IReadOnlyList<ExhaustiveScore> ExhaustiveScores(long run, string split);

    /// <summary>What was found out about the adapters of a run's supernet, by module; none where that was not measured, as before its search is over.</summary>
    IReadOnlyList<AdapterEvidence> Adapters(long run);
}

/// <summary>Writes one run: what a search hands over, and all that comes of it besides.</summary>
public interface IRunWriter : IRunRecorder, IDisposable
{
    /// <summary>The run's number in the store.</summary>
    long Run { get; }

    /// <summary>Keeps the run's plan, or the plan once trained; one that is there already becomes the latest.</summary>
    void Record(SkipPlan plan);

    /// <summary>Keeps how long its networks take.</summary>
    /// <exception cref="ArgumentException">It is of another number of modules.</exception>
    void Record(NetworkLatency latency);

    /// <summary>Keeps what was found out about the adapters of its supernet.</summary>
    /// <exception cref="ArgumentException">One is of a module that there is not, or two stand at one site.</exception>
    void Record(IReadOnlyList<AdapterEvidence> adapters);

    /// <summary>Keeps what subnetworks of its supernet are worth on a whole split.</summary>
    /// <exception cref="ArgumentException">One is of another number of modules.</exception>
    void Record(string split, IReadOnlyList<ExhaustiveScore> scores);

    /// <summary>Says how the run ended.</summary>
    /// <param name="status">How.</param>
    /// <param name="problem">Why it failed, in a sentence; null where it did not.</param>
    void Finish(RunStatus status, string? problem = null);
}

/// <summary>Files that belong to runs, such as a supernet's weights: each by a name like <c>supernet.safetensors</c>.</summary>
public interface IRunArtifacts
{
    /// <summary>Keeps a file; one that was kept under the name is replaced once this one is whole.</summary>
    /// <param name="run">The run's number.</param>
    /// <param name="name">A file name.</param>
    /// <param name="write">Writes the file at the path that it is given.</param>
    /// <exception cref="StoreException">It cannot be written.</exception>
    void Write(long run, string name, Action<string> write);

    /// <summary>The path of a kept file, to be read as long as the store is open.</summary>
    /// <exception cref="StoreException">There is none.</exception>
    string Find(long run, string name);
}

/// <summary>A run that this process computes, and no other one does meanwhile.</summary>
public interface IRunLock : IDisposable
{
    /// <summary>The folder that has what was found of another store's run of that number; null where nothing was.</summary>
    string? SetAside { get; }

    /// <summary>The path of a folder of the run's own, which need not be there: what is in it when the lock is let go of is found again by who takes the run next.</summary>
    string Folder(string name);
}

/// <summary>The store could not do what was asked; what it held before, it still holds.</summary>
/// <param name="message">The sentence that the user reads: the file, what happened, the remedy.</param>
/// <param name="innerException">The cause.</param>
public sealed class StoreException(string message, Exception? innerException = null) : DasSearchException(message, innerException);
