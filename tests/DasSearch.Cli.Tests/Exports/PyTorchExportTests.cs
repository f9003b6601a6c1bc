using System.Text.Json;

namespace DasSearch.Cli.Tests.Exports;

/// <summary>The exported Python file, run by Python.</summary>
[Collection(nameof(ExportFixture))]
public sealed class PyTorchExportTests(ExportFixture fixture)
{
    // Blocks as the official code has them, in a model with a head that no plan knows.
    private const string Official = """
        import importlib.util, json, sys, torch
        spec = importlib.util.spec_from_file_location("exported", sys.argv[1])
        exported = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(exported)

        class OfficialBlock(torch.nn.Module):
            def __init__(self, block):
                super().__init__()
                self.norm1, self.attn, self.norm2, self.mlp = block.norm1, block.attn, block.norm2, block.mlp
                self.drop_path = torch.nn.Identity()

            def forward(self, x, mask=None):
                attended, attn = self.attn(self.norm1(x), mask=mask)
                x = x + self.drop_path(attended)
                return x + self.drop_path(self.mlp(self.norm2(x))), attn

        model = exported.ViLT()
        model.transformer.blocks = torch.nn.ModuleList([OfficialBlock(block) for block in model.transformer.blocks])
        model.mlm_score = torch.nn.Linear(2, 3)
        exported.apply_plan(model)
        assert exported.load_weights(model) == ["mlm_score.weight", "mlm_score.bias"]
        inputs = exported.read_safetensors(sys.argv[2])
        with torch.no_grad():
            for row in model([inputs["image"]], inputs["text_ids"], inputs["text_mask"]).tolist():
                print(json.dumps(row))
        """;

    [Theory]
    [MemberData(nameof(ExportFixture.Names), MemberType = typeof(ExportFixture))]
    public async Task Run_OnRealInputs_GivesOurLogits(string name)
    {
        var plan = fixture.Plan(name);
        var result = plan.Export("pytorch", fixture.PathOf(name + ".py"));

        Assert.Equal([fixture.PathOf(name + ".py"), fixture.PathOf(name + ".weights.safetensors")], result.Files);
        plan.AssertSame(Referee.Rows(await Referee.PyTorchAsync(result.Files[0], plan.Inputs)));
    }

    [Fact]
    public async Task Run_WithoutInputs_ChecksItself()
    {
        var plan = fixture.Plan("nlvr2");
        var result = plan.Export("pytorch", fixture.PathOf("checked.py"));

        var expected = $"ok: {plan.Plan.Accounting!.TotalParameters} parameters, without transformer.blocks.0, transformer.blocks.11\n";
        Assert.Equal(expected, await Referee.PyTorchAsync(result.Files[0]));
    }

    [Fact]
    public async Task ApplyPlan_ToAModelLikeTheOfficialOne_GivesOurLogits()
    {
        var plan = fixture.Plan("vqa");
        var result = plan.Export("pytorch", fixture.PathOf("official.py"));

        plan.AssertSame(Referee.Rows(await Referee.PyTorchAsync("-c", Official, result.Files[0], plan.Inputs)));
    }

    [Theory]
    [InlineData("\"\"\"\"; raise SystemExit('run') #")]
    [InlineData("ends in \\")]
    [InlineData("a\nb\r\tc\u2028d\u202Ee\0 é 四 \U0001F600 {x} %s")]
    public async Task Export_RunNamedByAnyone_IsATextAndNothingElse(string run)
    {
        var trained = fixture.Plan("vqa");
        var plan = trained.Plan.With(provenance: trained.Plan.Provenance with { RunName = run });
        var result = trained.Export("pytorch", fixture.PathOf("named.py"), plan);

        var read = await Referee.PyTorchAsync(
            "-c", "import json, runpy, sys; print(json.dumps(runpy.run_path(sys.argv[1])['PROVENANCE']['run']))", result.Files[0]);
        Assert.Equal(run, JsonSerializer.Deserialize<string>(read));
    }
}
