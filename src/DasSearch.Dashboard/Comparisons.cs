using System.Globalization;
using System.Text.Json;
using DasSearch.App;
using DasSearch.Core;
using DasSearch.Reporter.Comparison;
using DasSearch.Reporter.Reports;
using DasSearch.Store;

namespace DasSearch.Dashboard;

/// <summary>What pages show of several runs: those that were chosen, or all that have trained plans.</summary>
internal static class Comparisons
{
    private const int MostRuns = 12;
    private const int MostSets = 5000;
    private const int FewestPlans = 3;

    /// <summary>The runs of a list such as <c>1,2,5</c>.</summary>
    /// <exception cref="UsageException">It is no such list of two runs or more.</exception>
    internal static IReadOnlyList<long> Parse(string list)
    {
        var runs = list.Split(',').Select(static part => long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var run) ? run : 0).ToList();
        return runs.Count is >= 2 and <= MostRuns && runs.TrueForAll(static run => run > 0)
            ? runs
            : throw new UsageException($"runs must be from 2 to {MostRuns} numbers of runs such as 1,2, not '{list}'");
    }

    /// <summary>Reads runs side by side.</summary>
    /// <exception cref="DasSearchException">One is not there or is named twice, or they are of different backbones.</exception>
    internal static RunAnswer Read(IRunReader read, IReadOnlyList<long> runs)
    {
        var report = Report.ReadTogether(read, [.. runs.Select(static run => run.ToString(CultureInfo.InvariantCulture))]);
        var content = new
        {
            report.Title,
            Verdict = Shown.Of(report.Verdict!),
            Modules = Shown.ModulesOf(report.Runs[0].Run.Details),
            Runs = report.Runs.Select(static run => new { Run = run.Run.Number, run.Title, run.Searched, Verdict = Shown.Of(run.Verdict) }),
            Figures = report.Figures.Select(Shown.Of),
        };
        return new RunAnswer(JsonSerializer.SerializeToUtf8Bytes(content, JsonSerializerOptions.Web), report.Figures.ToDictionary(static figure => figure.Name, static figure => figure.Table));
    }

    /// <summary>Reads what trained plans reach, of each task and backbone.</summary>
    /// <exception cref="StoreException">The database fails.</exception>
    internal static RunAnswer Front(IRunReader read)
    {
        var groups = read.Runs().ToList()
            .Select(run => (Name: $"{run.Task} on {run.Backbone}", Plans: new TrainedRun(run.Run, TrainedPlan.Of(read.Plans(run.Run)))))
            .Where(static run => run.Plans.Trained.Count > 0)
            .GroupBy(static run => run.Name, static run => run.Plans)
            .Select(static group => (Name: group.Key, Figure: Report.Front([.. group])))
            .Where(static group => group.Figure.IsDrawn)
            .OrderBy(static group => group.Name, StringComparer.Ordinal)
            .ToList();
        var rewards = read.Runs().ToList().Where(run => run.Rounds > 0 && TrainedPlan.Of(read.Plans(run.Run)).DistinctBy(static plan => plan.Subnetwork).Count() >= FewestPlans)
            .Select(run => Rewards(WhatIf.Read(read, run.Run))).OfType<RewardChart>().ToList();
        var content = new { Groups = groups.Select(static group => new { group.Name, Figure = Shown.Of(group.Figure) }), Rewards = rewards.Select(static chart => new { chart.Name, chart.Title, chart.Caption, Table = Shown.Cells(chart.Table), Shown = Shown.Texts(chart.Table) }) };
        return new RunAnswer(
            JsonSerializer.SerializeToUtf8Bytes(content, JsonSerializerOptions.Web),
            groups.Select(static group => (group.Name, group.Figure.Table)).Concat(rewards.Select(static chart => (chart.Name, chart.Table)))
                .ToDictionary(static entry => entry.Item1, static entry => entry.Table));
    }

    // Whether what the search expected of a run's trained sets ranks them as they turned out.
    private static RewardChart? Rewards(WhatIf run)
    {
        var plans = run.Rewarded();
        if (RankAgreement.Of([.. plans.Select(static plan => plan.Reward.Reward)], [.. plans.Select(static plan => plan.Accuracy)]) is not { } agreement)
        {
            return null;
        }

        var interval = agreement is { Lower: { } lower, Upper: { } upper } ? $" ({Numbers.Decimals(lower, 2)} to {Numbers.Decimals(upper, 2)}, 95 %)" : "";
        return new RewardChart(
            $"rewards of {run.Title}",
            run.Title,
            $"Test accuracy of {agreement.Count} sets of layers that were trained with {plans[0].Method}, against what the search expected of them. Kendall's τ is {Numbers.Decimals(agreement.Tau, 2)}{interval}: "
                + "1 is the same order, 0 is no more than chance.",
            new DataTable(
                [
                    new Column("skip", "skips"), new Column("reward", "predicted reward", Numbers.Value), new Column("lower", "from", Numbers.Value), new Column("upper", "to", Numbers.Value),
                    new Column("test_accuracy", "test accuracy", Numbers.Value),
                ],
                [.. plans.Select(static plan => (IReadOnlyList<object?>)[plan.Subnetwork.ToString(), plan.Reward.Reward, plan.Reward.Lower, plan.Reward.Upper, plan.Accuracy])]));
    }

    /// <summary>Reads how each set fared that a run evaluated, the best first.</summary>
    /// <exception cref="StoreException">There is no such run, or the database fails.</exception>
    internal static RunAnswer Sets(IRunReader read, long run)
    {
        var details = read.Run(run);
        var sets = read.Subnetworks(run).Take(MostSets).ToList();
        var table = new DataTable(
            [
                new Column("skip", "skips"), new Column("mean_reward", "mean reward", Numbers.Value), new Column("best_reward", "best reward", Numbers.Value),
                new Column("evaluations", "evaluations", Numbers.Count), new Column("first_round", "from round", Numbers.Whole), new Column("last_round", "to round", Numbers.Whole),
            ],
            [.. sets.Select(static set => (IReadOnlyList<object?>)[set.Subnetwork.ToString(), set.MeanReward, set.BestReward, set.Evaluations, set.FirstRound, set.LastRound])]);
        var texts = Shown.Texts(table);
        var content = new
        {
            Title = FormattableString.Invariant($"{details.Summary.Name} · run {run}"),
            Modules = Shown.ModulesOf(details),
            Sets = new { texts.Columns, texts.Rows, Cells = sets.Select(static set => new { Skip = set.Subnetwork.Skipped, Reward = set.MeanReward }) },
        };
        return new RunAnswer(JsonSerializer.SerializeToUtf8Bytes(content, JsonSerializerOptions.Web), new Dictionary<string, DataTable> { ["sets"] = table });
    }

    /// <summary>A run's trained sets beside what the search expected of them.</summary>
    private sealed record RewardChart(string Name, string Title, string Caption, DataTable Table);
}
