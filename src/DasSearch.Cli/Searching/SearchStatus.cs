using System.Diagnostics;
using DasSearch.Core;
using DasSearch.Worker.Search;
using DasSearch.Worker.Training;

namespace DasSearch.Cli.Searching;

/// <summary>Where a search stands: what every display shows, in its own way.</summary>
internal sealed class SearchStatus : ISearchProgress
{
    private const double Smoothing = 0.1;

    private readonly Stopwatch _clock = new();
    private long _first;
    private string? _after;

    /// <summary>When the search does what; null before it begins.</summary>
    internal SearchSchedule? Schedule { get; private set; }

    /// <summary>Batches learnt from.</summary>
    internal long Batches { get; private set; }

    /// <summary>The loss, smoothed over some batches; null before the first.</summary>
    internal double? Loss { get; private set; }

    /// <summary>The last round; null before the first of this process.</summary>
    internal Round? Round { get; private set; }

    /// <summary>The controller as it stands; null before the search begins.</summary>
    internal ControllerState? State { get; private set; }

    /// <summary>What the last epoch's choice scores on the validation split; null before the first.</summary>
    internal TaskScore? Score { get; private set; }

    /// <summary>Time of this process.</summary>
    internal TimeSpan Elapsed => _clock.Elapsed;

    /// <summary>Time that is left if all goes on as before; null before the first batch.</summary>
    internal TimeSpan? Left => Schedule is { } schedule && Batches > _first
        ? _clock.Elapsed / (Batches - _first) * (schedule.Batches - Batches)
        : null;

    /// <summary>What goes on.</summary>
    internal string Phase => _after ?? (Schedule is null ? "starting" : Schedule.RoundsBefore(Batches) == 0 ? "warm-up" : "search");

    /// <summary>The mean reward of the last round; null before the first.</summary>
    internal double? Reward => Round?.Evaluations.Where(one => one.Credit is not null).Select(one => one.Credit!.Value).DefaultIfEmpty().Average();

    /// <summary>The modules that the search would skip now, the largest gate first; before the first round those with the largest gates.</summary>
    /// <param name="count">How many, before the first round.</param>
    internal IReadOnlyList<int> Leaders(int count)
    {
        if (State is not { } state)
        {
            return [];
        }

        var order = Enumerable.Range(0, state.Modules).OrderByDescending(i => state.Gates[i]).ThenByDescending(i => i);
        return Round?.Recommended is { } recommended ? [.. order.Where(recommended.Contains)] : [.. order.Take(count)];
    }

    /// <summary>What follows the search itself begins.</summary>
    internal void Began(string what) => _after = what;

    /// <inheritdoc/>
    public void Started(SearchSchedule schedule, long batch, ControllerState state)
    {
        (Schedule, Batches, _first, State) = (schedule, batch, batch, state);
        _clock.Start();
    }

    /// <inheritdoc/>
    public void Learnt(long batch, double loss)
    {
        Batches = batch + 1;
        Loss = Loss is { } before ? before + (Smoothing * (loss - before)) : loss;
    }

    /// <inheritdoc/>
    public void Finished(Round round) => (Round, State) = (round, round.After);

    /// <inheritdoc/>
    public void Finished(int epoch, Subnetwork chosen, TaskScore score) => Score = score;
}
