using System.Text.Json;
using DasSearch.Core;
using DasSearch.Exports;
using DasSearch.Transfer;

namespace DasSearch.Cli.Tests.Exports;

/// <summary>Every transfer method in every form that it can be exported in, run by others: with nothing skipped and with some, merged and not.</summary>
[Collection(nameof(ExportFixture))]
public sealed class MethodExportTests(ExportFixture fixture)
{
    private const string RunAll = """
        import importlib.util, json, sys, torch
        torch.set_num_threads(1)
        for path, inputs in zip(sys.argv[1::2], sys.argv[2::2]):
            spec = importlib.util.spec_from_file_location("exported", path)
            exported = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(exported)
            tensors = exported.read_safetensors(inputs)
            with torch.no_grad():
                model = exported.build()
                assert exported.check(model) is None, exported.check(model)
                print(json.dumps(model([tensors["image"]], tensors["text_ids"], tensors["text_mask"]).tolist()))
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
    ];

    private IEnumerable<(string Name, TrainedPlan Plan)> All =>
    [
        .. TransferTable.BuiltIn.All.SelectMany(method => new int[][] { [], [0, 2] }.Select(skipped =>
            ($"{method.Name} without {string.Join(", ", skipped)}", fixture.Method(method.Name, skipped)))),
        .. _special.Select(special =>
            ($"{special}", fixture.Method(special.Method, special.Skipped, special.Granularity, special.Replacement, special.Options))),
    ];

    [Fact]
    public void Onnx_OfEveryMethod_GivesOurLogits()
    {
        foreach (var (what, plan) in All)
        {
            foreach (var (form, file) in Exported(plan, "onnx", ("image", "56")))
            {
                plan.AssertSame(OnnxModel.Run(file, plan.Inputs), $"{what}, {form}:");
            }
        }
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
