using System.Globalization;
using DasSearch.Core;
using DasSearch.Worker.Search;
using DasSearch.Worker.Training;

namespace DasSearch.Cli.Searching;

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
            ? $" · round {Status.Round!.Number + 1} of {schedule.Rounds} · reward {Tables.Number(reward, "F4")} · leaders {Leaders()}"
            : "";
        var training = string.Create(CultureInfo.InvariantCulture, $"batch {Status.Batches} of {schedule.Batches} · loss {Status.Loss:F3}");
        var time = $"{Durations.Text(Status.Elapsed)} · {Durations.Text(Status.Left!.Value)} left";
        error.WriteLine($"{Status.Phase} · {training}{round} · {time}");
    }

    /// <inheritdoc/>
    public override void Finished(int epoch, Subnetwork chosen, TaskScore score)
    {
        base.Finished(epoch, chosen, score);
        error.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"epoch {epoch + 1} · without {chosen} · validation: accuracy {score.Accuracy:P1}, loss {score.Loss:F3}"));
    }

    internal override void Began(string what) => error.WriteLine(what);

    private string Leaders() => string.Join(
        ", ", Status.Leaders(skip).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i} ({Status.State!.Probabilities[i]:F3})")));
}
