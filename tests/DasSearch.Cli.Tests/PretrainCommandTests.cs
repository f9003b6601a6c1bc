using System.Diagnostics;
using DasSearch.Core.Configuration;
using DasSearch.Data.FashionMnist;
using DasSearch.Formats;

namespace DasSearch.Cli.Tests;

/// <summary>A whole pre-training of a few steps, from the command line to the files.</summary>
public sealed class PretrainCommandTests : IDisposable
{
    private const string Tiny = """
        output: vilt.safetensors
        model: {width: 16, layers: 2, heads: 2, patch_size: 28}
        training: {steps: 3, batch_size: 4, warm_up_steps: 1}
        evaluation: {every: 2, samples: 8, final_samples: 8}
        """;

    // The commands see no environment but what a test gives them.
    private static readonly (string Name, string Value) Photos =
        (FashionMnistFolder.Variable, FashionMnistFolder.Resolve(Environment.GetEnvironmentVariable));

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-pretrain-");

    private string Checkpoint => Path.Combine(_folder.FullName, "vilt.safetensors");

    private string Settings => Path.Combine(_folder.FullName, "tiny.yaml");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Pretrain_TinyModel_WritesCheckpointAndCardAndPrintsTheirPlace()
    {
        File.WriteAllText(Settings, Tiny);
        var das = await Das.RunAsync(["pretrain", Settings], Photos);

        Assert.Equal(ExitCode.Done, das.Code);
        Assert.Equal(Path.Combine(_folder.FullName, "vilt.safetensors"), das.Output.Trim());
        Assert.Contains("step 2 of 3 · held out: matching", das.Error, StringComparison.Ordinal);
        var card = File.ReadAllText(Path.Combine(_folder.FullName, "vilt.md"));
        Assert.Contains("2 layers, width 16, 2 heads and patches of 28×28", card, StringComparison.Ordinal);
        Assert.Contains("steps: 3", card, StringComparison.Ordinal);
        Assert.Contains(
            ConfigFile.Load<PretrainingConfig>(Settings, []).Sha256, card, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pretrain_CtrlC_SavesSaysHowToGoOnAndExitsWith130_AndMeanwhileNoOtherMakesTheSame()
    {
        File.WriteAllText(Settings, Tiny);
        string[] pretrain = [Path.Combine(AppContext.BaseDirectory, "das.dll"), "pretrain", Settings, "--set", "training.steps=1000000"];
        var start = new ProcessStartInfo("env", ["--default-signal=INT", "dotnet", .. pretrain]) // as in DasProcess
        {
            RedirectStandardError = true,
        };
        start.Environment[Photos.Name] = Photos.Value;
        using var process = Process.Start(start)!;
        while (await process.StandardError.ReadLineAsync() is { } line && !line.Contains("held out", StringComparison.Ordinal))
        {
        }

        var second = await Das.RunAsync(["pretrain", Settings, "--set", "training.steps=1000000"], Photos);
        using var kill = Process.Start("kill", ["-INT", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        var rest = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.Contains("the same command goes on from here", rest, StringComparison.Ordinal);
        Assert.Equal((int)ExitCode.Interrupted, process.ExitCode);
        Assert.Equal(ExitCode.Failed, second.Code);
        Assert.StartsWith($"das: {Checkpoint} is being made by another process", second.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Checkpoint + ".state.lock"));
        Assert.True(File.Exists(Path.Combine(_folder.FullName, "vilt.safetensors.state", "current")));
    }

    [Fact]
    public async Task Pretrain_Quiet_SaysNothingButThePlace()
    {
        File.WriteAllText(Settings, Tiny);
        var das = await Das.RunAsync(["pretrain", Settings, "--quiet", "--set", "training.steps=1"], Photos);

        Assert.Equal(ExitCode.Done, das.Code);
        Assert.Equal("", das.Error);
    }

    [Theory]
    [InlineData("model: {width: 0}", "tiny.yaml:2: model.width must be at least 1, not 0")]
    [InlineData("model: {widht: 8}", "tiny.yaml:2: model.widht is unknown; did you mean model.width?")]
    [InlineData("device: tpu", "device must be auto, cpu")]
    [InlineData("model: {patch_size: 13}", "model.patch_size must divide")]
    public async Task Pretrain_WrongSetting_NamesItAndExitsWithTwo(string line, string expected)
    {
        File.WriteAllText(Settings, "output: vilt.safetensors\n" + line + "\n");
        var das = await Das.RunAsync(["pretrain", Settings], Photos);

        Assert.Equal(ExitCode.BadUsage, das.Code);
        Assert.Contains(expected, das.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pretrain_OutputInNoFolder_SaysSo()
    {
        File.WriteAllText(Settings, "output: none/vilt.safetensors\n");
        var das = await Das.RunAsync(["pretrain", Settings], Photos);

        Assert.Equal(ExitCode.BadUsage, das.Code);
        Assert.Contains("is no folder", das.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fashionvl")]
    [InlineData("emojivl")]
    public void PretrainVilt_TheShippedSettings_AreSound(string benchmark)
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "DasSearch.sln")))
        {
            root = Path.GetDirectoryName(root)!;
        }

        var shipped = Path.Combine(root, "experiments", benchmark, "pretrain-vilt.yaml");
        Assert.Equal(benchmark, ConfigFile.Load<PretrainingConfig>(shipped, []).Values.Benchmark);
    }
}
