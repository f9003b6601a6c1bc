using System.Text.Json;
using DasSearch.App;
using DasSearch.Core;
using DasSearch.Reporter.Reports;

namespace DasSearch.Dashboard;

/// <summary>What the what-if page shows of a set of modules: words and rounded numbers.</summary>
internal static class WhatIfPage
{
    internal static byte[] Json(WhatIf run, string? skip)
    {
        var answer = run.Of(skip ?? run.Chosen.ToString());
        var content = new
        {
            run.Title,
            Modules = Shown.ModulesOf(run.Modules),
            answer.Skipped.Skipped,
            Text = answer.Skipped.ToString(),
            Chosen = run.Chosen.ToString(),
            Facts = Facts(answer),
            Confidence = answer.Skipped.Count == 0 ? "" : answer.Confidence?.Sentences ?? "The rewards are too few to say how sure that is.",
            IsDecided = answer.Confidence?.IsDecided ?? false,
            CoinTosses = answer.Confidence?.CoinTosses ?? [],
            answer.NoPrediction,
            Better = answer.Better?.ToString(),
            Swap = SwapOf(answer),
            Trained = Shown.Texts(Trained(answer)),
            PlanPackage.Targets,
        };
        return JsonSerializer.SerializeToUtf8Bytes(content, JsonSerializerOptions.Web);
    }

    // What the best swap is expected to bring, beside how far that is known.
    private static string SwapOf(WhatIfAnswer answer)
    {
        if (answer.Prediction is not { } now)
        {
            return "";
        }

        if (answer is not { Better: { } better, BetterPrediction: { } then })
        {
            return "No single swap is expected to be better; how sure the search is of its own choice stands on the run's page.";
        }

        return $"Skipping {better} is expected to have {Numbers.Value(then.Reward - now.Reward)} more of reward"
            + (then.Lower <= now.Upper ? ", which is less than what is known of either: they may as well be equal." : ", more than chance.");
    }

    private static IEnumerable<Fact> Facts(WhatIfAnswer answer)
    {
        if (answer.Prediction is { } prediction)
        {
            yield return new Fact("predicted reward", $"{Numbers.Value(prediction.Reward)} ({Numbers.Value(prediction.Lower)} to {Numbers.Value(prediction.Upper)})");
            yield return new Fact("predicted rank", answer.Rank is { } rank ? $"{Numbers.Count(rank)} of {Numbers.Count(answer.Subnetworks)}" : "too many sets to rank");
        }

        yield return new Fact("measured in the search", answer.Measured is { } measured
            ? $"{(measured.Evaluations == 1 ? "once" : $"{Numbers.Count(measured.Evaluations)} times")}, mean reward {Numbers.Value(measured.MeanReward)}"
            : "never proposed");
        if (answer.Truth is { } truth)
        {
            yield return new Fact("on the whole validation split", $"{Numbers.Share(truth.Accuracy)}, rank {Numbers.Count(truth.Rank)} of {Numbers.Count(truth.Subnetworks)}");
        }

        yield return new Fact("multiply-accumulates", $"{Numbers.Change(answer.Cost.ChangePercent)}, {Numbers.Count(answer.Cost.PlanMultiplyAccumulates)}");
        yield return new Fact("parameters", Numbers.Count(answer.Cost.TotalParameters));
        yield return new Fact("trained parameters", $"{Numbers.Count(answer.Cost.TrainableParameters)} ({Numbers.Share(answer.Cost.TrainablePercent / 100)})");
        if (answer.Latency is { } latency)
        {
            yield return new Fact("latency, as modules' savings add up", Verdict.Latency(latency.ChangePercent, latency.Change));
        }
    }

    private static DataTable Trained(WhatIfAnswer answer) => new(
        [
            new Column("method", "trained with"), new Column("epochs", "epochs", Numbers.Whole), new Column("seeds", "seeds", Numbers.Whole),
            new Column("accuracy", "test accuracy", Numbers.Value), new Column("latency", "latency, measured", Numbers.Change),
        ],
        [
            .. answer.Trained.Select(static plan => (IReadOnlyList<object?>)
            [
                plan.Method, plan.Epochs, plan.Seeds.Count, plan.Metrics.TryGetValue("test.accuracy", out var accuracy) ? accuracy.Mean : null, plan.LatencyChangePercent,
            ]),
        ]);
}
