using System.Globalization;
using DasSearch.App;
using DasSearch.Core;
using DasSearch.Worker.Training;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace DasSearch.Cli.Searching;

/// <summary>A few lines on a terminal that are drawn anew as the search goes, with the leaders' probabilities as bars.</summary>
internal sealed class LiveSearchDisplay(SearchStatus status, IAnsiConsole console, string title, int skip, IReadOnlyList<string> modules)
    : SearchDisplay(status)
{
    private const int BarWidth = 24;
    private const int MoreThanSkipped = 3; // the runners-up, too
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(250);

    private LiveDisplayContext? _live;
    private TimeSpan _shown;

    internal override SearchResult Around(Func<SearchResult> search) =>
        console.Live(Picture()).Start(live =>
        {
            _live = live;
            var found = search();
            Draw();
            return found;
        });

    internal override void Began(string what)
    {
        base.Began(what);
        Draw();
    }

    /// <inheritdoc/>
    public override void Learnt(long batch, double loss)
    {
        base.Learnt(batch, loss);
        if (Status.Elapsed - _shown >= _pause)
        {
            Draw();
        }
    }

    /// <inheritdoc/>
    public override void Finished(Round round)
    {
        base.Finished(round);
        Draw();
    }

    /// <inheritdoc/>
    public override void Finished(int epoch, Subnetwork chosen, TaskScore score)
    {
        base.Finished(epoch, chosen, score);
        Draw();
    }

    private static string Number(double? number, string format) =>
        number is { } value ? value.ToString(format, CultureInfo.InvariantCulture) : "–";

    private void Draw()
    {
        _shown = Status.Elapsed;
        _live?.UpdateTarget(Picture());
    }

    private Rows Picture() => new(new Markup($"[bold]{Markup.Escape(title)}[/]"), Facts(), Leaders());

    private Grid Facts()
    {
        var schedule = Status.Schedule;
        var grid = new Grid().AddColumns(6);
        grid.AddRow(
            "phase", Status.Phase, "loss", Number(Status.Loss, "F3"), "elapsed", Durations.Text(Status.Elapsed));
        grid.AddRow(
            "batch",
            schedule is null ? "–" : $"{Status.Batches} of {schedule.Batches}",
            "reward",
            Number(Status.Reward, "F4"),
            "left",
            Status.Left is { } left ? Durations.Text(left) : "–");
        grid.AddRow(
            "round",
            schedule is null ? "–" : $"{schedule.RoundsBefore(Status.Batches)} of {schedule.Rounds}",
            "accuracy",
            Number(Status.Score?.Accuracy, "P1"),
            "",
            "");
        return grid;
    }

    private IRenderable Leaders()
    {
        if (Status.State is not { } state)
        {
            return new Text("");
        }

        var table = new Table().Border(TableBorder.Simple).AddColumns("skipped first", "probability", "", "gate");
        foreach (var (place, i) in Status.Leaders(skip + MoreThanSkipped).Index())
        {
            var style = place < skip ? Style.Plain : new Style(decoration: Decoration.Dim);
            var bar = new string('━', (int)Math.Round(state.Probabilities[i] * BarWidth));
            table.AddRow(
                new Text($"{i}  {modules[i]}", style),
                new Text(Number(state.Probabilities[i], "F3"), style),
                new Text(bar, style),
                new Text(Number(state.Gates[i], "+0.0000;-0.0000;0"), style));
        }

        return table;
    }
}
