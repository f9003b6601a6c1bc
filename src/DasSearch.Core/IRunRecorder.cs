using DasSearch.Core.Plans;

namespace DasSearch.Core;

/// <summary>Where a worker hands over what one run yields, as it goes.</summary>
/// <remarks>
/// Each call is kept whole or not at all, and has been kept when it returns. Handing over again what was handed over
/// before, as a resumed run may, replaces it. Not thread-safe.
/// </remarks>
public interface IRunRecorder
{
    /// <summary>Keeps a finished round.</summary>
    /// <exception cref="ArgumentException">It is not the next round nor an earlier one, or is of another backbone.</exception>
    /// <exception cref="DasSearchException">It could not be kept; what was kept before still is.</exception>
    void Record(Round round);

    /// <summary>Lets go of what the controller kept beside gates, of rounds that no resumed search goes on from; their gates stay.</summary>
    /// <param name="round">The first round that one may go on from.</param>
    /// <exception cref="DasSearchException">That could not be done; what was kept before still is.</exception>
    void ForgetMemoryBefore(int round);

    /// <summary>Keeps some numbers.</summary>
    /// <exception cref="DasSearchException">They could not be kept; what was kept before still is.</exception>
    void Record(IReadOnlyList<Metric> metrics);

    /// <summary>Keeps the run's plan, or the plan once trained.</summary>
    /// <exception cref="DasSearchException">It could not be kept; what was kept before still is.</exception>
    void Record(SkipPlan plan);

    /// <summary>Keeps how long its networks take.</summary>
    /// <exception cref="ArgumentException">It is of another number of modules.</exception>
    /// <exception cref="DasSearchException">It could not be kept; what was kept before still is.</exception>
    void Record(NetworkLatency latency);

    /// <summary>Keeps what was found out about the adapters of its supernet.</summary>
    /// <exception cref="ArgumentException">One is of a module that there is not, or two stand at one site.</exception>
    /// <exception cref="DasSearchException">It could not be kept; what was kept before still is.</exception>
    void Record(IReadOnlyList<AdapterEvidence> adapters);

    /// <summary>Says how the run ended.</summary>
    /// <param name="status">How.</param>
    /// <param name="problem">Why it failed, in a sentence; null where it did not.</param>
    /// <exception cref="DasSearchException">That could not be kept; what was kept before still is.</exception>
    void Finish(RunStatus status, string? problem = null);
}
