using DasSearch.Core;
using DasSearch.Reporter.Comparison;
using DasSearch.Reporter.Importance;

namespace DasSearch.Cli.Inspecting;

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
        Seconds = Math.Round(run.Took.TotalSeconds, 3),
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
