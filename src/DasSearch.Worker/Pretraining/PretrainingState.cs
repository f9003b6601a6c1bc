using System.Globalization;
using DasSearch.Worker.Resuming;
using DasSearch.Worker.Training;
using static TorchSharp.torch;

namespace DasSearch.Worker.Pretraining;

/// <summary>A folder from which an interrupted pre-training goes on as if nothing had happened.</summary>
internal sealed class PretrainingState(string folder, string configSha256)
{
    private const string Columns = "step,training_loss,matching_accuracy,word_accuracy,seconds";
    private const string Curve = "curve.csv";

    private readonly TrainingState _state = new(new ResumeFolder(folder, configSha256, "pre-training"));

    /// <summary>Keeps model, optimizer and curve; what was kept before is removed afterwards.</summary>
    internal void Save(int step, IReadOnlyDictionary<string, Tensor> model, FlatAdamW optimizer, IReadOnlyList<HeldOutFigures> curve) =>
        _state.Save(step, model, optimizer, target => File.WriteAllLines(Path.Combine(target, Curve), [Columns, .. curve.Select(Row)]));

    /// <summary>Puts everything back as it was.</summary>
    /// <returns>The step to go on with and the curve so far; step 0 where nothing was kept.</returns>
    /// <exception cref="Core.DasSearchException">What was kept belongs to another configuration.</exception>
    internal (int Step, List<HeldOutFigures> Curve) Restore(IReadOnlyDictionary<string, Tensor> model, FlatAdamW optimizer)
    {
        var curve = new List<HeldOutFigures>();
        var step = _state.Restore(
            model, optimizer, source => curve.AddRange(File.ReadLines(Path.Combine(source, Curve)).Skip(1).Select(Parse)));
        return ((int)step, curve);
    }

    /// <summary>The training is over.</summary>
    internal void Remove() => _state.Remove();

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
