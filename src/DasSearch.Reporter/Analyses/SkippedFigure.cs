using DasSearch.Core;
using DasSearch.Reporter.Reports;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace DasSearch.Reporter.Analyses;

/// <summary>Who chose which modules are skipped.</summary>
public enum SkipChoice
{
    /// <summary>Nobody: nothing is skipped.</summary>
    None,

    /// <summary>The controller, by all that it has learnt.</summary>
    Controller,

    /// <summary>Chance.</summary>
    Random,

    /// <summary>Whoever takes those nearest to the input.</summary>
    First,

    /// <summary>Whoever takes those nearest to the output.</summary>
    Last,
}

/// <summary>A subnetwork with its score.</summary>
/// <param name="Accuracy">The share of samples that it gets right, in [0, 1].</param>
/// <param name="Loss">The mean loss of a sample.</param>
public sealed record ScoredChoice(SkipChoice Choice, Subnetwork Subnetwork, double Accuracy, double Loss);

/// <summary>Score against the number of modules skipped (DAS, arXiv:2309.01479, Fig. 1a).</summary>
public static class SkippedFigure
{
    private const string Name = "skipped";

    /// <summary>What tells it from others.</summary>
    public static FigureKind Kind { get; } = FigureKind.Of(Name, Table([]));

    /// <summary>Draws it.</summary>
    /// <param name="scores">The whole network, and for each number of skipped modules one of every other choice, of random ones one or more.</param>
    /// <param name="samples">How many samples were scored.</param>
    public static Figure Draw(IReadOnlyList<ScoredChoice> scores, int samples)
    {
        var steps = Steps(scores);
        return new Figure(
            Name,
            "Score against the number of modules skipped",
            $"Accuracy of subnetworks of the searched supernet on {Numbers.Count(samples)} samples of the validation split, by how many modules they skip: those that the "
                + "controller would choose, random ones (mean and range), and the first and the last modules. As in Fig. 1a of DAS, arXiv:2309.01479.",
            Plot(steps),
            Table(scores))
        {
            Shown = Summary(steps),
        };
    }

    private static List<Step> Steps(IReadOnlyList<ScoredChoice> scores)
    {
        var whole = scores.Single(static score => score.Choice == SkipChoice.None);
        return
        [
            new Step(0, whole, [whole], whole, whole),
            .. scores.Where(static score => score.Choice != SkipChoice.None).GroupBy(static score => score.Subnetwork.Count).OrderBy(static group => group.Key).Select(static group => new Step(
                group.Key,
                group.Single(static score => score.Choice == SkipChoice.Controller),
                [.. group.Where(static score => score.Choice == SkipChoice.Random)],
                group.Single(static score => score.Choice == SkipChoice.First),
                group.Single(static score => score.Choice == SkipChoice.Last))),
        ];
    }

    private static PlotModel Plot(List<Step> steps)
    {
        var plot = FigureStyle.Plot();
        var skipped = FigureStyle.Axis(AxisPosition.Bottom, "modules skipped");
        (skipped.Minimum, skipped.Maximum, skipped.MinimumMajorStep) = (-0.3, steps[^1].Skipped + 0.3, 1);
        plot.Axes.Add(skipped);
        plot.Axes.Add(FigureStyle.Axis(AxisPosition.Left, "accuracy, %"));
        plot.Legends.Add(FigureStyle.Legend());
        var range = FigureStyle.Band(title: null, FigureStyle.Faint, opacity: 90);
        range.Points.AddRange(steps.Select(static step => new DataPoint(step.Skipped, 100 * step.Random.Max(static one => one.Accuracy))));
        range.Points2.AddRange(steps.Select(static step => new DataPoint(step.Skipped, 100 * step.Random.Min(static one => one.Accuracy))));
        plot.Series.Add(range);
        Add("random", OxyColors.Gray, static step => step.RandomMean);
        Add("first", FigureStyle.Distinct[2], static step => step.First.Accuracy);
        Add("last", FigureStyle.Distinct[1], static step => step.Last.Accuracy);
        Add("controller", FigureStyle.Distinct[0], static step => step.Controller.Accuracy);
        return plot;

        void Add(string title, OxyColor color, Func<Step, double> accuracy)
        {
            var line = new LineSeries { Title = title, Color = color, StrokeThickness = 1.8, MarkerType = MarkerType.Circle, MarkerSize = 3, MarkerFill = color };
            line.Points.AddRange(steps.Select(step => new DataPoint(step.Skipped, 100 * accuracy(step))));
            plot.Series.Add(line);
        }
    }

    private static DataTable Table(IReadOnlyList<ScoredChoice> scores) => DataTable.Of(
        scores,
        (new Column("n_skipped", "skipped", Numbers.Whole), static score => score.Subnetwork.Count),
        (new Column("choice", "choice"), static score => EnumNames.NameOf(score.Choice)),
        (new Column("skip", "modules"), static score => score.Subnetwork.ToString()),
        (new Column("accuracy", "accuracy", Numbers.Value), static score => score.Accuracy),
        (new Column("loss", "loss", Numbers.Value), static score => score.Loss));

    private static DataTable Summary(IReadOnlyList<Step> steps) => DataTable.Of(
        steps,
        (new Column("n_skipped", "skipped", Numbers.Whole), static step => step.Skipped),
        (new Column("controller", "controller", Numbers.Value), static step => step.Controller.Accuracy),
        (new Column("random_mean", "random", Numbers.Value), static step => step.RandomMean),
        (new Column("random_lowest", "lowest", Numbers.Value), static step => step.Random.Min(static one => one.Accuracy)),
        (new Column("random_highest", "highest", Numbers.Value), static step => step.Random.Max(static one => one.Accuracy)),
        (new Column("first", "first", Numbers.Value), static step => step.First.Accuracy),
        (new Column("last", "last", Numbers.Value), static step => step.Last.Accuracy),
        (new Column("skip", "controller's choice"), static step => step.Controller.Subnetwork.ToString()));

    private sealed record Step(int Skipped, ScoredChoice Controller, IReadOnlyList<ScoredChoice> Random, ScoredChoice First, ScoredChoice Last)
    {
        internal double RandomMean => Random.Average(static one => one.Accuracy);
    }
}
