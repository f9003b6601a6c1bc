using System.Diagnostics;
using System.Globalization;
using DasSearch.Worker.Pretraining;

namespace DasSearch.Cli.Pretraining;

/// <summary>Plain lines on the error stream: one every few seconds, and one an evaluation.</summary>
internal sealed class PretrainingDisplay(TextWriter error, int steps, bool quiet) : IPretrainingProgress
{
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(10);

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private TimeSpan _shown;
    private int _first = -1;

    /// <inheritdoc/>
    public void Stepped(int done, double loss)
    {
        // A resumed run starts in the middle: what is left is reckoned from the steps of this process.
        _first = _first < 0 ? done - 1 : _first;
        if (quiet || _clock.Elapsed - _shown < _pause)
        {
            return;
        }

        _shown = _clock.Elapsed;
        var left = _clock.Elapsed / (done - _first) * (steps - done);
        error.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"step {done} of {steps} · loss {loss:F3} · {Durations.Text(_clock.Elapsed)} · {Durations.Text(left)} left"));
    }

    /// <inheritdoc/>
    public void Evaluated(HeldOutFigures figures)
    {
        if (!quiet)
        {
            error.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"step {figures.Step} of {steps} · held out: matching {figures.MatchingAccuracy:P1} · hidden words {figures.WordAccuracy:P1}"));
        }
    }
}
