using System.Diagnostics;
using DasSearch.Core.Configuration;
using DasSearch.Data.FashionMnist;
using DasSearch.Data.Tests.Support;
using DasSearch.Formats;
using DasSearch.Models.Backbones;
using DasSearch.Models.Checkpoints;

namespace DasSearch.Cli.Tests;

/// <summary>A whole compression of a few steps, from the command line to a search on what it gave.</summary>
public sealed class CompressCommandTests : IDisposable
{
    private const string Pretraining = """
        output: vilt.safetensors
        model: {width: 16, layers: 4, heads: 2, patch_size: 28}
        training: {steps: 1, batch_size: 4, warm_up_steps: 1}
        evaluation: {every: 2, samples: 8, final_samples: 8}
        """;

    private const string Tiny = """
        checkpoint: vilt.safetensors
        output: low.safetensors
        training: {steps: 2, batch_size: 4, warm_up_steps: 1}
        evaluation: {every: 2, samples: 8, final_samples: 8}
        """;

    private static readonly (string Name, string Value) Photos =
        (FashionMnistFolder.Variable, FashionMnistFolder.Resolve(Environment.GetEnvironmentVariable));

    private static readonly VitConfig _vit = new() { Width = 32, Layers = 2, Heads = 2, InnerWidth = 128, PatchSize = 8, Side = 32 };
    private static readonly BackboneRequest _request = new() { Input = new InputShape(9, 4, 32, 32) };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-compress-");

    private string Settings => Path.Combine(_folder.FullName, "low.yaml");

    private string Output => Path.Combine(_folder.FullName, "low.safetensors");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Compress_TinyModel_WritesACheckpointThatSearchTrainAndEvalTake()
    {
        await Pretrain();
        var das = await Das.RunAsync(["compress", Settings], Photos);

        Assert.Equal((ExitCode.Done, Output), (das.Code, das.Output.Trim()));
        Assert.Contains("16 Linears of rank 4, 6: ", das.Error, StringComparison.Ordinal);
        Assert.Contains("step 0 of 2 · held out: matching", das.Error, StringComparison.Ordinal);
        var card = File.ReadAllText(Path.Combine(_folder.FullName, "low.md"));
        Assert.Contains("| κ | 2 |", card, StringComparison.Ordinal);
        Assert.Contains("Step 0 below are the factors as they are", card, StringComparison.Ordinal);
        Assert.Contains("\n| 0 |  | ", card, StringComparison.Ordinal); // nothing was learnt from yet
        Assert.Contains(ConfigFile.Load<CompressionConfig>(Settings, []).Sha256, card, StringComparison.Ordinal);

        var (search, plan, database) = (PathOf("search.yaml"), PathOf("plan.json"), PathOf("das.db"));
        File.WriteAllText(search, SearchFixture.Tiny.Replace("width: 8", "width: 16", StringComparison.Ordinal) + "\ncheckpoint: low.safetensors");
        foreach (string[] command in new string[][]
        {
            ["search", search, "--db", database, "-o", plan, "--quiet"],
            ["train", plan, "--db", database, "--quiet"],
            ["eval", plan, "--db", database],
            ["profile", plan, "--db", database],
            ["compress", Settings, "--quiet"], // once more: the same settings may write over what they wrote
        })
        {
            var next = await SearchFixture.RunAsync(command);
            Assert.True(next.Code == ExitCode.Done, $"{string.Join(' ', command)}: {next.Error}");
        }
    }

