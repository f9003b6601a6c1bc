using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Core.Plans;

namespace DasSearch.Store.Tests;

/// <summary>Runs, rounds and plans to store.</summary>
internal static class Sample
{
    internal static RunDescription Run(int modules = 3, string name = "vqa-das4", string controller = "das", int skip = 2) => new(
        new ResolvedConfig<RunConfig>(
            new RunConfig
            {
                Name = name, Task = "fashionvl-vqa", Backbone = "vilt", Checkpoint = "vilt.safetensors", Seed = 7, Skip = skip,
                Controller = new() { Name = controller },
            },
            $"name: {name}\n",
            "/experiments/vqa.yaml"),
        new RunEnvironment("0.1.0+abc", "cpu", "1.13.0", "system", 2, "Linux x64"),
        new NetworkCosts(
            [.. Enumerable.Range(0, modules).Select(i => new ModuleCosts(
                new ModuleInfo(i, $"transformer.blocks.{i}", ModuleKind.Whole, "fused", 100 + i, 200 + i), 10 + i, 20 + i, 30 + i, 40 + i) { TrainedParameters = i })],
            500,
            50,
            600),
        new string('a', 64));

    internal static Evaluation Scored(string skipped, double reward, int modules = 3) =>
        Evaluation.Scored(Subnetwork.Parse(skipped, modules), -Math.Log(reward), reward, 1.5, ValidationMode.Eval, "val:0");

    internal static Evaluation Unscored(string skipped, EvaluationOutcome outcome, string? problem = null) =>
        Evaluation.Unscored(Subnetwork.Parse(skipped, 3), outcome, 2.5, ValidationMode.Train, "val:1", problem);

    internal static Round Round(int number, params Evaluation[] evaluations) =>
        new(number, 10 * (number + 1), 1, evaluations, new ControllerState("das", [0.1 * number, 0, -0.25], [0.5, 0.5, 0.25]), 12.5, Subnetwork.Parse("0,1", 3));

    internal static SkipPlan Plan(PlanResult? result = null) => new(
        "vilt",
        "fashionvl-vqa",
        3,
        Granularity.Layers,
        new PlanProvenance(1, "vqa-das4", 7, new string('b', 64), "0.1.0", "vilt.safetensors", new string('a', 64)),
        [new SkippedModule(1, "transformer.blocks.1", ModuleKind.Whole, null)],
        [new AdapterPlacement("transformer.blocks.1", Placement.Replace, "module", "das", 192, "relu", "layer-norm", 1)],
        new Accounting(1000, 100, 2000, 1500),
        result);

    internal static void AssertEqual(Round expected, Round actual)
    {
        Assert.Equal(expected.Evaluations, actual.Evaluations);
        Assert.Equal(expected.After, actual.After);
        Assert.Equal(
            (expected.Number, expected.Step, expected.Epoch, expected.Milliseconds, expected.Recommended),
            (actual.Number, actual.Step, actual.Epoch, actual.Milliseconds, actual.Recommended));
    }
}
