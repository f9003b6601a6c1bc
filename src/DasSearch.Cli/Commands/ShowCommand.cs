using System.CommandLine;
using System.Globalization;
using DasSearch.App;
using DasSearch.Core;
using DasSearch.Store;
using Spectre.Console;

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
        Run.Summary.Evaluations,
        Run.Summary.StartedAt,
        Run.Summary.UpdatedAt,
        Run.Summary.FinishedAt,
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
        var console = terminal.Console;
        Line("run", $"{summary.Run}  {summary.Name}");
        var status = EnumNames.NameOf(summary.Status);
        var skips = $"{summary.Controller} skips {summary.Skip} of {Run.Costs.Modules.Count}";
        var took = Durations.Text((summary.FinishedAt ?? summary.UpdatedAt) - summary.StartedAt);
        var (das, made) = ($"das {Run.Environment.ToolVersion}", Run.Environment);
        Line("status", summary.Problem is null ? status : $"{status}: {summary.Problem}");
        Line("search", $"{summary.Task} on {summary.Backbone}, {skips}, seed {summary.Seed}");
        Line("rounds", summary.Rounds == 0
            ? $"none yet: das resume {summary.Run} goes on with it"
            : $"{Tables.Count(summary.Rounds)}, {Tables.Count(summary.Evaluations)} evaluations");
        Line("time", string.Create(CultureInfo.InvariantCulture, $"{took}, from {summary.StartedAt.ToLocalTime():yyyy-MM-dd HH:mm}"));
        Line("checkpoint", Run.Checkpoint is null ? "none" : $"{Run.Checkpoint}  sha256 {Run.CheckpointSha256?[..12]}…");
        Line("settings", $"{Run.ConfigPath ?? "of no file"}  sha256 {Run.ConfigSha256[..12]}…");
        Line("made with", $"{das}, libtorch {made.TorchVersion} on {made.Device}, {made.Threads} threads");
        Line("machine", Run.Environment.Machine);
        console.WriteLine();
        console.Write(LayerTable());
        if (overview.Figures.Count > 0)
        {
            console.WriteLine();
            var table = Tables.Create("metric", ">step", ">last value");
            foreach (var metric in overview.Figures)
            {
                table.Add(metric.Name, Tables.Count(metric.Step), Tables.Number(metric.Value, "F4"));
            }

            console.Write(table);
        }

        if (overview.Plans.Count > 0)
        {
            console.WriteLine();
            console.Write(PlanTable());
        }

        void Line(string label, string text) => console.WriteLine($"{label,-12}{text}");
    }

    private Table LayerTable()
    {
        var table = Tables.Create(
            ">module", "name", ">skipped", ">reward skipped", ">reward kept", ">difference", ">± error", ">gate", ">probability");
        foreach (var layer in overview.Layers)
        {
            table.Add(
                layer.Module.ToString(CultureInfo.InvariantCulture),
                layer.Name,
                Tables.Count(layer.Skipped),
                Tables.Number(layer.MeanRewardSkipped, "F4"),
                Tables.Number(layer.MeanRewardKept, "F4"),
                Tables.Number(layer.Difference, "+0.0000;-0.0000;0.0000"),
                Tables.Number(layer.StandardError, "F4"),
                Tables.Number(layer.Gate, "+0.0000;-0.0000;0.0000"),
                Tables.Number(layer.Probability, "F3"));
        }

        return table;
    }

    private Table PlanTable()
    {
        var table = Tables.Create("plan skips", ">multiply-accumulates", ">trainable", "trained", "result");
        foreach (var plan in overview.Plans.Select(stored => stored.Plan))
        {
            table.Add(
                plan.Subnetwork.ToString(),
                Tables.Number(plan.Accounting?.ChangePercent, "+0.0;-0.0;0.0") + " %",
                Tables.Number(plan.Accounting?.TrainableParameters, "N0"),
                plan.Result is { } trained ? $"{trained.Method}, seed {trained.Seed}, {trained.Epochs} epochs" : "no",
                plan.Result is { } result ? string.Join(", ", result.Metrics.Select(Metric)) : "");
        }

        return table;
    }

    private static string Metric(KeyValuePair<string, double> metric) => $"{metric.Key} {Tables.Number(metric.Value, "F4")}";
}