    [Fact]
    public async Task Compress_WithoutTraining_NeedsNoPhotos()
    {
        await Pretrain();
        var das = await Das.RunAsync(
            ["compress", Settings, "--set", "training.steps=0", "--quiet"], (FashionMnistFolder.Variable, PathOf("none")));

        Assert.Equal((ExitCode.Done, ""), (das.Code, das.Error));
        Assert.Contains("transformer.blocks.3.mlp.fc2.1.weight", SafetensorsFile.Open(Output).Tensors.Keys);
        Assert.Contains("none: the factors are those of the singular values", File.ReadAllText(PathOf("low.md")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compress_AViT_GivesFactorsThatLoad()
    {
        WriteVit();
        var das = await Das.RunAsync(["compress", Settings, "--set", "training.steps=0", "--quiet"]);
        Assert.Equal((ExitCode.Done, ""), (das.Code, das.Error));
        Assert.Contains("A ViT (arXiv:2010.11929) with 8 Linears", File.ReadAllText(PathOf("low.md")), StringComparison.Ordinal);
        using var compressed = BackboneTable.BuiltIn.Named("vit").Load(_request with { Checkpoint = Output }).Backbone;
        Assert.Equal(VitCosts.Describe(_vit.Compressed(2)).Parameters.Sum(static own => own.Count), compressed.Network.parameters().Sum(static own => own.numel()));
    }

    [Fact]
    public async Task Compress_AViTOnAFolderOfPhotos_TrainsAClassifierOn_ThatASearchTakes()
    {
        WriteVit();
        new DrawnFolders(PathOf("data")).Photos(picturesOfAClass: 8);
        string[] command = ["compress", Settings, "--set", "task=photos", "--set", "data.root=data", "--set", "data.side=32", "--set", "training.label_smoothing=0.1", "--set", "training.drop_path=0.1"];
        var das = await Das.RunAsync(command);
        Assert.Equal((ExitCode.Done, Output), (das.Code, das.Output.Trim()));
        Assert.Contains("step 2 of 2 · validation: accuracy ", das.Error, StringComparison.Ordinal);
        var card = File.ReadAllText(PathOf("low.md"));
        Assert.All(["A ViT (arXiv:2010.11929) with 8 Linears", "\n| test, the original | it tells no such classes | |\n", "\n| 0 |  | ", "\n| 2 | "], part => Assert.Contains(part, card, StringComparison.Ordinal));
        Assert.Equal([2L, 32], SafetensorsFile.Open(Output).Tensors["head.weight"].Shape);

        File.WriteAllText(PathOf("search.yaml"), """
            task: photos
            backbone: vit
            checkpoint: low.safetensors
            skip: 1
            controller: {candidates: 2}
            data: {root: data, side: 32}
            search: {epochs: 2, steps_between_rounds: 1, batch_size: 4}
            """);
        var search = await Das.RunAsync(["search", PathOf("search.yaml"), "--db", PathOf("das.db"), "-o", PathOf("plan.json"), "--quiet"]);
        Assert.Equal((ExitCode.Done, ""), (search.Code, search.Error));
        Assert.Equal(ExitCode.Done, (await Das.RunAsync([.. command, "--quiet"])).Code); // once more, over its own
    }

    [Theory]
    [InlineData("training.steps=2", "task is missing: vilt.safetensors is of a ViT (arXiv:2010.11929), which is trained on as a classifier, such as with task: photos")]
    [InlineData("task=flickr30k", "task must be one of classes, such as photos or vtab, not 'flickr30k'")]
    [InlineData("task=photo", "There is no task 'photo'; the tasks are ")]
    [InlineData("task=photos", "data.root")]
    public async Task Compress_AViTOnWhatItCannotBeTrainedOn_SaysSoInASentenceAndWritesNothing(string set, string expected)
    {
        WriteVit();
        var das = await Das.RunAsync(["compress", Settings, "--set", set]);
        Assert.Equal(ExitCode.BadUsage, das.Code);
        Assert.Contains(expected, das.Error, StringComparison.Ordinal);
        Assert.Equal(["low.yaml", "vilt.safetensors"], _folder.GetFileSystemInfos().Select(static entry => entry.Name).Order());
    }

    [Theory]
    [InlineData("compress.kappa=100", "compress.kappa leaves transformer.blocks.0.attn.proj of 16 inputs and 16 outputs no rank: it must be at most 8, not 100")]
    [InlineData("compress.kappa=0.5", "compress.kappa must be finite and at least 1, not 0.5")]
    [InlineData("compress.keep=blocks", "leaves no Linear of")]
    [InlineData("compress.keep=attn.proj,nope", "has 'nope', which is part of no Linear's name in")]
    [InlineData("compress.weights=norm", "compress.weights must be code or paper or hinge, not 'norm'")]
    [InlineData("training.drop_path=0.1", "training.drop_path is for classifiers of images, and captioned scenes have no classes: leave it out")]
    [InlineData("task=photos", "task is for classifiers of images, and vilt.safetensors is of a ViLT (arXiv:2102.03334), which is trained on as it was pre-trained: leave it out, not 'photos'")]
    [InlineData("output=vilt.safetensors", "name another one with --set output=FILE")]
    public async Task Compress_WhatCannotBe_SaysSoInASentenceAndWritesNothing(string set, string expected)
    {
        await Pretrain();
        var before = _folder.GetFiles().Select(file => (file.Name, Hash: FileHash.Sha256(file.FullName))).Order().ToList();
        var das = await Das.RunAsync(["compress", Settings, "--set", set], Photos);

        Assert.Equal(ExitCode.BadUsage, das.Code);
        Assert.Contains(expected, das.Error, StringComparison.Ordinal);
        Assert.Equal(before, _folder.GetFiles().Select(file => (file.Name, Hash: FileHash.Sha256(file.FullName))).Order());
        Assert.Empty(_folder.GetDirectories());
    }

    [Fact]
    public async Task Compress_CtrlC_SavesSaysHowToGoOnAndExitsWith130_AndMeanwhileNoOtherMakesTheSame()
    {
        await Pretrain();
        string[] compress = [Path.Combine(AppContext.BaseDirectory, "das.dll"), "compress", Settings, "--set", "training.steps=1000000"];
        var start = new ProcessStartInfo("env", ["--default-signal=INT", "dotnet", .. compress]) { RedirectStandardError = true }; // as in DasProcess
        start.Environment[Photos.Name] = Photos.Value;
        using var process = Process.Start(start)!;
        while (await process.StandardError.ReadLineAsync() is { } line && !line.Contains("step 2 of", StringComparison.Ordinal))
        {
        }

        var second = await Das.RunAsync(["compress", Settings, "--set", "training.steps=1000000"], Photos);
        using var kill = Process.Start("kill", ["-INT", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        var rest = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.Contains("the same command goes on from here", rest, StringComparison.Ordinal);
        Assert.Equal((int)ExitCode.Interrupted, process.ExitCode);
        Assert.Equal(ExitCode.Failed, second.Code);
        Assert.StartsWith($"das: {Output} is being made by another process", second.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Output + ".state.lock"));
        Assert.True(File.Exists(Path.Combine(Output + ".state", "current")));
        Assert.False(File.Exists(Output));
    }

    [Fact]
    public void CompressVilt_TheShippedSettings_AreSound()
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "DasSearch.sln")))
        {
            root = Path.GetDirectoryName(root)!;
        }

        var shipped = Path.Combine(root, "experiments", "fashionvl", "compress-vilt.yaml");
        Assert.Equal(2, ConfigFile.Load<CompressionConfig>(shipped, []).Values.Compress.Kappa);
    }

    private async Task Pretrain()
    {
        File.WriteAllText(Settings, Tiny);
        File.WriteAllText(PathOf("pretrain.yaml"), Pretraining);
        var das = await Das.RunAsync(["pretrain", PathOf("pretrain.yaml"), "--quiet"], Photos);
        Assert.Equal((ExitCode.Done, ""), (das.Code, das.Error));
    }

    // In the place of the ViLT.
    private void WriteVit()
    {
        File.WriteAllText(Settings, Tiny);
        using var vit = new Vit(_vit, _request);
        CheckpointFile.Write(PathOf("vilt.safetensors"), vit.state_dict(), vit.Metadata);
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);
}
