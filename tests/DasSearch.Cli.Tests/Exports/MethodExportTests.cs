using System.Text.Json;
using DasSearch.Core;
using DasSearch.Exports;
using DasSearch.Transfer;

namespace DasSearch.Cli.Tests.Exports;

/// <summary>Every transfer method, but for those of decoders, in every form that it can be exported in, run by others: with nothing skipped and with some, merged and not.</summary>
[Collection(nameof(ExportFixture))]
public sealed class MethodExportTests(ExportFixture fixture)
{
    // Each file as it is, then a copy of its network that shares nothing with it, then its plan on blocks as the official code has them.
    private const string RunAll = """
        import copy, importlib.util, json, sys, torch
        torch.set_num_threads(1)

        class OfficialBlock(torch.nn.Module):
            def __init__(self, block):
                super().__init__()
                self.norm1, self.attn, self.norm2, self.mlp = block.norm1, block.attn, block.norm2, block.mlp

            def forward(self, x, mask=None):
                attended, attn = self.attn(self.norm1(x), mask=mask)
                x = x + attended
                return x + self.mlp(self.norm2(x)), attn

        @torch.no_grad()
        def run(path, inputs):
            spec = importlib.util.spec_from_file_location("exported", path)
            exported = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(exported)
            tensors = exported.read_safetensors(inputs)
            model, official = exported.build(), exported.ViLT()
            assert exported.check(model) is None, exported.check(model)
            official.transformer.blocks = torch.nn.ModuleList([OfficialBlock(block) for block in official.transformer.blocks])
            exported.apply_plan(official)
            assert exported.load_weights(official) == []
            clone, texts = copy.deepcopy(model), (tensors["text_ids"], tensors["text_mask"])
            logits = model([tensors["image"]], *texts)
            for parameter in model.parameters():
                parameter.zero_()
            for other in (clone, official):
                assert torch.allclose(other([tensors["image"]], *texts), logits, atol=1e-6), path
            print(json.dumps(logits.tolist()))

        for path, inputs in zip(sys.argv[1::2], sys.argv[2::2]):
            run(path, inputs)
        """;

    // What is special about a method: skipped parts, what stands in their place, and options that change what is computed.
    private static readonly (string Method, int[] Skipped, Granularity Granularity, string Replacement, string Options)[] _special =
    [
        ("das", [1, 2], Granularity.SubLayers, "das", ""),
        ("linear", [0], Granularity.SubLayers, "das", ""),
        ("lora", [0, 3], Granularity.SubLayers, "none", "scale=0.5"),
        ("scaled-pa", [1], Granularity.SubLayers, "das", "scale=0.25"),
        ("prompt-shallow", [0, 1], Granularity.SubLayers, "das", ""),
        ("prompt-deep", [1], Granularity.SubLayers, "none", ""),
        ("apt", [1], Granularity.SubLayers, "pia", "alpha=key"),
        ("apt", [], Granularity.Layers, "none", "alpha=token-grad,key=dense,class_token=true"),
        ("apt", [], Granularity.Layers, "none", "alpha=none,key=identity"),
        ("pia", [1, 4], Granularity.SubLayers, "pia", "scale=0.5"),
        ("ttc", [1], Granularity.SubLayers, "das", "position=both"),
        ("ttc", [], Granularity.Layers, "das", "position=block,bias=false"),
        ("ttc", [2], Granularity.SubLayers, "none", "sct=true"),
    ];

    private IEnumerable<(string Name, TrainedPlan Plan)> All =>
    [
        .. TransferTable.BuiltIn.All.Where(static method => method is not DecoderTransfer).SelectMany(method => new int[][] { [], [0, 2] }.Select(skipped =>
            ($"{method.Name} without {string.Join(", ", skipped)}", fixture.Method(method.Name, skipped)))),
        .. _special.Select(special =>
            ($"{special}", fixture.Method(special.Method, special.Skipped, special.Granularity, special.Replacement, special.Options))),
    ];

    [Fact]
    public async Task Onnx_OfEveryMethod_IsSoundAndGivesOurLogits()
    {
        var files = new List<string>();
        foreach (var (what, plan) in All)
        {
            foreach (var (form, file) in Exported(plan, "onnx", ("image", "56")))
            {
                plan.AssertSame(OnnxModel.Run(file, plan.Inputs), $"{what}, {form}:");
                files.Add(file);
            }
        }

        await Referee.OnnxAsync("import onnx, sys; [onnx.checker.check_model(onnx.load(path), full_check=True) for path in sys.argv[1:]]", [.. files]);
    }

    [Fact]
    public async Task PyTorch_OfEveryMethod_GivesOurLogits()
    {
        var exported = All.SelectMany(entry => Exported(entry.Plan, "pytorch").Select(file => (What: $"{entry.Name}, {file.Form}:", entry.Plan, file.File))).ToList();
        var output = await Referee.PyTorchAsync(["-c", RunAll, .. exported.SelectMany(static one => new[] { one.File, one.Plan.Inputs })]);
        var logits = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonSerializer.Deserialize<float[][]>(line)!).ToList();

        Assert.Equal(exported.Count, logits.Count);
        foreach (var (one, rows) in exported.Zip(logits))
        {
            one.Plan.AssertSame(rows, one.What);
        }
    }

    // Unmerged, and merged or refused.
    private List<(string Form, string File)> Exported(TrainedPlan plan, string target, params (string Key, string Value)[] options)
    {
        var name = fixture.PathOf($"{Path.GetFileNameWithoutExtension(plan.Path)}-");
        var files = new List<(string, string)> { ("unmerged", plan.Export(target, name + "unmerged." + Ending(target), [.. options, ("merged", "false")]).Files[0]) };
        try
        {
            files.Add(("merged", plan.Export(target, name + "merged." + Ending(target), [.. options, ("merged", "true")]).Files[0]));
        }
        catch (ExportException problem)
        {
            Assert.StartsWith($"{plan.Plan.Result!.Method} cannot be merged into the backbone exactly: ", problem.Message, StringComparison.Ordinal);
        }

        return files;
    }

    private static string Ending(string target) => target == "pytorch" ? "py" : target;
}
