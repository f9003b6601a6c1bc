using System.Globalization;
using DasSearch.Core;
using DasSearch.Models.Checkpoints;
using DasSearch.Worker.Training;
using static TorchSharp.torch;

namespace DasSearch.Worker.Resuming;

/// <summary>A folder from which an interrupted training goes on: weights and optimizer as they stand after a step.</summary>
/// <param name="path">The folder; need not be there.</param>
/// <param name="key">What tells the settings from others.</param>
/// <param name="what">What messages call the training.</param>
/// <param name="again">What begins it anew once the folder is removed, for messages.</param>
public sealed class TrainingState(string path, string key, string what, string again = "the same command")
{
    private const string Prefix = "step-";
    private const string Weights = "model.safetensors";
    private const string Optimizer = "optimizer.safetensors";

    private readonly ResumeFolder _folder = new(path, key, what, again);

    /// <summary>Steps done when it was saved; 0 where nothing was saved.</summary>
    /// <exception cref="DasSearchException">It belongs to other settings, is damaged, or cannot be read.</exception>
    public long Done => _folder.Read((name, _) => StepOf(name), 0);

    /// <summary>Nothing is left to be resumed.</summary>
    public void Remove() => _folder.Remove();

    /// <summary>Saves both; what was saved before is removed afterwards.</summary>
    /// <param name="step">Steps done, which names the state.</param>
    /// <param name="model">The weights.</param>
    /// <param name="optimizer">The optimizer.</param>
    /// <param name="more">Writes what else there is into the state's folder.</param>
    internal void Save(long step, IReadOnlyDictionary<string, Tensor> model, FlatOptimizer optimizer, Action<string> more) =>
        _folder.Save(Prefix + step.ToString(CultureInfo.InvariantCulture), target =>
        {
            CheckpointFile.Write(Path.Combine(target, Weights), model);
            CheckpointFile.Write(Path.Combine(target, Optimizer), optimizer.State());
            more(target);
        });

    /// <summary>Puts everything back as it was.</summary>
    /// <param name="model">The weights, overwritten.</param>
    /// <param name="optimizer">The optimizer, overwritten.</param>
    /// <param name="more">Reads what else was saved.</param>
    /// <returns>Steps done; 0 where nothing was saved.</returns>
    /// <exception cref="DasSearchException">What was saved belongs to other settings, is damaged, or cannot be read.</exception>
    internal long Restore(IReadOnlyDictionary<string, Tensor> model, FlatOptimizer optimizer, Action<string> more) => _folder.Read(
        (name, folder) =>
        {
            using var scope = NewDisposeScope();
            using var unrecorded = no_grad();
            Fill(model, Path.Combine(folder, Weights));
            Fill(optimizer.State(), Path.Combine(folder, Optimizer));
            more(folder);
            return StepOf(name);
        },
        none: 0);

    private static void Fill(IReadOnlyDictionary<string, Tensor> state, string file)
    {
        foreach (var (name, saved) in CheckpointFile.Read(file).Tensors)
        {
            state[name].copy_(saved);
        }
    }

    private static long StepOf(string name) => long.Parse(name.AsSpan(Prefix.Length), CultureInfo.InvariantCulture);
}

/// <summary>Metrics in a small file beside saved weights, for a training whose rows go to the store only at its end.</summary>
internal static class MetricFile
{
    private const string Name = "metrics.csv";

    internal static void Write(string folder, IEnumerable<Metric> metrics) =>
        File.WriteAllLines(
            Path.Combine(folder, Name),
            metrics.Select(metric => string.Create(CultureInfo.InvariantCulture, $"{metric.Name},{metric.Step},{metric.Value:R}")));

    internal static IEnumerable<Metric> Read(string folder) => File.ReadLines(Path.Combine(folder, Name)).Select(line =>
    {
        var cells = line.Split(',');
        return new Metric(
            cells[0],
            long.Parse(cells[1], CultureInfo.InvariantCulture),
            cells[2].Length == 0 ? null : double.Parse(cells[2], CultureInfo.InvariantCulture));
    });
}
