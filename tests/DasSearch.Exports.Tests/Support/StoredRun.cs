using DasSearch.App;
using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Core.Plans;
using DasSearch.Store;
using DasSearch.Transfer;

namespace DasSearch.Exports.Tests.Support;

/// <summary>A real database with one short run over a backbone of four blocks.</summary>
internal static class StoredRun
{
    internal const int Modules = 4;

    /// <summary>Makes the database, and the plan that skips the two modules with the largest gates.</summary>
    internal static SkipPlan Create(string database)
    {
        var config = new RunConfig { Name = "vqa", Task = "fashionvl-vqa", Backbone = "vilt", Seed = 7, Skip = 2 };
        using var store = RunStore.Create(database, TimeProvider.System);
        using var recorder = store.Begin(new RunDescription(
            new ResolvedConfig<RunConfig>(config, "name: vqa\n", null),
            new RunEnvironment("0.1.0", "cpu", "1.13.0", "system", 2, "Linux x64"),
            new NetworkCosts(
                [.. Enumerable.Range(0, Modules).Select(i => new ModuleCosts(
                    new ModuleInfo(i, $"transformer.blocks.{i}", ModuleKind.Whole, "fused", 100, 1000), 10, 200, 3, 30))],
                500,
                50,
                0),
            null));
        var after = new ControllerState("das", [-0.25, 0, 0.5, 0.125], [0.4, 0.5, 0.6, 0.53]);
        recorder.Record(new Round(0, 10, 1, [Scored("2,3", 0.4), Scored("0,1", 0.2)], after, 1));
        var diverged = Evaluation.OfLoss(Subnetwork.Parse("0,2", Modules), double.NaN, 1, ValidationMode.Eval, "validation:0");
        recorder.Record(new Round(1, 20, 1, [Scored("1,3", 0.3), diverged], after, 1));
        var maker = new PlanMaker(store.Read.Run(recorder.Run), store.Read.LayerRewards(recorder.Run), config, new DasTransfer(), "0.1.0");
        return maker.Make(maker.Chosen(2));
    }

    private static Evaluation Scored(string skipped, double reward) =>
        Evaluation.Scored(Subnetwork.Parse(skipped, Modules), -Math.Log(reward), reward, 1, ValidationMode.Eval, "validation:0");
}
