using System.Diagnostics;
using System.Globalization;
using DasSearch.App;
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

    /// <summary>The mean reward of the last round; null before the first, and where none of it counts.</summary>
    internal double? Reward => Round?.Evaluations.Average(one => one.Credit);

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

/// <summary>Shows a search as it goes; where nothing is to be shown, this is all there is.</summary>
/// <param name="status">Where the search stands.</param>
internal class SearchDisplay(SearchStatus status) : ISearchProgress
{
    /// <summary>Where the search stands.</summary>
    protected SearchStatus Status => status;

    /// <summary>Runs the search with the display around it.</summary>
    internal virtual SearchResult Around(Func<SearchResult> search) => search();

    /// <summary>What follows the search itself begins.</summary>
    internal virtual void Began(string what) => status.Began(what);

    /// <inheritdoc/>
    public virtual void Started(SearchSchedule schedule, long batch, ControllerState state) => status.Started(schedule, batch, state);

    /// <inheritdoc/>
    public virtual void Learnt(long batch, double loss) => status.Learnt(batch, loss);

    /// <inheritdoc/>
    public virtual void Finished(Round round) => status.Finished(round);

    /// <inheritdoc/>
    public virtual void Finished(int epoch, Subnetwork chosen, TaskScore score) => status.Finished(epoch, chosen, score);
}

/// <summary>Plain lines on the error stream, for logs: one every few seconds, and one an epoch.</summary>
internal sealed class PlainSearchDisplay(SearchStatus status, TextWriter error, int skip) : SearchDisplay(status)
{
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(10);

    private TimeSpan _shown;

    /// <inheritdoc/>
    public override void Started(SearchSchedule schedule, long batch, ControllerState state)
    {
        base.Started(schedule, batch, state);
        var from = batch == 0 ? "" : $", from batch {batch} on";
        error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{schedule.Batches} batches, {schedule.Rounds} rounds{from}"));
    }

    /// <inheritdoc/>
    public override void Learnt(long batch, double loss)
    {
        base.Learnt(batch, loss);
        if (Status.Elapsed - _shown < _pause)
        {
            return;
        }

        _shown = Status.Elapsed;
        var schedule = Status.Schedule!;
        var round = Status.Reward is { } reward
            ? $" · round {Status.Round!.Number + 1} of {schedule.Rounds} · reward {Numbers.Value(reward)} · leaders {Leaders()}"
            : "";
        var training = string.Create(CultureInfo.InvariantCulture, $"batch {Status.Batches} of {schedule.Batches} · loss {Numbers.Decimals(Status.Loss, 3)}");
        var time = $"{Durations.Text(Status.Elapsed)} · {Durations.Text(Status.Left!.Value)} left";
        error.WriteLine($"{Status.Phase} · {training}{round} · {time}");
    }

    /// <inheritdoc/>
    public override void Finished(int epoch, Subnetwork chosen, TaskScore score)
    {
        base.Finished(epoch, chosen, score);
        error.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"epoch {epoch + 1} · without {chosen} · validation: accuracy {Numbers.Share(score.Accuracy)}, loss {Numbers.Decimals(score.Loss, 3)}"));
    }

    internal override void Began(string what) => error.WriteLine(what);

    private string Leaders() => string.Join(
        ", ", Status.Leaders(skip).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i} ({Numbers.Probability(Status.State!.Probabilities[i], 3)})")));
}
