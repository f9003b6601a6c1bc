using System.Text.Json;
using DasSearch.Formats;

namespace DasSearch.Cli.Tests;

/// <summary>Transfer methods from the command line: what help and profile say of them, and a plan trained with another one than its own.</summary>
public sealed class MethodTests(SearchFixture fixture) : IClassFixture<SearchFixture>
{
    // Papers' part H.2, to the unit.
    private static readonly Dictionary<string, long> _published = new(StringComparer.Ordinal)
    {
        ["linear"] = 0,
        ["layer-norm"] = 38_400,
        ["bitfit"] = 102_912,
        ["ssf"] = 205_824,
        ["lora"] = 147_456,
        ["prompt-deep"] = 1_843_200,
        ["scaled-pa"] = 1_798_272,
        ["adapter"] = 3_559_680,
        ["apt"] = 1_916_940,
        ["ttc"] = 111_744 + 38_400,
    };

    [Fact]
    public async Task Profile_OfAllMethods_HasThePublishedParameters()
    {
        var das = await Das.RunAsync(["profile", "vilt", "--method", "all", "--size", "paper", "--json"]);
        var found = JsonDocument.Parse(das.Output).RootElement.GetProperty("methods").EnumerateArray()
            .ToDictionary(static method => method.GetProperty("method").GetString()!, static method => method.GetProperty("parameters").GetInt64(), StringComparer.Ordinal);

        Assert.Equal(ExitCode.Done, das.Code);
        Assert.All(_published.Where(method => found.ContainsKey(method.Key)), method => Assert.Equal(method.Value, found[method.Key]));
    }

    [Fact]
    public async Task Profile_OfMeter_HasThePublishedSaving_AndCostsOfMethods()
    {
        var das = await Das.RunAsync(["profile", "meter", "--size", "paper", "--skip-text", "2", "--skip-image", "2"]);
        Assert.Equal(ExitCode.Done, das.Code);
        Assert.EndsWith(
            "multiply-accumulates -12.00 %; heads are left out\nDAS (arXiv:2309.01479) publishes −11.97 %, of METER on VQA\n", das.Output, StringComparison.Ordinal);

        var methods = await Das.RunAsync(["profile", "meter", "--method", "all", "--json"]);
        var found = JsonDocument.Parse(methods.Output).RootElement.GetProperty("methods").EnumerateArray()
            .ToDictionary(static method => method.GetProperty("method").GetString()!, static method => method.GetProperty("parameters").GetInt64(), StringComparer.Ordinal);
        Assert.Equal((3_833_880, 5_339_520, 294_912, 3_686_400), (found["apt"], found["adapter"], found["lora"], found["prompt-deep"]));
    }

    // Papers' parts F, H.2 and I.2.
    [Fact]
    public async Task Profile_OfViT_HasTtcsCounts_AndPelasRanks()
    {
        var das = await Das.RunAsync(["profile", "vit", "--method", "all", "--size", "paper"]);
        Assert.Equal(ExitCode.Done, das.Code);
        string[][] expected =
        [
            ["layer-norm", "38,400", "0.03 M"], ["ssf", "205,824", "0.21 M"], ["bitfit", "102,912", "0.10 M"], ["ttc", "150,144", "0.11 M"],
            ["freeze_norms: true ", "111,744", "0.11 M"], ["freeze_norms: true, bias: false", "110,592", "0.11 M"],
            ["DeiT-B", "192, 288, 307", "44,081,896", "86,567,656", "9,194,"], ["DeiT-III-L", "256, 384, 409"],
        ];
        Assert.All(expected, cells => Assert.Contains(das.Output.Split('\n'), line => cells.All(cell => line.Contains(cell, StringComparison.Ordinal))));
    }

