using System.CommandLine;
using DasSearch.Core;
using DasSearch.Reporter.Comparison;
using DasSearch.Reporter.Importance;

namespace DasSearch.Cli.Commands;

/// <summary><c>das compare RUN…</c>: runs side by side, and what runs of one search say together.</summary>
internal static class CompareCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create(CommandContext context)
    {
        var runs = new Argument<string[]>("RUN")
        {
            Description = "Two runs or more of one backbone: their numbers, or names, which mean the latest run of that name.",
            Arity = ArgumentArity.OneOrMore,
        };
        var confidence = new Option<double>("--confidence")
        {
            Description = "How often an interval has the truth in it, in percent.",
            HelpName = "PERCENT",
            DefaultValueFactory = _ => 95,
        };
        var (database, json) = (DatabaseOption.Create(), JsonOption.Create());
        var command = new Command("compare", "Compare runs: settings, plans, layers, accuracy, cost; of several seeds, the consensus.")
        {
            runs, confidence, database, json,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(runs) is { Length: 1 })
            {
                result.AddError("RUN must be two runs or more, not one: das show shows a single one.");
            }
        });
        command.SetAction(parsed =>
        {
            using var store = DatabaseOption.Open(parsed, database);
            var comparison = RunComparison.Of(store.Read, parsed.GetRequiredValue(runs), Share(parsed.GetValue(confidence)));
            if (parsed.GetValue(json))
            {
                JsonOption.Write(context.Terminal, ComparisonFacts.Of(comparison));
            }
            else
            {
                new ComparisonTables(comparison).Print(context.Terminal);
            }
        });
        return command;
    }

    // Nobody wants to be right once in a hundred times: what is not above 1 is a share.
    private static double Share(double percent) => percent switch
    {
        > 1 and < 100 => percent / 100,
        > 0 and < 1 => throw new UsageException(FormattableString.Invariant($"--confidence must be in percent, such as 95, not {percent}: write {Math.Round(100 * percent, 10)}")),
        _ => throw new UsageException(FormattableString.Invariant($"--confidence must be above 1 and below 100 percent, such as 95, not {percent}")),
    };
}

/// <summary>A comparison of runs as JSON has it.</summary>
internal static class ComparisonFacts
{
    internal static object Of(RunComparison comparison) => new
    {
        comparison.Runs[0].Importance.Confidence,
        Method = new
        {
            Importance = ImportanceMethod.Importance(comparison.Runs[0].Importance.Confidence),
            ImportanceMethod.Ranks,
            ImportanceMethod.Reliability,
            ImportanceMethod.Consensus,
        },
        Runs = comparison.Runs.Select(Of),
        comparison.Settings,
        comparison.Agreements,
        Consensus = comparison.Consensus is { } consensus ? Of(consensus) : null,
        comparison.NoConsensus,
        comparison.Vtab,
    };

    private static object Of(ComparedRun run) => new
    {
        Run = run.Number,
        run.Details.Summary.Name,
        run.Details.Summary.Task,
        run.Details.Summary.Backbone,
        run.Details.Summary.Controller,
        run.Details.Summary.Skip,
        run.Details.Summary.Seed,
        Status = EnumNames.NameOf(run.Details.Summary.Status),
        run.Details.Summary.Rounds,
        run.Details.Summary.Evaluations,
        run.Details.Summary.Seconds,
        run.Importance.SplitHalf()?.Reliability,
        Plan = run.Plan?.Skipped,
        Right = run.Choice?.ProbabilityCorrect,
        run.Choice?.Margin,
        MultiplyAccumulatesChangePercent = run.Cost?.ChangePercent,
        run.Cost?.TrainableParameters,
        Layers = run.Importance.Layers.Select(layer => new
        {
            layer.Module,
            run.Details.Costs.Modules[layer.Module].Module.Name,
            layer.Skipped,
            layer.MeanRewardSkipped,
            layer.MeanRewardKept,
            layer.Importance,
            AmongLeast = run.Choice?.AmongLeast[layer.Module],
        }),
        Trained = run.Trained.Select(plan => new
        {
            Skip = plan.Subnetwork.Skipped,
            plan.Method,
            plan.Epochs,
            plan.Seeds,
            plan.Metrics,
            MultiplyAccumulatesChangePercent = plan.Cost.ChangePercent,
            plan.Cost.TrainableParameters,
            plan.LatencyChangePercent,
            plan.Latency,
        }),
    };

    private static object Of(Consensus consensus) => new
    {
        consensus.Runs,
        Plan = consensus.Plan.Skipped,
        Right = consensus.ProbabilityCorrect,
        consensus.Margin,
        consensus.CoinTosses,
        consensus.BetweenRuns,
        consensus.Heterogeneity,
        consensus.Layers,
    };
}
