using System.CommandLine;
using System.Globalization;
using DasSearch.App;
using DasSearch.Core;
using DasSearch.Store;

namespace DasSearch.Cli.Commands;

/// <summary><c>das show RUN</c>: all that is known of a run.</summary>
internal static class ShowCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create(CommandContext context)
    {
        var run = RunArgument.Create();
        var (database, json) = (DatabaseOption.Create(), JsonOption.Create());
        var command = new Command("show", "Show a run: settings, environment, what it found out about each module, its plans.") { run, database, json };
        command.SetAction(parsed =>
        {
            using var store = DatabaseOption.Open(parsed, database);
            var view = new RunView(RunOverview.Of(store.Read, parsed.GetRequiredValue(run)));
            if (parsed.GetValue(json))
            {
                JsonOption.Write(context.Terminal, view.Facts());
            }
            else
            {
                view.Print(context.Terminal);
            }
        });
        return command;
    }
}

/// <summary>A run as <c>das show</c> presents it.</summary>
/// <param name="overview">All that is known of it.</param>
internal sealed class RunView(RunOverview overview)
{
    private RunDetails Run => overview.Run;

    /// <summary>The same as JSON has it.</summary>
    internal object Facts() => new
    {
        Run.Summary.Run,
        Run.Summary.Name,
        Run.Summary.Task,
        Run.Summary.Backbone,
        Run.Summary.Controller,
        Run.Summary.Skip,
        Run.Summary.Seed,
        Status = EnumNames.NameOf(Run.Summary.Status),
        Run.Summary.Problem,
        Run.Summary.Rounds,
        Run.Summary.PlannedRounds,
        Run.Summary.Evaluations,
        Run.Summary.BestReward,
        Run.Summary.StartedAt,
        Run.Summary.UpdatedAt,
        Run.Summary.FinishedAt,
        Run.Summary.Seconds,
        Tags = Run.Summary.TagList,
        Run.Summary.Notes,
        Events = overview.Events.Select(one => new { What = EnumNames.NameOf(one.Kind), one.Rounds, one.Problem, one.At }),
        Config = Run.ConfigText,
        Run.ConfigSha256,
        Run.ConfigPath,
        Run.Checkpoint,
        Run.CheckpointSha256,
        Run.Environment,
        Layers = overview.Layers.Select(layer => new
        {
            layer.Module,
            layer.Name,
            Kind = EnumNames.NameOf(layer.Kind),
            layer.Stream,
            layer.Skipped,
            layer.Kept,
            layer.MeanRewardSkipped,
            layer.MeanRewardKept,
            layer.Difference,
            layer.StandardError,
            layer.Gate,
            layer.Probability,
        }),
        Metrics = overview.Figures.Select(metric => new { metric.Name, metric.Step, metric.Value }),
        Plans = overview.Plans.Select(plan => new
        {
            Skip = plan.Plan.Subnetwork.Skipped,
            plan.Plan.Accounting?.ChangePercent,
            plan.Plan.Accounting?.TrainableParameters,
            plan.Plan.Result?.Method,
            plan.Plan.Result?.Seed,
            plan.Plan.Result?.Metrics,
            plan.RecordedAt,
        }),
    };

    /// <summary>Prints it for a person.</summary>
    internal void Print(Terminal terminal)
    {
        var summary = Run.Summary;
        Line("run", $"{summary.Run}  {summary.Name}");
        var status = StatusText.Of(summary);
        var skips = $"{summary.Controller} skips {summary.Skip} of {Run.Costs.Modules.Count}";
        var (das, made) = ($"das {Run.Environment.ToolVersion}", Run.Environment);
        Line("status", summary.Problem is null ? status : $"{status}: {summary.Problem}");
        Line("search", $"{summary.Task} on {summary.Backbone}, {skips}, seed {summary.Seed}");
        Line("rounds", summary.Rounds == 0
            ? $"none: run {summary.Run} {summary.NoRounds}"
            : $"{Numbers.Count(summary.Rounds)}, {Numbers.Count(summary.Evaluations)} evaluations");
        Line("time", string.Create(CultureInfo.InvariantCulture, $"{summary.Took}, from {summary.StartedAt.ToLocalTime():yyyy-MM-dd HH:mm}"));
        if (summary.Tags.Length > 0)
        {
            Line("tags", summary.Tags);
        }

        foreach (var (i, line) in summary.Notes.Split('\n', StringSplitOptions.RemoveEmptyEntries).Index())
        {
            Line(i == 0 ? "notes" : "", SingleLine.Of(line));
        }

        foreach (var (i, one) in overview.Events.Index())
        {
            Line(i == 0 ? "events" : "", string.Create(CultureInfo.InvariantCulture, $"{one.At.ToLocalTime():yyyy-MM-dd HH:mm:ss}  {one.Text}"));
        }

        Line("checkpoint", Run.Checkpoint is null ? "none" : $"{Run.Checkpoint}  sha256 {Run.CheckpointSha256?[..12]}…");
        Line("settings", $"{Run.ConfigPath ?? "of no file"}  sha256 {Run.ConfigSha256[..12]}…");
        Line("made with", $"{das}, libtorch {made.TorchVersion} on {made.Device}, {made.Threads} threads");
        Line("machine", Run.Environment.Machine);
        terminal.WriteLine();
        terminal.Write(LayerTable());
        if (overview.Figures.Count > 0)
        {
            terminal.WriteLine();
            var table = new TextTable("metric", ">step", ">last value");
            foreach (var metric in overview.Figures)
            {
                table.Add(metric.Name, Numbers.Count(metric.Step), Numbers.Value(metric.Value));
            }

            terminal.Write(table);
        }

        if (overview.Plans.Count > 0)
        {
            terminal.WriteLine();
            terminal.Write(PlanTable());
        }

        void Line(string label, string text) => terminal.WriteLine($"{label,-12}{text}", indent: 12);
    }

    private TextTable LayerTable()
    {
        var table = new TextTable(
            ">module", "name", ">skipped", ">reward skipped", ">reward kept", ">difference", ">± error", ">gate", ">probability");
        foreach (var layer in overview.Layers)
        {
            table.Add(
                Numbers.Whole(layer.Module),
                layer.Name,
                Numbers.Count(layer.Skipped),
                Numbers.Value(layer.MeanRewardSkipped),
                Numbers.Value(layer.MeanRewardKept),
                Numbers.WithSign(layer.Difference),
                Numbers.Value(layer.StandardError),
                Numbers.WithSign(layer.Gate),
                Numbers.Probability(layer.Probability, 3));
        }

        return table;
    }

    private TextTable PlanTable()
    {
        var plans = overview.Plans.Select(stored => stored.Plan).ToList();
        var metrics = plans.SelectMany(plan => plan.Result?.Metrics.Keys ?? []).Distinct().Order(StringComparer.Ordinal).ToList();
        var table = new TextTable(["plan skips", ">multiply-accumulates", ">trainable", "trained", .. metrics.Select(name => $">{name}")]);
        foreach (var plan in plans)
        {
            table.Add(
            [
                plan.Subnetwork.ToString(),
                Numbers.Change(plan.Accounting?.ChangePercent),
                Numbers.Count(plan.Accounting?.TrainableParameters),
                plan.Result is { } trained ? $"{trained.Method}, seed {trained.Seed}, {trained.Epochs} epochs" : "no",
                .. metrics.Select(name => Numbers.Value(plan.Result?.Metrics.TryGetValue(name, out var value) is true ? value : null)),
            ]);
        }

        return table;
    }
}