    [Fact]
    public async Task Profile_OfSwin_HasTtcsCounts_AndPelasRanks()
    {
        var das = await Das.RunAsync(["profile", "swin", "--method", "all"]);
        Assert.Equal(ExitCode.Done, das.Code);
        string[][] expected = [["layer-norm", "57,600"], ["at the last 11 modules", "160,032", "0.2 %"], ["Swin-B", "1.5", "62,164,128", "87,768,224", "10,903,867,392"]];
        Assert.All(expected, cells => Assert.Contains(das.Output.Split('\n'), line => cells.All(cell => line.Contains(cell, StringComparison.Ordinal))));
        Assert.DoesNotContain("prompt-", das.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--skip-text must be from 0 to 0, the layers that vilt has of its text stream, not 1", "vilt", "--skip-text", "1")]
    [InlineData("--skip-image must be from 0 to 6, the layers that meter has of its image stream, not 7", "meter", "--skip-image", "7")]
    public async Task Profile_OfLayersThatAreNotThere_SaysWhichThereAre(string message, params string[] arguments)
    {
        var das = await Das.RunAsync(["profile", .. arguments]);
        Assert.Equal((ExitCode.BadUsage, $"das: {message}"), (das.Code, das.Error.Split('\n')[0]));
    }

    [Theory]
    [InlineData("das", "adapters.skip_bottleneck=2000000000", "adapters.parallel_bottleneck say")]
    [InlineData("das", "adapters.parallel_bottleneck=2000000000", "adapters.parallel_bottleneck say")]
    [InlineData("adapter", "method.bottleneck=2000000000", "adapters.parallel_bottleneck and method.bottleneck say")]
    [InlineData("apt", "method.tokens=2000000000", "adapters.parallel_bottleneck and method.tokens say")]
    [InlineData("prompt-shallow", "method.tokens=2000000000", "adapters.parallel_bottleneck and method.tokens say")]
    public async Task Search_OfMoreThanThereIsMemoryFor_IsRefusedBeforeAnyIsAskedFor(string method, string setting, string keys)
    {
        var database = fixture.PathOf("absurd.db");
        var das = await SearchFixture.RunAsync("search", fixture.Settings, "--db", database, "--set", $"method.name={method}", "--set", setting);

        Assert.Equal(ExitCode.BadUsage, das.Code);
        Assert.Matches($"^das: {method} would add [0-9,]+ parameters with these settings, which take [0-9,]+ GiB with their gradients and the optimizer's moments, and there are [0-9,]+ GiB of memory: ", das.Error);
        Assert.Contains(keys, das.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(database));
    }

    [Fact]
    public async Task Profile_OfAMethodOnAPlan_SaysWhatItIsFor()
    {
        var das = await fixture.RunWithDatabaseAsync("profile", fixture.Plan, "--method", "all");
        Assert.Equal((ExitCode.BadUsage, $"das: --method is for backbones, {string.Join(", ", Models.Backbones.BackboneTable.BuiltIn.All.Select(static entry => entry.Name))}, at the size of papers; a plan says its own\n"), (das.Code, das.Error.Split("\n\n")[0]));
    }

    [Fact]
    public async Task Help_OfTrain_HasALineForEachMethodAndEachOfItsSettings()
    {
        var das = await Das.RunAsync(["train", "--help"]);
        foreach (var method in Transfer.TransferTable.BuiltIn.All)
        {
            Assert.Contains($"  {method.Name} ", das.Output, StringComparison.Ordinal);
            Assert.All(method.Options, option => Assert.Contains($"method.{option.Name}={option.Default}  {option.Summary}", das.Output, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Train_WithAnotherMethod_IsEvaluatedAndProfiledAsTrained()
    {
        var trained = fixture.PathOf("layer-norm.json");
        var das = await fixture.RunWithDatabaseAsync("train", fixture.Plan, "--method", "layer-norm", "-o", trained, "--quiet");
        var evaluated = await fixture.RunWithDatabaseAsync("eval", trained, "--json");
        var profile = await fixture.RunWithDatabaseAsync("profile", trained, "--json");
        var plan = PlanFile.Read(trained);

        Assert.Equal((ExitCode.Done, ""), (das.Code, das.Error));
        Assert.Equal("layer-norm", plan.Result!.Method);
        Assert.All(plan.Adapters, static adapter => Assert.Equal(Core.Plans.Placement.Replace, adapter.Placement)); // where layers are skipped they stay
        Assert.NotEmpty(plan.Adapters);
        Assert.Equal(
            plan.Result.Metrics["test.accuracy"],
            JsonDocument.Parse(evaluated.Output).RootElement.GetProperty("test.accuracy").GetDouble(),
            1e-9);
        Assert.Equal(ExitCode.Done, profile.Code);
    }

    [Fact]
    public async Task Train_OnSomeSamples_HasNoMoreBatchesThanTheyMake()
    {
        var trained = fixture.PathOf("few.json");
        string[] settings = ["--set", "training.epochs=2", "--set", "training.batch_size=16", "--set", "training.samples=40"];
        var das = await fixture.RunWithDatabaseAsync(["train", fixture.Plan, "--method", "layer-norm", .. settings, "-o", trained]);

        Assert.Equal(ExitCode.Done, das.Code);
        Assert.Contains("4 batches, 2 epochs\n", das.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_WithABudget_SizesTheMethodTheSameEverywhere()
    {
        var trained = fixture.PathOf("lora.json");
        var least = await fixture.RunWithDatabaseAsync("train", fixture.Plan, "--method", "lora", "--trainable", "1", "-o", trained);
        var budget = long.Parse(least.Error.Split(" parameters here")[0].Split(' ')[^1], System.Globalization.CultureInfo.InvariantCulture) + 500;
        var das = await fixture.RunWithDatabaseAsync("train", fixture.Plan, "--method", "lora", "--trainable", $"{budget}", "-o", trained, "--quiet");
        var plan = PlanFile.Read(trained);

        Assert.StartsWith("das: lora trains at least ", least.Error, StringComparison.Ordinal);
        Assert.Equal((ExitCode.Done, ""), (das.Code, das.Error));
        var ranks = plan.Adapters.Where(static adapter => adapter.Type == "lora").Select(static adapter => adapter.Bottleneck).Distinct().ToList();
        Assert.True(ranks is [> 1], string.Join(", ", ranks));
        Assert.Equal($"{ranks[0]}", plan.Result!.Options["rank"]);
        Assert.InRange(plan.Accounting!.TrainableParameters, 1, budget);
    }

    [Fact]
    public async Task Train_InTwoStages_SaysSo_AndIsEvaluatedAsTrained()
    {
        var trained = fixture.PathOf("ttc.json");
        var das = await fixture.RunWithDatabaseAsync("train", fixture.Plan, "--method", "ttc", "--set", "method.channels=4", "--set", "method.subset_size=64", "-o", trained);
        var evaluated = await fixture.RunWithDatabaseAsync("eval", trained, "--json");
        var profile = await fixture.RunWithDatabaseAsync("profile", trained, "--json");
        var plan = PlanFile.Read(trained);

        Assert.Equal(ExitCode.Done, das.Code);
        Assert.Contains("first of two stages: layer-norm\n", das.Error, StringComparison.Ordinal);
        Assert.Contains("second of two stages: ttc\n", das.Error, StringComparison.Ordinal);
        Assert.All(plan.Adapters.Where(static adapter => adapter.Type == "ttc"), static adapter => Assert.Equal(4, adapter.Bottleneck));
        Assert.Equal(
            plan.Result!.Metrics["test.accuracy"],
            JsonDocument.Parse(evaluated.Output).RootElement.GetProperty("test.accuracy").GetDouble(),
            1e-9);
        Assert.Equal(ExitCode.Done, profile.Code);
        Assert.Empty(Directory.GetDirectories(Path.GetDirectoryName(trained)!, "ttc*"));
    }

    [Fact]
    public async Task Train_OfAPlanThatAnotherMethodTrained_AccountsForItAnew()
    {
        var trained = fixture.PathOf("again.json");
        string[] quick = ["--set", "training.samples=64", "--set", "training.batch_size=64", "--set", "training.epochs=1", "--quiet", "-o", trained];
        var ssf = await fixture.RunWithDatabaseAsync(["train", fixture.Plan, "--method", "ssf", .. quick]);
        var bitfit = await fixture.RunWithDatabaseAsync(["train", trained, "--method", "bitfit", .. quick]);
        var apt = await fixture.RunWithDatabaseAsync(["train", trained, "--method", "apt", "--set", "method.tokens=4", "--set", "method.rank=2", .. quick]);
        Assert.All([ssf, bitfit, apt], static das => Assert.Equal((ExitCode.Done, ""), (das.Code, das.Error)));
        var before = PlanFile.Read(trained).Accounting!;
        var poolers = await fixture.RunWithDatabaseAsync(["train", trained, "--method", "apt", "--set", "method.tokens=4", "--set", "method.rank=2", "--set", "method.train_pooler=false", .. quick]);

        Assert.Equal((ExitCode.Done, ""), (poolers.Code, poolers.Error));
        Assert.True(PlanFile.Read(trained).Accounting!.TrainableParameters < before.TrainableParameters);
    }

    [Theory]
    [InlineData("train PLAN --set granularity=sub-layers", "das: PLAN is a plan of layers, but granularity is sub-layers in the settings")]
    [InlineData("train PLAN --set checkpoint=x.safetensors", "das: --set checkpoint is for searches, since a plan says itself which one it is for")]
    [InlineData("train PLAN --method lora --trainable 5000 --set method.rank=2", "das: --trainable N finds method.rank itself: leave one of the two out")]
    [InlineData("train PLAN --set threads=100000", "das: --set threads=100000: threads must be at most 1024, more than there are cores anywhere, not 100000")]
    [InlineData("train PLAN --set device=mps", "das: device must be auto, cpu, or a CUDA device that is here, not mps")]
    [InlineData("profile vilt --set seed=1", "das: --set seed=1 is for plans, and vilt is a backbone")]
    [InlineData("profile vilt --method all --set method.rank=2", "das: --set method.rank=2 is for plans, and vilt is a backbone")]
    [InlineData("profile vilt --method lora --set method.nope=2", "das: method.nope is no setting of lora, which has rank")]
    [InlineData("profile vilt --method lora --set method.rank", "das: --set must be KEY=VALUE, such as method.rank=16, not 'method.rank'")]
    [InlineData("profile vilt --config x.yaml", "das: --config is for plans, and vilt is a backbone")]
    public async Task Settings_ThatWouldBeIgnored_AreRefused(string line, string error)
    {
        var das = await fixture.RunWithDatabaseAsync([.. line.Split(' ').Select(word => word == "PLAN" ? fixture.Plan : word)]);
        Assert.StartsWith(error.Replace("PLAN", fixture.Plan, StringComparison.Ordinal), das.Error, StringComparison.Ordinal);
        Assert.NotEqual(ExitCode.Done, das.Code);
        Assert.Single(das.Error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Profile_OfAMethodWithSettings_CountsThem()
    {
        var das = await Das.RunAsync(["profile", "vilt", "--method", "lora", "--set", "method.rank=16"]);
        Assert.Contains("589,824", das.Output, StringComparison.Ordinal); // 12 · 4 · 768 · 16
        Assert.DoesNotContain("0.15 M", das.Output, StringComparison.Ordinal); // published of rank 4
    }

    [Theory]
    [InlineData("--method ttc", "das: TTC on ")]
    [InlineData("--method pia --set method.bottleneck=5", "das: PIA on ")]
    [InlineData("--method apt --set method.rank=1000", "das: APT's keys on ")]
    public async Task Train_WithWhatDoesNotFitTheBackbone_IsOneSentence_AndWritesNothing(string arguments, string error)
    {
        var output = fixture.PathOf("never.json");
        var das = await fixture.RunWithDatabaseAsync(["train", fixture.Plan, .. arguments.Split(' '), "-o", output, "--quiet"]);
        Assert.Equal(ExitCode.Failed, das.Code);
        Assert.StartsWith(error, das.Error, StringComparison.Ordinal);
        Assert.Single(das.Error.TrimEnd().Split('\n'));
        Assert.Empty(Directory.GetFileSystemEntries(Path.GetDirectoryName(output)!, "never*"));
    }

    [Theory]
    [InlineData("--method bitfit --trainable 5000", "das: bitfit has no size: it trains ")]
    [InlineData("--method lora --set method.rank=0", "das: method.rank must be a whole number of at least 1, not '0'\n")]
    [InlineData("--method lora --set method.rank=99", "das: LoRA on transformer.blocks.… is of rank 99, expected at most its width of ")] // which blocks are kept is rounding's choice
    [InlineData("--method das --set method.rank=4", "das: method.rank is no setting of das, which has none of its own\n")]
    [InlineData("--set search.optimizer=adam", "das: --set search.optimizer=adam: search.optimizer must be adamw or sgd, not 'adam'\n")]
    [InlineData("--set training.label_smoothing=0.1", "das: training.label_smoothing is for tasks of classes, and fashionvl-vqa is none: leave it out\n")]
    [InlineData("--set training.label_smoothing=1", "das: --set training.label_smoothing=1: training.label_smoothing must be at least 0 and below 1, not 1\n")]
    [InlineData("--set training.drop_path=0.1", "das: training.drop_path is for backbones of images, vit and swin, not for vilt: leave it out\n")]
    [InlineData("--set training.drop_path=-0.1", "das: --set training.drop_path=-0.1: training.drop_path must be at least 0 and below 1, not -0.1\n")]
    [InlineData("--set adapters.replacement=lora", "das: adapters.replacement must be das or pia or … or none, not 'lora'\n")]
    public async Task Train_WithASettingThatIsNotThere_SaysWhatThereIs(string arguments, string error)
    {
        var output = fixture.PathOf("never.json");
        var das = await fixture.RunWithDatabaseAsync(["train", fixture.Plan, .. arguments.Split(' '), "-o", output]);
        var parts = error.Split('…');
        Assert.StartsWith(parts[0], das.Error, StringComparison.Ordinal);
        Assert.All(parts, part => Assert.Contains(part, das.Error, StringComparison.Ordinal));
        Assert.NotEqual(ExitCode.Done, das.Code);
        Assert.Single(das.Error.TrimEnd().Split('\n'));
        Assert.False(File.Exists(output));
    }
}
