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

    private void Draw()
    {
        _shown = Status.Elapsed;
        try
        {
            _live?.UpdateTarget(Picture());
        }
        catch (IOException)
        {
            _live = null; // The terminal has hung up: what matters now is that the search saves what it has.
        }
    }

    private Rows Picture() => new([new Markup($"[bold]{Markup.Escape(title)}[/]"), .. Facts(), new Text(""), .. Leaders()]);

    // As many columns of facts as the screen has room for, none of them broken.
    private IEnumerable<IRenderable> Facts()
    {
        var schedule = Status.Schedule;
        (string Name, string Value)[] facts =
        [
            ("phase", Status.Phase),
            ("batch", schedule is null ? "–" : $"{Status.Batches} of {schedule.Batches}"),
            ("round", schedule is null ? "–" : $"{schedule.RoundsBefore(Status.Batches)} of {schedule.Rounds}"),
            ("loss", Numbers.Decimals(Status.Loss, 3)),
            ("reward", Numbers.Value(Status.Reward)),
            ("accuracy", Numbers.Share(Status.Score?.Accuracy)),
            ("elapsed", Durations.Text(Status.Elapsed)),
            ("left", Status.Left is { } left ? Durations.Text(left) : "–"),
        ];
        const int Rows = 3;
        var columns = facts.Chunk(Rows).Select(column => column.Select(fact => $"{fact.Name,-9}{fact.Value}").ToList()).ToList();
        var widths = columns.Select(column => column.Max(line => line.Length)).ToList();
        return widths.Sum() + (2 * (widths.Count - 1)) > console.Profile.Width
            ? columns.SelectMany(column => column).Select(IRenderable (line) => new Text(line))
            : Enumerable.Range(0, Rows).Select(IRenderable (row) => new Text(string.Join("  ", columns.Select((column, i) => (column.ElementAtOrDefault(row) ?? "").PadRight(widths[i]))).TrimEnd()));
    }

    private IEnumerable<IRenderable> Leaders()
    {
        if (Status.State is not { } state)
        {
            return [];
        }

        var table = new TextTable(">skipped", "first", ">probability", ">gate", "");
        foreach (var i in Status.Leaders(skip + MoreThanSkipped))
        {
            var bar = new string('━', (int)Math.Round(state.Probabilities[i] * BarWidth));
            table.Add(Numbers.Whole(i), modules[i], Numbers.Probability(state.Probabilities[i], 3), Numbers.WithSign(state.Gates[i]), bar);
        }

        return table.Lines(console.Profile.Width).Select(IRenderable (line) => new Text(line.Text, line.Row < skip ? Style.Plain : new Style(decoration: Decoration.Dim)));
    }
}
