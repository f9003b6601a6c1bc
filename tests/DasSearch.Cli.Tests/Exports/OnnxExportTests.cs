using System.Text.Json;
using DasSearch.Models.Checkpoints;
using static TorchSharp.torch;

namespace DasSearch.Cli.Tests.Exports;

/// <summary>The exported ONNX file, checked by the onnx package and run by ONNX Runtime.</summary>
[Collection(nameof(ExportFixture))]
public sealed class OnnxExportTests(ExportFixture fixture)
{
    // Whether shapes and types fit, all the way through, and what the file says of itself.
    private const string Check = """
        import json, sys, onnx
        model = onnx.load(sys.argv[1])
        onnx.checker.check_model(model, full_check=True)
        def shape(value):
            return [size.dim_param or size.dim_value for size in value.type.tensor_type.shape.dim]
        print(json.dumps(dict(
            ir=model.ir_version, opset=[entry.version for entry in model.opset_import], producer=model.producer_name,
            inputs={value.name: shape(value) for value in model.graph.input},
            outputs={value.name: shape(value) for value in model.graph.output},
            facts={entry.key: entry.value for entry in model.metadata_props},
            operations=sorted({node.op_type for node in model.graph.node}),
            weights=[tensor.name for tensor in model.graph.initializer])))
        """;

    [Theory]
    [MemberData(nameof(ExportFixture.Names), MemberType = typeof(ExportFixture))]
    public void Run_OnRealInputs_GivesOurLogits(string name)
    {
        var plan = fixture.Plan(name);
        var result = plan.Export("onnx", fixture.PathOf(name + ".onnx"), ("image", "56"));

        Assert.Equal([fixture.PathOf(name + ".onnx")], result.Files);
        plan.AssertSame(OnnxModel.Run(result.Files[0], plan.Inputs));
    }

    [Fact]
    public void Run_SmallerBatchOfShorterTexts_GivesTheSameRows()
    {
        var plan = fixture.Plan("vqa");
        var model = plan.Export("onnx", fixture.PathOf("smaller.onnx")).Files[0];
        var inputs = fixture.PathOf("smaller.safetensors");
        using (NewDisposeScope())
        {
            // As many tokens as the longest of two texts has.
            var all = CheckpointFile.Read(plan.Inputs).Tensors;
            var (ids, mask) = (all["text_ids"].narrow(0, 0, 2), all["text_mask"].narrow(0, 0, 2));
            var tokens = mask.sum(1).max().item<long>();
            Assert.True(tokens < ids.size(1));
            CheckpointFile.Write(inputs, new Dictionary<string, Tensor>
            {
                ["image"] = all["image"].narrow(0, 0, 2),
                ["text_ids"] = ids.narrow(1, 0, tokens),
                ["text_mask"] = mask.narrow(1, 0, tokens),
            });
        }

        (plan with { Logits = [.. plan.Logits.Take(2)] }).AssertSame(OnnxModel.Run(model, inputs));
    }

    [Fact]
    public async Task Export_OfTwoImages_PassesTheCheckerAndSaysWhatItIs()
    {
        var plan = fixture.Plan("nlvr2");
        var model = plan.Export("onnx", fixture.PathOf("checked.onnx")).Files[0];
        var facts = JsonDocument.Parse(await Referee.OnnxAsync(Check, model)).RootElement;

        Assert.Equal((8, "[17]"), (facts.GetProperty("ir").GetInt32(), facts.GetProperty("opset").GetRawText()));
        const string Image = """["batch", 3, 56, 56]""", Text = """["batch", "tokens"]""";
        Assert.Equal(
            [("image_1", Image), ("image_2", Image), ("text_ids", Text), ("text_mask", Text)],
            facts.GetProperty("inputs").EnumerateObject().Select(input => (input.Name, input.Value.GetRawText())));
        Assert.Equal("""{"logits": ["batch", 2]}""", facts.GetProperty("outputs").GetRawText());
        var said = facts.GetProperty("facts");
        Assert.Equal(plan.Plan.Provenance.CheckpointSha256, said.GetProperty("das.checkpoint_sha256").GetString());
        Assert.Equal(ExportFixture.Sha256(plan.Path), said.GetProperty("das.plan_sha256").GetString());
        Assert.Equal(("fashionvl-nlvr2", "0,11"), (said.GetProperty("das.task").GetString(), said.GetProperty("das.skip").GetString()));
        var weights = facts.GetProperty("weights").EnumerateArray().Select(name => name.GetString()!).ToList();
        Assert.Contains("transformer.blocks.1.attn.qkv.weight.T", weights);
        Assert.DoesNotContain(weights, name => name.StartsWith("transformer.blocks.11.", StringComparison.Ordinal));
        Assert.Equal(weights.Count, weights.Distinct().Count());
    }

    [Fact]
    public void Export_Twice_GivesTheSameBytes()
    {
        var plan = fixture.Plan("retrieval");
        var files = new[] { "first.onnx", "second.onnx" }.Select(name => plan.Export("onnx", fixture.PathOf(name)).Files[0]);
        Assert.Single(files.Select(ExportFixture.Sha256).Distinct());
    }

    [Fact]
    public void Export_WithoutASize_TakesThatOfThePositionTableAndSaysSo() => Assert.Contains(
        "images are of 84×84 pixels, as the checkpoint's were: --option image=HxW for others",
        fixture.Plan("foreign").Export("onnx", fixture.PathOf("default.onnx")).Notes);
}
