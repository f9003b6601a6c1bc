using System.Diagnostics;
using System.Globalization;
using DasSearch.Worker.Training;

namespace DasSearch.Cli.Planning;

/// <summary>Plain lines on the error stream: one every few seconds, and one an epoch.</summary>
internal sealed class TrainingDisplay(TextWriter error, bool quiet) : ITrainingProgress
{
    private const double Smoothing = 0.1;
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(10);

    private readonly Stopwatch _clock = new();
    private TimeSpan _shown;
    private double? _loss;
    private (long Batches, int PerEpoch, long First) _training;

    /// <inheritdoc/>
    public void Started(long batches, int batchesPerEpoch, long first)
    {
        _training = (batches, batchesPerEpoch, first);
        _clock.Start();
        Say($"{batches} batches, {batches / batchesPerEpoch} epochs{(first == 0 ? "" : $", from batch {first} on")}");
    }

    /// <inheritdoc/>
    public void Learnt(long batch, double loss)
    {
        _loss = _loss is { } before ? before + (Smoothing * (loss - before)) : loss;
        if (_clock.Elapsed - _shown < _pause)
        {
            return;
        }

        _shown = _clock.Elapsed;
        var left = _clock.Elapsed / (batch + 1 - _training.First) * (_training.Batches - batch - 1);
        Say(string.Create(
            CultureInfo.InvariantCulture,
            $"batch {batch + 1} of {_training.Batches} · loss {_loss:F3} · {Durations.Text(_clock.Elapsed)} · {Durations.Text(left)} left"));
    }

    /// <inheritdoc/>
    public void Finished(int epoch, TaskScore score) => Say(string.Create(
        CultureInfo.InvariantCulture, $"epoch {epoch + 1} · validation: accuracy {score.Accuracy:P1}, loss {score.Loss:F3}"));

    /// <inheritdoc/>
    public void Began(string what) => Say(what);

    private void Say(string line)
    {
        if (!quiet)
        {
            error.WriteLine(line);
        }
    }
}
