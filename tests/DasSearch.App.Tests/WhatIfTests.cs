using System.IO.Compression;
using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Core.Plans;
using DasSearch.Formats;
using DasSearch.Reporter.Comparison;
using DasSearch.Store;

namespace DasSearch.App.Tests;

/// <summary>What skipping any set comes to: held against plans, and against the truth of all 56 sets of a made-up run.</summary>
public sealed class WhatIfTests : IDisposable
{
    private const int Modules = 8;
    private const int Skip = 3;
    private const int Rounds = 150;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-what-if-");
    private readonly IRunStore _store;
    private readonly IReadOnlyList<Subnetwork> _sets = [.. Combinations.All(Modules, Skip)];

    public WhatIfTests()
    {
        _store = RunStore.Create(Path.Combine(_folder.FullName, "das.db"), TimeProvider.System);
        var config = ConfigFile.Parse<RunConfig>("{name: made-up, task: fashionvl-vqa, backbone: vilt, skip: 3}", "settings", path: null, overrides: []);
        var costs = new NetworkCosts(
            [.. Enumerable.Range(0, Modules).Select(i => new ModuleCosts(new ModuleInfo(i, $"transformer.blocks.{i}", ModuleKind.Whole, "fused", 100, 1000 + i), 10, 100, 5, 5))],
            1000,
            100,
            1000);
        using var writer = _store.Begin(new RunDescription(config, new RunEnvironment("0.1.0", "cpu", "none", "none", 1, "none"), costs, null));
        var chance = SeededRandom.Derive(0, "what-if");
        for (var number = 0; number < Rounds; number++)
        {
            // Rewards grow, as adapters learn; what is compared is within a round.
            var level = 0.1 + (0.1 * number / Rounds);
            var evaluations = Enumerable.Range(0, 3).Select(_ => _sets[chance.Next(_sets.Count)]).Distinct().Select(set =>
                Evaluation.OfLoss(set, -Math.Log(level * (Share(set) + (0.01 * (chance.NextDouble() - 0.5)))), 1, ValidationMode.Eval, "val:0"));
            var gates = Enumerable.Repeat(0.0, Modules).ToArray();
            writer.Record(new Round(number, number, 0, [.. evaluations], new ControllerState("das", gates, [.. gates.Select(static _ => 0.5)]), 1, _sets[0]));
        }

        writer.Record("validation", [.. _sets.Select(static set => new ExhaustiveScore(set, 0, [(float)-Math.Log(0.2 * Share(set))]))]);
    }

    public void Dispose()
    {
        _store.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void Sets_OfTheSearch_ArePredictedAsTheyAre()
    {
        var run = WhatIf.Read(_store.Read, 1);
        foreach (var set in _sets)
        {
            var answer = run.Of(set.ToString());
            var (prediction, truth) = (answer.Prediction!, answer.Truth!);
            Assert.InRange(prediction.Reward, prediction.Lower, prediction.Upper);

            // The level is that of the last hundred rounds.
            Assert.InRange(prediction.Reward / (0.167 * Share(set)), 0.97, 1.03);
            Assert.InRange(answer.Rank!.Value - truth.Rank, -8, 8);
            Assert.Equal(56, answer.Subnetworks);
            if (answer.Better is { } better)
            {
                Assert.Equal(Skip - 1, better.Skipped.Intersect(set.Skipped).Count());
                Assert.InRange(run.Of(better.ToString()).Rank!.Value, 1, answer.Rank.Value - 1);
            }

            var measured = _store.Read.Evaluations(1).Count(stored => stored.Evaluation.Subnetwork == set);
            Assert.Equal(measured, answer.Measured?.Evaluations ?? 0);
        }

        var best = _sets.MaxBy(Share)!;
        Assert.Equal((1, 1, null), (run.Of(best.ToString()).Rank, run.Of(best.ToString()).Truth!.Rank, run.Of(best.ToString()).Better));
    }

    [Fact]
    public void Plans_AreThoseOfTheCommandLine_AndCostWhatWasSaid()
    {
        var run = WhatIf.Read(_store.Read, 1);
        foreach (var modules in new[] { "-", "7", "0,1,2", "1,3,4,6" })
        {
            var plan = PlanFile.Parse(System.Text.Encoding.UTF8.GetString(PlanPackage.Plan(_store.Read, 1, modules)), "plan.json");
            var answer = run.Of(modules);
            Assert.Equal((plan.Subnetwork, plan.Accounting), (answer.Skipped, answer.Cost));
            Assert.Equal(plan.Skip.Count == Skip, answer.Prediction is not null);
            Assert.Equal(plan.Skip.Count == Skip ? null : "the search compared other sets alone (3 modules skipped, within its constraints)", answer.NoPrediction);
        }

        using var packed = new ZipArchive(new MemoryStream(PlanPackage.Export(PlanPackage.Plan(_store.Read, 1, "0,1,2"), "csv", Path.Combine(_folder.FullName, "das.db"), [], null)));
        Assert.Equal(["plan.csv", "plan.json"], packed.Entries.Select(static entry => entry.Name).Order());
        Assert.StartsWith("there is no target 'paper'", Assert.ThrowsAny<UsageException>(() => PlanPackage.Export(PlanPackage.Plan(_store.Read, 1, "0"), "paper", "das.db", [], null)).Message, StringComparison.Ordinal);
        foreach (var (target, option, sentence) in new[]
        {
            ("csv", "runs=1", "--option runs: csv has no options"), ("optuna", "run=1", "--option run: optuna has no such option, only runs"), ("optuna", "runs", "--option must be KEY=VALUE, not 'runs'"),
        })
        {
            Assert.Equal(sentence, Assert.ThrowsAny<UsageException>(() => PlanPackage.Export(PlanPackage.Plan(_store.Read, 1, "0"), target, "das.db", [option], null)).Message);
        }

        Assert.Throws<UsageException>(() => run.Of("0,8"));
    }

    [Fact]
    public void TrainedPlans_StandBesideWhatWasExpectedOfThem()
    {
        using (var writer = _store.Append(1))
        {
            foreach (var (set, i) in _sets.Where(static (_, i) => i % 8 == 0).Select(static (set, i) => (set, i)))
            {
                var plan = PlanMaking.Make(_store.Read, "1", new PlanRequest { Modules = set.ToString() }, DasSearch.Transfer.TransferTable.BuiltIn).Plan;

                // One of them is out of order.
                writer.Record(plan with { Result = new PlanResult("das", 0, 10, new Dictionary<string, double> { ["test.accuracy"] = i == 3 ? 0.1 : 0.5 * Share(set) }, null, null, null) });
            }
        }

        var plans = WhatIf.Read(_store.Read, 1).Rewarded();
        Assert.Equal(7, plans.Count);
        var agreement = RankAgreement.Of([.. plans.Select(static plan => plan.Reward.Reward)], [.. plans.Select(static plan => plan.Accuracy)])!;
        Assert.InRange(agreement.Tau, 0.3, 0.99);
        Assert.InRange(agreement.Lower!.Value, -0.7, agreement.Tau);
        Assert.InRange(agreement.Upper!.Value, agreement.Tau, 1);
    }

    // Later layers matter less, and two of them matter together.
    private static double Share(Subnetwork set) => 1 + set.Skipped.Sum(static i => 0.03 * (i - 3.5)) - (set.Contains(6) && set.Contains(7) ? 0.2 : 0);
}
