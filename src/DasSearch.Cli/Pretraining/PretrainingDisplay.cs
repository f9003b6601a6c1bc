using System.Globalization;
using DasSearch.Worker.Pretraining;

namespace DasSearch.Cli.Pretraining;

/// <summary>Plain lines on the error stream: one every few seconds, and one an evaluation.</summary>
internal sealed class PretrainingDisplay(ProgressLines lines, int steps) : IPretrainingProgress
{
    /// <inheritdoc/>
    public void Stepped(int done, double loss) => lines.Progress("step", done, steps, loss);

    /// <inheritdoc/>
    public void Evaluated(HeldOutFigures figures) => lines.Say(string.Create(
        CultureInfo.InvariantCulture,
        $"step {figures.Step} of {steps} · held out: matching {figures.MatchingAccuracy:P1} · hidden words {figures.WordAccuracy:P1}"));
}
