using System.Globalization;
using DasSearch.Cli.Commands;
using DasSearch.Core.Plans;
using DasSearch.Store.Results;

namespace DasSearch.Cli.Searching;

/// <summary>What a finished search prints.</summary>
internal static class SearchSummary
{
    private const string Signed = "+0.0000;-0.0000;0";

    internal static void Print(Terminal terminal, RunSummary run, SkipPlan plan, string output, bool json)
    {
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

        terminal.Output.WriteLine($"plan: {output}; next: das train {output}");
    }
}
