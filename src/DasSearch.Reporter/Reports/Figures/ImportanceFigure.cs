using DasSearch.Core;
using DasSearch.Reporter.Comparison;
using DasSearch.Reporter.Importance;
using DasSearch.Reporter.Reports.Tables;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace DasSearch.Reporter.Reports.Figures;

/// <summary>The layer-importance curve, with its intervals.</summary>
internal static class ImportanceFigure
{
    internal static Figure Draw(ComparedRun run, IReadOnlyList<ModuleInfo> modules)
    {
        var (analysis, chosen, evidence) = (run.Importance, run.Plan ?? Subnetwork.Whole(modules.Count), run.Choice);
        var isKnown = analysis.Layers.Any(static layer => layer.Importance is not null);
        var table = Table(analysis, modules, chosen, evidence);
        return new Figure(
            "importance",
            "Layer importance",
            isKnown
                ? ImportanceMethod.Importance(analysis.Confidence) + (evidence is null ? "" : " " + ImportanceMethod.Ranks)
                : "There is not enough evidence yet: importance compares candidates of one round, and takes several rounds.",
            isKnown ? Plot(analysis, modules.Count, chosen) : null,
            table)
        {
            Shown = table.Without("standard_error"),
        };
    }

    private static PlotModel Plot(ImportanceAnalysis analysis, int modules, Subnetwork chosen)
    {
        var plot = Style.Plot();
        plot.Axes.Add(Style.Layers(AxisPosition.Bottom, modules));
        plot.Axes.Add(Style.Axis(AxisPosition.Left, "importance, in reward"));
        plot.Legends.Add(Style.Legend());
        plot.Annotations.Add(Style.Nothing());
        var known = analysis.Layers.Where(static layer => layer.Importance is not null).ToList();
        var curve = new LineSeries { Color = Style.Faint, StrokeThickness = 1.2 };
        curve.Points.AddRange(known.Select(static layer => new DataPoint(layer.Module, layer.Importance!.Value)));
        plot.Series.Add(curve);
        foreach (var isSkipped in new[] { false, true })
        {
            plot.Series.Add(Style.Intervals(
                isSkipped, known.Where(layer => chosen.Contains(layer.Module) == isSkipped).Select(static layer => (layer.Module, layer.Importance!))));
        }

        return plot;
    }

    private static DataTable Table(
        ImportanceAnalysis analysis, IReadOnlyList<ModuleInfo> modules, Subnetwork chosen, ChoiceEvidence? evidence) => new(
        [
            new Column("module", "layer", "0"),
            new Column("name", "module"),
            new Column("skipped", "plan"),
            new Column("importance", "importance", "+0.0000;-0.0000;0.0000"),
            new Column("standard_error", "± error", "0.0000"),
            new Column("lower", "from", "+0.0000;-0.0000;0.0000"),
            new Column("upper", "to", "+0.0000;-0.0000;0.0000"),
            new Column("p_value", "p", "0.000"),
            new Column("probability_among_least", $"P(among the {chosen.Count} least)", "0.00"),
            new Column("mean_reward_skipped", "reward skipped", "0.0000"),
            new Column("mean_reward_kept", "reward kept", "0.0000"),
        ],
        [.. analysis.Layers.Select(layer => (IReadOnlyList<object?>)
            [
                layer.Module,
                modules[layer.Module].Name,
                chosen.Contains(layer.Module) ? "skip" : "keep",
                layer.Importance?.Value,
                layer.Importance?.StandardError,
                layer.Importance?.Lower,
                layer.Importance?.Upper,
                layer.Importance?.PValue,
                evidence?.AmongLeast[layer.Module],
                layer.MeanRewardSkipped,
                layer.MeanRewardKept,
            ])]);
}
