using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Formats;

namespace DasSearch.App.Tests;

/// <summary>The method that a plan is trained with, by whichever way it is named.</summary>
public sealed class PlannedWorkTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-planned-");

    public PlannedWorkTests()
    {
        File.WriteAllText(PathOf("run.yaml"), "{task: fashionvl-vqa, backbone: vilt, method: {name: apt, tokens: 4, rank: 2}}");
        var provenance = new PlanProvenance(null, null, null, null, "0.1.0", null, null);
        var plan = new SkipPlan("vilt", "fashionvl-vqa", modules: 12, Granularity.Layers, provenance, [], [], accounting: null) { Method = "apt" };
        PlanFile.Write(plan, PathOf("plan.json"));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("apt", "rank=2 tokens=4")]
    [InlineData("apt", "rank=2 tokens=4", "method.name=apt")]
    [InlineData("apt", "rank=8 tokens=4", "method.name=apt", "method.rank=8")]
    [InlineData("lora", "", "method.name=lora")]
    [InlineData("lora", "rank=8", "method.name=lora", "method.rank=8")]
    public void ToTrain_ByASetting_HasTheOptionsOfItsMethodAlone(string method, string options, params string[] set)
    {
        var work = Open(method: null, set);
        Assert.Equal((method, options), (work.Settings.Values.Method.Name, Options(work)));
        Assert.Equal(set.Any(static one => one.StartsWith("method.rank", StringComparison.Ordinal)), !work.KeepsSizes);
        Assert.Equal(options, Options(Open(method, [.. set.Where(static one => !one.StartsWith("method.name", StringComparison.Ordinal))]))); // as by --method
    }

    private PlannedWork Open(string? method, string[] set) =>
        PlannedWork.ToTrain(new AppEnvironment(static _ => null), new PlanSource(PathOf("plan.json"), PathOf("das.db"), PathOf("run.yaml"), set, Checkpoint: null), method);

    private static string Options(PlannedWork work) => string.Join(' ', work.Settings.Values.Method.Options.Select(static option => $"{option.Key}={option.Value}"));

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);
}
