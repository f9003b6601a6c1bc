using System.Globalization;
using DasSearch.Worker.Training;

namespace DasSearch.Cli.Planning;

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
        CultureInfo.InvariantCulture, $"epoch {epoch + 1} · validation: accuracy {score.Accuracy:P1}, loss {score.Loss:F3}"));

    /// <inheritdoc/>
    public void Began(string what) => lines.Say(what);
}
