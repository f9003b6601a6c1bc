using System.Globalization;
using DasSearch.App;
using DasSearch.Cli.Commands;
using DasSearch.Controller;

namespace DasSearch.Cli.Searching;

/// <summary>What a finished search prints.</summary>
internal static class SearchSummary
{
    private const string Signed = "+0.0000;-0.0000;0";

    internal static void Print(Terminal terminal, SearchResult result, string output, bool json)
    {
        var (run, plan, stop) = (result.Run, result.Plan, result.Stop);
        if (json)
        {
            JsonOption.Write(terminal, new
            {
                run.Run,
                run.Name,
                Plan = output,
                Skip = plan.Subnetwork.Skipped,
                run.Rounds,
                run.Evaluations,
                Seconds = Math.Round((run.UpdatedAt - run.StartedAt).TotalSeconds, 3),
                MultiplyAccumulatesChangePercent = plan.Accounting?.ChangePercent,
                plan.Accounting?.TrainableParameters,
                Stop = stop is null ? null : new
                {
                    stop.Tolerance, Bound = stop.Error, stop.IsSure, stop.Certainty.Error, stop.Certainty.Chances, Doubtful = stop.Certainty.Uncertain, Rivals = stop.Certainty.Challengers,
                },
            });
            return;
        }

        terminal.Output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"run {run.Run}: {run.Rounds} rounds, {run.Evaluations} evaluations, {Durations.Text(run.UpdatedAt - run.StartedAt)}"));
        foreach (var module in plan.Skip)
        {
            var gate = Tables.Number(module.Evidence?.Gate, Signed);
            var difference = Tables.Number(module.Evidence?.Difference, Signed);
            terminal.Output.WriteLine($"  skip {module.Index,2}  {module.Module}  gate {gate}  reward {difference} when skipped");
        }

        if (plan.Accounting is { } accounting)
        {
            var trained = string.Create(
                CultureInfo.InvariantCulture,
                $"{accounting.TrainableParameters:N0} trainable parameters ({accounting.TrainablePercent:F1} %)");
            terminal.Output.WriteLine($"multiply-accumulates {Tables.Number(accounting.ChangePercent, "+0.0;-0.0;0")} %, {trained}");
        }

        if (stop is not null)
        {
            Print(terminal.Output, stop);
        }

        terminal.Output.WriteLine($"plan: {output}; next: das train {output}");
    }

    private static void Print(TextWriter output, StopRule stop)
    {
        var certainty = stop.Certainty;
        var ended = stop.IsSure ? "ended sure enough" : string.Create(CultureInfo.InvariantCulture, $"not sure to {stop.Error:P1}");
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{ended} after {certainty.Rounds} rounds: with a chance of {certainty.Error:P1} another choice has over {stop.Tolerance:P1} more reward"));
        output.WriteLine(certainty is { Uncertain.Count: > 0, Challengers.Count: > 0 }
            ? $"further rounds could choose {Modules(certainty.Challengers)} instead of {Modules(certainty.Uncertain)}, by their chance to be among the best"
            : "further rounds would hardly change the choice");

        string Modules(IReadOnlyList<int> modules) => string.Join(
            ", ", modules.Select(i => string.Create(CultureInfo.InvariantCulture, $"{i} ({certainty.Chances[i]:P0})")));
    }
}
