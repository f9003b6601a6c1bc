using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Exports;

namespace DasSearch.Cli.Tests.Exports;

/// <summary>What no network can be made of: one sentence, and nothing written.</summary>
[Collection(nameof(ExportFixture))]
public sealed class ExportRefusalTests(ExportFixture fixture)
{
    private static readonly Dictionary<string, Func<SkipPlan, SkipPlan>> _changes = new()
    {
        ["not trained yet: das train "] = plan => plan with { Result = null },
        ["not trained yet"] = plan => plan.With(result: plan.Result! with { Weights = null }),
        ["missing.safetensors cannot be read"] =
            plan => plan.With(result: plan.Result! with { Weights = "../elsewhere/missing.safetensors" }),
        ["is not what the plan was trained to: its SHA-256 is "] = plan => plan.With(result: plan.Result! with { WeightsSha256 = "0" }),
        ["the plan's checkpoint is at none of "] =
            plan => plan.With(provenance: plan.Provenance with { Checkpoint = "nowhere.safetensors" }),
        ["is not the plan's: its SHA-256 is "] = plan => plan.With(provenance: plan.Provenance with { CheckpointSha256 = "0" }),
        ["and the plan's backbone had no checkpoint but fresh weights"] =
            plan => plan.With(provenance: plan.Provenance with { Checkpoint = null }),
        ["only trained networks on vilt can be exported, and"] = plan => plan.With(backbone: "meter"),
        ["an adapter is placed on layers.1, which the backbone does not have"] = plan => plan.With(adapters: [Adapter("layers.1")]),
        ["must be of type das with relu and layer-norm, not lora with relu and layer-norm"] =
            plan => plan.With(adapters: [Adapter("transformer.blocks.0", type: "lora")]),
        ["cannot stand sequential to 'attention'"] =
            plan => plan.With(adapters: [Adapter("transformer.blocks.0", Placement.Sequential)]),
        ["the plan calls module 3 fourth, expected transformer.blocks.3"] =
            plan => plan.With(skip: [plan.Skip[0] with { Module = "fourth" }], adapters: []),
        ["an adapter is placed on transformer.blocks.0.attn, which the backbone does not have"] =
            plan => plan.With(adapters: [Adapter("transformer.blocks.0.attn")]),
        ["which the plan's network does not have: it belongs to another plan"] = plan => plan.With(adapters: [.. plan.Adapters.Skip(1)]),
        ["has transformer.blocks.0.adapter0.down_proj.weight of shape [12, 96], expected [13, 96]"] =
            plan => plan.With(adapters: [Adapter("transformer.blocks.0", bottleneck: 13), .. plan.Adapters.Skip(1)]),
        ["has adapter_list.9.0.adapter_layer_norm_before.weight: they belong to another network"] = plan => plan.With(
            skip: [.. plan.Skip, new SkippedModule(9, "transformer.blocks.9", ModuleKind.Whole, null)],
            adapters:
            [
                .. plan.Adapters.Where(adapter => adapter.Module != "transformer.blocks.9"),
                Adapter("transformer.blocks.9", Placement.Replace, "module"),
            ]),
    };

    public static TheoryData<string, string> Changes
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var target in new[] { "onnx", "pytorch" })
            {
                foreach (var expected in _changes.Keys)
                {
                    data.Add(target, expected);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void Export_APlanThatDoesNotFit_SaysWhyAndWritesNothing(string target, string expected)
    {
        var trained = fixture.Plan("vqa");
        Refused(expected, output => trained.Export(target, output, _changes[expected](trained.Plan)));
    }

    [Theory]
    [InlineData("image", "57", "in multiples of the patches' 28 pixels, not '57'")]
    [InlineData("image", "56x", "image must be a size such as 336 or 336x532")]
    [InlineData("image", "56x56x56", "not '56x56x56'")]
    [InlineData("image", "0", "not '0'")]
    [InlineData("image", "999999999999", "not '999999999999'")]
    [InlineData("heads", "4", "heads is 4, but checkpoint ")]
    [InlineData("merged", "yes", "merged must be true or false, not 'yes'")]
    public void Export_ImpossibleOption_SaysWhatIsPossible(string key, string value, string expected) => Assert.IsType<ExportUsageException>(
        Refused(expected, output => fixture.Plan("vqa").Export("onnx", output, (key, value))));

    [Fact]
    public void Export_ImagesOfManyGigabytes_AreRefusedBeforeMemoryIsAskedFor() => Refused(
        "but one ONNX file holds at most 2147483647", output => fixture.Plan("vqa").Export("onnx", output, ("image", "72800")));

    [Theory]
    [InlineData("onnx", "same.weights.safetensors")]
    [InlineData("pytorch", "same.py")]
    public void Export_OverWhatItIsMadeOf_IsRefused(string target, string output)
    {
        var trained = fixture.Plan("vqa");
        var weights = fixture.PathOf("same.weights.safetensors");
        File.Copy(fixture.PathOf("vqa.plan.safetensors"), weights, overwrite: true);
        var plan = trained.Plan.With(result: trained.Plan.Result! with { Weights = Path.GetFileName(weights) });

        Refused("would replace what it is made of", _ => trained.Export(target, fixture.PathOf(output), plan));
        Assert.Equal(plan.Result!.WeightsSha256, ExportFixture.Sha256(weights));
        Assert.False(File.Exists(fixture.PathOf("same.py")));
    }

    [Fact]
    public void Export_WhereAFolderIs_SaysSoAndLeavesIt()
    {
        var folder = Directory.CreateDirectory(fixture.PathOf("taken.onnx")).FullName;
        Refused($"the output {folder} is a folder, but a file is to be written", _ => fixture.Plan("vqa").Export("onnx", folder));
        Assert.Equal([folder], Directory.GetFileSystemEntries(Path.GetDirectoryName(folder)!, "taken*"));
    }

    private DasSearchException Refused(string expected, Action<string> export)
    {
        var output = fixture.PathOf("refused.out");
        var error = Assert.ThrowsAny<DasSearchException>(() => export(output));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        Assert.Empty(Directory.GetFileSystemEntries(Path.GetDirectoryName(output)!, "refused*"));
        return error;
    }

    private static AdapterPlacement Adapter(
        string module, Placement placement = Placement.Parallel, string site = "attention", string type = "das", int bottleneck = 12) =>
        new(module, placement, site, type, bottleneck, "relu", "layer-norm", 1);
}
