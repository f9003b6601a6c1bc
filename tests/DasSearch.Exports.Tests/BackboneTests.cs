using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Exports.Tests.Support;
using DasSearch.Models.Backbones;

namespace DasSearch.Exports.Tests;

/// <summary>Every target with a plan for every backbone: it is written, or one sentence says why it cannot be.</summary>
public sealed class BackboneTests : IDisposable
{
    private static readonly string[] _needDatabase = ["optuna", "notebook"];
    private static readonly string[] _needCheckpoint = ["decoder", "llm-drop"];
    private static readonly string[] _ofAnyPlan = ["json", "csv"];

    private readonly Workbench _bench = new();

    public static TheoryData<string, string> TargetsAndBackbones
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var exporter in ExporterTable.Standard.All)
            {
                foreach (var backbone in BackboneTable.BuiltIn.All)
                {
                    data.Add(exporter.Name, backbone.Name);
                }
            }

            return data;
        }
    }

    public void Dispose() => _bench.Dispose();

    [Theory]
    [MemberData(nameof(TargetsAndBackbones))]
    public void Export_OfAnyBackbonesPlan_IsWrittenOrRefusedInASentence(string target, string backbone)
    {
        var output = _bench.PathOf("out");
        if (Refusal(target, backbone) is not { } refusal)
        {
            Assert.True(Path.Exists(output));
            return;
        }

        Assert.False(Path.Exists(output));
        Assert.DoesNotContain('\n', refusal.Message);
        Assert.DoesNotContain(target, _ofAnyPlan);
        var expected = _needDatabase.Contains(target) ? "--db" : refusal is UsageException ? backbone : _needCheckpoint.Contains(target) ? "checkpoint" : "not trained";
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("das-official", "the authors' code searches vilt, meter, lavin, llava; ")]
    [InlineData("mergekit", "mergekit knows decoders of one list of layers, and minilm is none")]
    [InlineData("peft", "PEFT finds the layers of ")]
    [InlineData("pytorch", "only trained networks on vilt can be exported, and ")]
    [InlineData("onnx", "only trained networks on vilt can be exported, and ")]
    [InlineData("checkpoint", "only trained networks on vilt can be exported, and ")]
    public void Export_OfATextModelsPlan_ToATargetThatCannotHoldIt_IsBadUsage(string target, string expected)
    {
        var refusal = Refusal(target, "minilm");
        Assert.IsType<ExportUsageException>(refusal);
        Assert.StartsWith(expected, refusal.Message, StringComparison.Ordinal);
    }

    private DasSearchException? Refusal(string target, string backbone)
    {
        var modules = BackboneTable.BuiltIn.Named(backbone).DescribeProfiled().Modules;
        var (made, skipped) = (MadeUpPlans.Make(backbone, [.. modules.Select(static module => module.Name)], "1"), modules[1]);
        var plan = new SkipPlan(
            backbone, made.Task, made.Modules, Granularity.Layers, made.Provenance, [new SkippedModule(skipped.Index, skipped.Name, skipped.Kind, null)], [], null);
        (string, string)[] options = ExporterTable.Standard.Named(target).Options.Any(static option => option.Key == "model") ? [("model", "m")] : [];
        try
        {
            _bench.Export(target, plan, "out", database: null, options);
            return null;
        }
        catch (DasSearchException refusal)
        {
            return refusal;
        }
    }
}
