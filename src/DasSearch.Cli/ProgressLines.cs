using System.Diagnostics;
using System.Globalization;

namespace DasSearch.Cli;

/// <summary>Plain lines about a training, for logs: of its progress one every few seconds, and whatever else is said.</summary>
/// <param name="error">Where they go.</param>
/// <param name="quiet">Whether nothing is to be said.</param>
internal sealed class ProgressLines(TextWriter error, bool quiet)
{
    private const double Smoothing = 0.1;
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(10);

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private TimeSpan _shown;
    private double? _loss;
    private long? _first;

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
        // A resumed training starts in the middle: what is left is reckoned from what this process did.
        var first = _first ??= done - 1;
        _loss = _loss is { } before ? before + (Smoothing * (loss - before)) : loss; // none before, none after
        var elapsed = _clock.Elapsed;
        if (elapsed - _shown < _pause)
        {
            return;
        }

        _shown = elapsed;
        var left = elapsed / (done - first) * (total - done);
        Say(string.Create(
            CultureInfo.InvariantCulture,
            $"{unit} {done} of {total}{(_loss is null ? "" : string.Create(CultureInfo.InvariantCulture, $" · loss {_loss:F3}"))} · {Durations.Text(elapsed)} · {Durations.Text(left)} left"));
    }
}
