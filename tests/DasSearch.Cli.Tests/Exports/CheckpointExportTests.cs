using DasSearch.Core;
using DasSearch.Exports;
using DasSearch.Formats;
using DasSearch.Models.Checkpoints;
using static TorchSharp.torch;

namespace DasSearch.Cli.Tests.Exports;

/// <summary>A method merged into its backbone, as a checkpoint.</summary>
[Collection(nameof(ExportFixture))]
public sealed class CheckpointExportTests(ExportFixture fixture)
{
    [Theory]
    [InlineData("lora")]
    [InlineData("ssf")]
    [InlineData("pia")]
    [InlineData("layer-norm")]
    public void Export_OfAWholeNetwork_IsACheckpointThatDoesTheSame(string method)
    {
        var plan = fixture.Method(method, []);
        var result = plan.Export("checkpoint", fixture.PathOf($"{method}.merged.safetensors"));

        Assert.Empty(result.Notes);
        plan.AssertSame(fixture.LogitsOf(result.Files[0], plan));
    }

    [Fact]
    public void Export_WithModulesSkipped_HasThoseThatAreKeptAndWhatReplacesTheOthers()
    {
        var plan = fixture.Method("lora", [0, 2]);
        var result = plan.Export("checkpoint", fixture.PathOf("skipped.merged.safetensors"));
        var file = SafetensorsFile.Open(result.Files[0]);

        Assert.Equal(
            "it has no transformer.blocks.0, transformer.blocks.2, so that no other run can start from it: a run needs every module", Assert.Single(result.Notes));
        Assert.DoesNotContain(file.Tensors.Keys, static name => name.Contains("lora", StringComparison.Ordinal));
        var blocks = file.Tensors.Keys.Where(static name => name.StartsWith("transformer.blocks.", StringComparison.Ordinal)).Select(static name => name.Split('.')[2]);
        Assert.Equal(["1"], blocks.Distinct());
        Assert.Contains("adapter_list.2.0.up_proj.weight", file.Tensors.Keys);
        Assert.Contains("vqa_classifier.3.bias", file.Tensors.Keys);
        Assert.Equal(("lora", "0,2", "2"), (file.Metadata["merged_method"], file.Metadata["skip"], file.Metadata["heads"]));
        Assert.Equal(ExportFixture.Sha256(plan.Path), file.Metadata["plan_sha256"]);
    }

    [Theory]
    [InlineData("das", "at transformer.blocks.0.attn it computes what no layer's weights can")]
    [InlineData("prompt-deep", "it adds tokens before transformer.blocks.0, which no layer's weights can")]
    public void Export_OfWhatCannotBeMerged_SaysWhy(string method, string reason)
    {
        var output = fixture.PathOf("refused-merge.safetensors");
        var problem = Assert.Throws<ExportException>(() => fixture.Method(method, []).Export("checkpoint", output));

        Assert.Equal($"{method} cannot be merged into the backbone exactly: {reason}", problem.Message);
        Assert.False(File.Exists(output));
    }

    [Fact]
    public void Export_OfLinearsOfALowRank_SaysThatNothingMergesIntoThem()
    {
        var problem = Assert.Throws<ExportException>(
            () => fixture.Plan("compressed-lora").Export("checkpoint", fixture.PathOf("low-rank.safetensors")));
        Assert.Equal("lora cannot be merged into the backbone exactly: transformer.blocks.0.attn.qkv is two Linears of a low rank", problem.Message);
    }

    [Fact]
    public void Merged_InPlaceOfWhatItWasMadeOf_IsRefused()
    {
        var plan = fixture.Method("lora", []);
        var merged = plan.Export("checkpoint", fixture.PathOf("misplaced.merged.safetensors")).Files[0];
        const string Holds = "it holds lora merged into the backbone, as das export --to checkpoint writes it";

        var asWeights = plan.Plan.With(result: plan.Plan.Result! with { Weights = Path.GetFileName(merged), WeightsSha256 = ExportFixture.Sha256(merged) });
        var weights = Assert.Throws<DasSearchException>(() => plan.Export("onnx", fixture.PathOf("misplaced.onnx"), asWeights));
        Assert.Equal($"{merged} is not what the plan was trained to: {Holds}", weights.Message);
        var onMerged = plan.Plan.With(provenance: plan.Plan.Provenance with { Checkpoint = merged });
        var checkpoint = Assert.Throws<DasSearchException>(() => plan.Export("onnx", fixture.PathOf("misplaced.onnx"), onMerged));
        Assert.Equal($"checkpoint {merged} is not the plan's: {Holds}", checkpoint.Message);
    }

    [Theory]
    [InlineData("checkpoint")]
    [InlineData("onnx")]
    [InlineData("pytorch")]
    public void Export_OfWeightsThatAreNotFinite_SaysWhichAndWhere(string target)
    {
        using var scope = NewDisposeScope();
        var plan = fixture.Method("ssf", []);
        var weights = fixture.PathOf("odd.plan.safetensors");
        var tensors = CheckpointFile.Read(fixture.PathOf(plan.Plan.Result!.Weights!)).Tensors;
        tensors["transformer.norm.ssf_scale"][3] = double.NaN;
        CheckpointFile.Write(weights, tensors);
        var odd = plan.Plan.With(result: plan.Plan.Result with { Weights = Path.GetFileName(weights), WeightsSha256 = ExportFixture.Sha256(weights) });

        var problem = Assert.Throws<ExportException>(() => plan.Export(target, fixture.PathOf("odd.out"), odd));
        Assert.StartsWith($"{weights} has NaN in transformer.norm.ssf_scale, of type F32, expected finite numbers", problem.Message, StringComparison.Ordinal);
    }
}
