using DasSearch.Controller;
using DasSearch.Core;
using DasSearch.Reporter.Importance;
using MathNet.Numerics.Distributions;

namespace DasSearch.Reporter.Tests.Importance;

/// <summary>A search whose rewards are made up, so that the truth is known; a real controller proposes and learns.</summary>
internal sealed record SimulatedSearch
{
    /// <summary>What skipping each module adds to reward.</summary>
    public required IReadOnlyList<double> Effects { get; init; }

    /// <summary>What skipping two modules together adds besides.</summary>
    public IReadOnlyDictionary<(int First, int Second), double> Interactions { get; init; } = new Dictionary<(int, int), double>();

    public string Controller { get; init; } = DasController.Name;

    public int Skip { get; init; } = 4;

    public int Candidates { get; init; } = 3;

    public int Rounds { get; init; } = 200;

    /// <summary>Rewards grow by so much from the first round to the last, as adapters train.</summary>
    public double Drift { get; init; } = 0.3;

    /// <summary>Standard deviation of the noise, given the share of rounds that are over and what is skipped.</summary>
    public Func<double, Subnetwork, double> Noise { get; init; } = (_, _) => 0.02;

    public long Seed { get; init; }

    /// <summary>Minus the effects, from their mean.</summary>
    internal IReadOnlyList<double> Importance => [.. Effects.Select(effect => Effects.Average() - effect)];

    /// <summary>Normal effects of a standard deviation.</summary>
    internal static IReadOnlyList<double> DrawEffects(int modules, double deviation, long seed)
    {
        var random = SeededRandom.Derive(seed, "effects");
        return [.. Enumerable.Range(0, modules).Select(_ => deviation * Normal.Sample(random, 0, 1))];
    }

    internal IEnumerable<IReadOnlyList<Evaluation>> Run() => Walk().Select(round => round.Evaluations);

    internal IEnumerable<Round> Walk()
    {
        var controller = ControllerTable.Create(Controller, new ControllerSettings(Effects.Count, Skip));
        var noise = SeededRandom.Derive(Seed, "noise");
        for (var round = 0; round < Rounds; round++)
        {
            var over = (double)round / Math.Max(Rounds - 1, 1);
            var evaluations = controller.Propose(Candidates, SeededRandom.Derive(Seed, "controller", round))
                .Select(proposal => Score(proposal, 1 + (Drift * over) + (Noise(over, proposal) * Normal.Sample(noise, 0, 1))))
                .ToList();
            controller.Observe(evaluations);
            yield return new Round(round, 10 * round, 1, evaluations, controller.Snapshot(), 1);
        }
    }

    internal ImportanceAnalysis Analyse(double confidence = ImportanceAnalysis.DefaultConfidence) =>
        new(RewardSums.Of(Effects.Count, Run()), confidence);

    private Evaluation Score(Subnetwork skipped, double reward)
    {
        reward += skipped.Skipped.Sum(module => Effects[module]);
        reward += Interactions.Where(pair => skipped.Contains(pair.Key.First) && skipped.Contains(pair.Key.Second)).Sum(pair => pair.Value);
        return Rewards.Of(skipped, Math.Max(reward, 0));
    }
}
