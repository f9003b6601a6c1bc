using System.Globalization;
using DasSearch.Core;
using DasSearch.Models.Checkpoints;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasSearch.Worker.Pretraining;

/// <summary>A folder from which an interrupted pre-training goes on as if nothing had happened.</summary>
/// <remarks>The step's number is the last thing to be written, and names the files that belong to it.</remarks>
internal sealed class PretrainingState(string folder, string configSha256)
{
    private const string Columns = "step,training_loss,matching_accuracy,word_accuracy,seconds";

    private string Current => Path.Combine(folder, "current");

    /// <summary>Keeps model, optimizer and curve; what was kept before is removed afterwards.</summary>
    internal void Save(int step, IReadOnlyDictionary<string, Tensor> model, AdamW optimizer, IReadOnlyList<HeldOutFigures> curve)
    {
        var target = Directory.CreateDirectory(Path.Combine(folder, Name(step)));
        SafetensorsWriter.Write(Path.Combine(target.FullName, "model.safetensors"), model);
        optimizer.save_state_dict(Path.Combine(target.FullName, "optimizer"));
        File.WriteAllLines(Path.Combine(target.FullName, "curve.csv"), [Columns, .. curve.Select(Row)]);
        File.WriteAllLines(Current + ".part", [configSha256, Name(step)]);
        File.Move(Current + ".part", Current, overwrite: true);
        foreach (var old in Directory.GetDirectories(folder).Where(path => Path.GetFileName(path) != Name(step)))
        {
            Directory.Delete(old, recursive: true);
        }
    }

    /// <summary>Puts everything back as it was.</summary>
    /// <returns>The step to go on with and the curve so far; step 0 where nothing was kept.</returns>
    /// <exception cref="DasSearchException">What was kept belongs to another configuration.</exception>
    internal (int Step, List<HeldOutFigures> Curve) Restore(IReadOnlyDictionary<string, Tensor> model, AdamW optimizer)
    {
        if (!File.Exists(Current))
        {
            return (0, []);
        }

        var lines = File.ReadAllLines(Current);
        if (lines.Length != 2 || lines[0] != configSha256)
        {
            throw new DasSearchException($"{folder} holds the state of a pre-training with other settings: remove it, or change output");
        }

        var source = Path.Combine(folder, lines[1]);
        using var scope = NewDisposeScope();
        using var unrecorded = no_grad();
        foreach (var (name, saved) in SafetensorsReader.Read(Path.Combine(source, "model.safetensors")).Tensors)
        {
            model[name].copy_(saved);
        }

        optimizer.load_state_dict(Path.Combine(source, "optimizer"));
        var curve = File.ReadLines(Path.Combine(source, "curve.csv")).Skip(1).Select(Parse).ToList();
        return (int.Parse(lines[1]["step-".Length..], CultureInfo.InvariantCulture), curve);
    }

    /// <summary>The training is over.</summary>
    internal void Remove()
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Name(int step) => string.Create(CultureInfo.InvariantCulture, $"step-{step}");

    private static string Row(HeldOutFigures figures) => string.Create(
        CultureInfo.InvariantCulture,
        $"{figures.Step},{figures.TrainingLoss:R},{figures.MatchingAccuracy:R},{figures.WordAccuracy:R},{figures.Seconds:R}");

    private static HeldOutFigures Parse(string line)
    {
        var cells = line.Split(',');
        double Cell(int i) => double.Parse(cells[i], CultureInfo.InvariantCulture);
        return new HeldOutFigures((int)Cell(0), Cell(1), Cell(2), Cell(3), Cell(4));
    }
}
