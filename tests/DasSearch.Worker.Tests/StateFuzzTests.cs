using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Data.Pretraining;
using DasSearch.Fuzzing;
using DasSearch.Worker.Exhaustive;
using DasSearch.Worker.Pretraining;
using DasSearch.Worker.Resuming;
using DasSearch.Worker.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasSearch.Worker.Tests;

/// <summary>States for resuming that were sound once, whatever happened to their files: they are restored, or refused in one sentence.</summary>
public sealed class StateFuzzTests : IDisposable
{
    private const string Key = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-state-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void State_OfATraining_IsRestoredOrRefusedInASentence(bool isHashed) => Training(
        "training",
        isHashed,
        folder => MetricFile.Write(folder, [new Metric("train.loss", 3, 0.5), new Metric("train.loss", 4, null)]),
        folder => _ = MetricFile.Read(folder).Count());

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void State_OfAPreTraining_IsRestoredOrRefusedInASentence(bool isHashed)
    {
        ITraining<PretrainingBatch> training = new Pretrainer(new PretrainingConfig { Output = "vilt.safetensors" }, Key, data: null!, CPU);
        Training("pre-training", isHashed, training.Write, training.Read);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void State_OfAMeasurement_IsRestoredOrRefusedInASentence(bool isHashed)
    {
        new ExhaustiveState(_folder.FullName, Key).Save(2, [[1, 2, 3], [4, 5, 6]], [1, 2]);
        ForEachFile($"measurement {isHashed}", isHashed, () => new ExhaustiveState(_folder.FullName, Key).Restore([new float[3], new float[3]], new double[2]));
    }

    private void Training(string name, bool isHashed, Action<string> write, Action<string> read)
    {
        using var scope = NewDisposeScope();
        var weight = new Parameter(randn(3, 2));
        using var optimizer = new FlatAdamW([new ParameterGroup([weight], 1, 0.1)], 0.9, 0.98, 1e-8);
        var model = new Dictionary<string, Tensor>(StringComparer.Ordinal) { ["weight"] = weight };
        new TrainingState(_folder.FullName, Key, name).Save(7, model, optimizer, write);
        ForEachFile($"{name} {isHashed}", isHashed, () => new TrainingState(_folder.FullName, Key, name).Restore(model, optimizer, read));
    }

    // Each of them in turn, all others being sound; as states were before their files had hashes, too, whose readers see more of the damage.
    private void ForEachFile(string name, bool isHashed, Action restore)
    {
        var current = Path.Combine(_folder.FullName, "current");
        if (!isHashed)
        {
            File.WriteAllLines(current, [Key, Directory.GetDirectories(_folder.FullName).Select(Path.GetFileName).Single()!]);
        }

        foreach (var file in Directory.GetFiles(_folder.FullName, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != "lock").Order(StringComparer.Ordinal))
        {
            var sound = File.ReadAllBytes(file);
            Fuzz.Check($"{name}, {Path.GetFileName(file)}", 60, [sound], bytes =>
            {
                File.WriteAllBytes(file, bytes);
                restore();
            });
            File.WriteAllBytes(file, sound);
        }
    }
}
