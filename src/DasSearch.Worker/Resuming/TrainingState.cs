using System.Globalization;
using DasSearch.Core;
using DasSearch.Models.Checkpoints;
using DasSearch.Worker.Training;
using static TorchSharp.torch;

namespace DasSearch.Worker.Resuming;

/// <summary>Weights and optimizer as they stand after a step, in a <see cref="ResumeFolder"/>.</summary>
internal sealed class TrainingState(ResumeFolder folder)
{
    private const string Prefix = "step-";
    private const string Weights = "model.safetensors";
    private const string Optimizer = "optimizer.safetensors";

    /// <summary>Saves both; what was saved before is removed afterwards.</summary>
    /// <param name="step">Steps done, which names the state.</param>
    /// <param name="model">The weights.</param>
    /// <param name="optimizer">The optimizer.</param>
    /// <param name="more">Writes what else there is into the state's folder; null for nothing.</param>
    internal void Save(long step, IReadOnlyDictionary<string, Tensor> model, FlatAdamW optimizer, Action<string>? more = null) =>
        folder.Save(Prefix + step.ToString(CultureInfo.InvariantCulture), target =>
        {
            SafetensorsWriter.Write(Path.Combine(target, Weights), model);
            SafetensorsWriter.Write(Path.Combine(target, Optimizer), optimizer.State());
            more?.Invoke(target);
        });

    /// <summary>Steps done when it was saved, without restoring anything; 0 where nothing was saved.</summary>
    /// <exception cref="DasSearchException">It belongs to other settings.</exception>
    internal long Peek() => folder.Find() is { } found ? StepOf(found.Name) : 0;

    /// <summary>Puts everything back as it was.</summary>
    /// <param name="model">The weights, overwritten.</param>
    /// <param name="optimizer">The optimizer, overwritten.</param>
    /// <param name="more">Reads what else was saved; null for nothing.</param>
    /// <returns>Steps done; 0 where nothing was saved.</returns>
    /// <exception cref="DasSearchException">What was saved belongs to other settings, or is incomplete.</exception>
    internal long Restore(IReadOnlyDictionary<string, Tensor> model, FlatAdamW optimizer, Action<string>? more = null)
    {
        if (folder.Find() is not { } found)
        {
            return 0;
        }

        using var scope = NewDisposeScope();
        using var unrecorded = no_grad();
        Fill(model, Path.Combine(found.Folder, Weights));
        Fill(optimizer.State(), Path.Combine(found.Folder, Optimizer));
        more?.Invoke(found.Folder);
        return StepOf(found.Name);
    }

    /// <summary>Nothing is left to be resumed.</summary>
    internal void Remove() => folder.Remove();

    private static void Fill(IReadOnlyDictionary<string, Tensor> state, string file)
    {
        foreach (var (name, saved) in SafetensorsReader.Read(file).Tensors)
        {
            state[name].copy_(saved);
        }
    }

    private static long StepOf(string name) => long.Parse(name.AsSpan(Prefix.Length), CultureInfo.InvariantCulture);
}
