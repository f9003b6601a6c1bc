namespace OxyPlot.Tests.Gallery;

/// <summary>Figures as reports make them, from numbers that a formula makes up.</summary>
internal static class Figures
{
    public static IEnumerable<(string Name, PlotModel Model)> All() =>
    [
        ("importance", LayerFigures.Importance()),
        ("importance-32", LayerFigures.ImportanceOfMany()),
        ("skips", LayerFigures.Skips()),
        ("gates-12", RoundFigures.Gates(12)),
        ("gates-32", RoundFigures.Gates(32)),
        ("reward", RoundFigures.Reward()),
        ("accuracy", PlanFigures.Accuracy()),
        ("shifts", PlanFigures.Shifts()),
        ("interactions", MatrixFigures.Interactions()),
        ("stability", MatrixFigures.Stability()),
    ];

    public static PlotModel Named(string name) => All().Single(figure => figure.Name == name).Model;
}
