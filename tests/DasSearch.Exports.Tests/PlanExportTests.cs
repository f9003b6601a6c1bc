using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Exports.Tests.Support;
using DasSearch.Formats;

namespace DasSearch.Exports.Tests;

/// <summary>What holds for every target.</summary>
public sealed class PlanExportTests : IDisposable
{
    private readonly Workbench _bench = new();

    public static TheoryData<string> Targets => [.. ExporterTable.Standard.All.Select(exporter => exporter.Name)];

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Table_NamesAndDefaultOutputs_AreDifferent()
    {
        Assert.Equal(ExporterTable.Standard.All.Count, ExporterTable.Standard.All.Select(exporter => exporter.Name).Distinct().Count());
        Assert.Equal(ExporterTable.Standard.All.Count, ExporterTable.Standard.All.Select(exporter => exporter.Suffix).Distinct().Count());
        Assert.All(ExporterTable.Standard.All, exporter => Assert.Same(exporter, ExporterTable.Standard.Named(exporter.Name)));
        Assert.All(ExporterTable.Standard.All, exporter => Assert.Matches("^.+$", exporter.Summary));
    }

    [Fact]
    public void Named_NoSuchTarget_ListsThoseThereAreAndTheNearest()
    {
        var failure = Assert.Throws<ExportUsageException>(() => ExporterTable.Standard.Named("megekit"));
        var names = string.Join(", ", ExporterTable.Standard.All.Select(exporter => exporter.Name));
        Assert.Equal($"there is no target 'megekit': the targets are {names}; did you mean mergekit?", failure.Message);
        failure = Assert.Throws<ExportUsageException>(() => ExporterTable.Standard.Named("tensorflow"));
        Assert.Equal($"there is no target 'tensorflow': the targets are {names}", failure.Message);
    }

    [Theory]
    [InlineData("run/vqa-1.plan.json", "run/vqa-1.mergekit.yaml")]
    [InlineData("vqa.json", "vqa.mergekit.yaml")]
    [InlineData("plan.json", "plan.mergekit.yaml")]
    [InlineData(".plan.json", ".plan.mergekit.yaml")]
    [InlineData("vqa", "vqa.mergekit.yaml")]
    public void DefaultOutput_IsBesideThePlanUnderItsName(string plan, string expected) =>
        Assert.Equal(expected, PlanExport.DefaultOutput(ExporterTable.Standard.Named("mergekit"), plan));

    [Theory]
    [MemberData(nameof(Targets))]
    public void Run_UnknownOption_IsRefusedAndTellsTheKnownOnes(string target)
    {
        var plan = MadeUpPlans.Vilt("3");
        var failure = Assert.Throws<ExportUsageException>(() => _bench.Export(target, plan, "output", null, ("modle", "x")));
        var known = ExporterTable.Standard.Named(target).Options;
        Assert.StartsWith($"--option modle: {target} has no ", failure.Message, StringComparison.Ordinal);
        Assert.All(known, option => Assert.Contains(option.Key, failure.Message, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void Run_OutputInNoFolder_IsRefused(string target)
    {
        var output = _bench.PathOf("none/output");
        var failure = Assert.Throws<OutputUsageException>(() => _bench.Export(target, MadeUpPlans.Vilt("3"), "none/output"));
        Assert.Equal($"the output {output} lies in {_bench.PathOf("none")}, which is no folder", failure.Message);
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void Run_OutputThatIsItsSource_IsRefusedAndKept(string target)
    {
        var database = _bench.PathOf("das.db");
        var plan = StoredRun.Create(database);
        PlanFile.Write(plan, _bench.PathOf("my.plan.json"));
        var before = (Convert.ToHexString(File.ReadAllBytes(database)), File.ReadAllText(_bench.PathOf("my.plan.json")));

        Assert.Throws<OutputUsageException>(() => _bench.Export(target, plan, "my.plan.json", database));
        Assert.Throws<OutputUsageException>(() => _bench.Export(target, plan, "das.db", database));
        Assert.Equal(before, (Convert.ToHexString(File.ReadAllBytes(database)), File.ReadAllText(_bench.PathOf("my.plan.json"))));
    }

    [Theory]
    [InlineData("json")]
    [InlineData("csv")]
    [InlineData("das-official")]
    [InlineData("mergekit")]
    public void Run_OutputTakenByAFolder_SaysSoAndWritesNothing(string target)
    {
        Directory.CreateDirectory(_bench.PathOf("taken/by"));
        (string, string)[] options = target == "mergekit" ? [("model", "x")] : [];
        var failure = Assert.Throws<OutputUsageException>(() => _bench.Export(target, MadeUpPlans.Vilt("3"), "taken", null, options));

        Assert.StartsWith($"the output {_bench.PathOf("taken")} is a folder, but a file is to be written", failure.Message, StringComparison.Ordinal);
        Assert.Equal(["taken"], _bench.Entries);
    }

    [Fact]
    public void Run_ABillionModules_IsRefusedBeforeTheyAreListed()
    {
        var plan = new SkipPlan("vilt", "t", 2_000_000_000, Granularity.Layers, MadeUpPlans.Vilt("3").Provenance, [], [], null);
        var failure = Assert.Throws<ExportException>(() => _bench.Export("csv", plan, "output"));
        Assert.Contains("more than the 4096", failure.Message, StringComparison.Ordinal);
    }
}
