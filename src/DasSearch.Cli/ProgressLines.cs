using System.Globalization;
using DasSearch.Core;
using DasSearch.Worker.Pretraining;
using DasSearch.Worker.Training;

namespace DasSearch.Cli;

/// <summary>Plain lines about a training, for logs: of its progress one every few seconds, and whatever else is said.</summary>
/// <param name="error">Where they go.</param>
/// <param name="quiet">Whether nothing is to be said.</param>
/// <param name="time">The clock.</param>
internal sealed class ProgressLines(TextWriter error, bool quiet, TimeProvider time)
{
    private const double Smoothing = 0.1;
    private const int Recent = 30;
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(10);

    private readonly long _start = time.GetTimestamp();
    private readonly Queue<(TimeSpan At, long Done)> _recent = new();
    private TimeSpan _shown;
    private double? _loss;
    private string? _unit;
    private long _done;

    /// <summary>Says a line.</summary>
    internal void Say(string line)
    {
        if (!quiet)
        {
            error.WriteLine(line);
        }
    }

    /// <summary>Says where the training stands, unless it was said a moment ago.</summary>
    /// <param name="unit">What is counted: a step, a batch.</param>
    /// <param name="done">How many are done.</param>
    /// <param name="total">How many there are.</param>
    /// <param name="loss">The loss of the last one, of which a smoothed one is shown; null for none.</param>
    internal void Progress(string unit, long done, long total, double? loss = null)
    {
        _loss = _loss is { } before ? before + (Smoothing * (loss - before)) : loss; // none before, none after
        var elapsed = time.GetElapsedTime(_start);
        if (_unit != unit || done <= _done)
        {
            // A resumed training starts in the middle: what is left is reckoned from what this process did.
            _recent.Clear();
            _recent.Enqueue((_shown, done - 1));
        }

        (_unit, _done) = (unit, done);
        if (elapsed - _shown < _pause)
        {
            return;
        }

        // And from the last minutes, since stages of a training are not equally fast.
        var (since, from) = _recent.Count < Recent ? _recent.Peek() : _recent.Dequeue();
        var left = (elapsed - since) / (done - from) * (total - done);
        _recent.Enqueue((elapsed, done));
        _shown = elapsed;
        Say(string.Create(
            CultureInfo.InvariantCulture,
            $"{unit} {done} of {total}{(_loss is null ? "" : string.Create(CultureInfo.InvariantCulture, $" · loss {Numbers.Decimals(_loss, 3)}"))} · {Durations.Text(elapsed)} · {Durations.Text(left)} left"));
    }
}

/// <summary>Plain lines on the error stream: one every few seconds, and one an epoch.</summary>
internal sealed class TrainingDisplay(ProgressLines lines) : ITrainingProgress
{
    private long _batches;

    /// <inheritdoc/>
    public void Started(long batches, int batchesPerEpoch, long first)
    {
        _batches = batches;
        lines.Say($"{batches} batches, {batches / batchesPerEpoch} epochs{(first == 0 ? "" : $", from batch {first} on")}");
    }

    /// <inheritdoc/>
    public void Learnt(long batch, double loss) => lines.Progress("batch", batch + 1, _batches, loss);

    /// <inheritdoc/>
    public void Finished(int epoch, TaskScore score) => lines.Say(string.Create(
        CultureInfo.InvariantCulture, $"epoch {epoch + 1} · validation: accuracy {Numbers.Share(score.Accuracy)}, loss {Numbers.Decimals(score.Loss, 3)}"));

    /// <inheritdoc/>
    public void Began(string what) => lines.Say(what);
}

/// <summary>Plain lines on the error stream: one every few seconds, and one an evaluation.</summary>
internal sealed class PretrainingDisplay(ProgressLines lines, int steps) : ICompressionProgress
{
    /// <inheritdoc/>
    public void Factorising(int number, int total) => lines.Progress("Linear", number, total);

    /// <inheritdoc/>
    public void Factorised(Compression compression)
    {
        var ranks = string.Join(", ", compression.Ranks.Values.Distinct().Order());
        lines.Say($"{compression.Ranks.Count} Linears of rank {ranks}: {Numbers.Count(compression.ParametersBefore)} parameters before, {Numbers.Count(compression.ParametersAfter)} now");
    }

    /// <inheritdoc/>
    public void Stepped(int done, double loss) => lines.Progress("step", done, steps, loss);

    /// <inheritdoc/>
    public void Evaluated(HeldOutFigures figures) => lines.Say(string.Create(
        CultureInfo.InvariantCulture,
        $"step {figures.Step} of {steps} · held out: matching {Numbers.Share(figures.MatchingAccuracy)} · hidden words {Numbers.Share(figures.WordAccuracy)} (beside other pictures {Numbers.Share(figures.BlindWordAccuracy)})"));

    /// <inheritdoc/>
    public void Evaluated(ClassifierFigures figures) => lines.Say(string.Create(
        CultureInfo.InvariantCulture, $"step {figures.Step} of {steps} · validation: accuracy {Numbers.Share(figures.Accuracy)}, loss {Numbers.Decimals(figures.Loss, 3)}"));
}
