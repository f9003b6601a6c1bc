using System.Text.Json;
using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Formats;
using DasSearch.Store;

namespace DasSearch.Cli.Tests;

/// <summary>What a user does with a search that is done: looks at it, plans, trains, tests and measures.</summary>
public sealed class FinishedRunTests(SearchFixture fixture) : IClassFixture<SearchFixture>
{
    [Fact]
    public async Task Resume_ARunThatIsDone_SaysSo()
    {
        var das = await fixture.RunWithDatabaseAsync("resume", "1");
        Assert.Equal((ExitCode.Failed, $"das: run 1 is done: das plan 1 --db {fixture.Database} writes its plan\n"), (das.Code, das.Error));
    }

    [Fact]
    public async Task Runs_ListsTheRun()
    {
        var text = await fixture.RunWithDatabaseAsync("runs");
        var json = await fixture.RunWithDatabaseAsync("runs", "--json");

        Assert.Matches(@"1\s+tiny\s+fashionvl-vqa\s+vilt\s+das\s+2\s+0\s+done", text.Output);
        Assert.Equal("done", JsonDocument.Parse(json.Output).RootElement[0].GetProperty("status").GetString());
    }

    [Fact]
    public async Task Show_TellsOfModulesMetricsAndPlans()
    {
        var text = await fixture.RunWithDatabaseAsync("show", "tiny");
        var json = await fixture.RunWithDatabaseAsync("show", "1", "--json");

        Assert.Contains("transformer.blocks.3", text.Output, StringComparison.Ordinal);
        Assert.Contains("validation.accuracy", text.Output, StringComparison.Ordinal);
        Assert.Contains("plan skips", text.Output, StringComparison.Ordinal);
        var facts = JsonDocument.Parse(json.Output).RootElement;
        Assert.Equal(4, facts.GetProperty("layers").GetArrayLength());
        Assert.Equal(24, facts.GetProperty("layers").EnumerateArray().Sum(layer => layer.GetProperty("skipped").GetInt32()));
        Assert.Contains("steps_between_rounds: 2", facts.GetProperty("config").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("runs")]
    [InlineData("show", "1")]
    [InlineData("rewards", "1")]
    [InlineData("plan", "1")]
    [InlineData("export", "PLAN", "--to", "optuna", "-o", "OUTPUT")]
    public async Task Reading_TheDatabase_NeverLoadsLibtorch(params string[] command)
    {
        var libraries = await LibrariesOf([.. command, "--db", fixture.Database]);
        Assert.Contains("libe_sqlite3", libraries, StringComparison.Ordinal);
        Assert.DoesNotContain("libtorch", libraries, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("export", "PLAN", "--to", "peft", "-o", "OUTPUT")]
    [InlineData("import", "skip_module=[3,7]", "--backbone", "vilt", "-o", "OUTPUT")]
    public async Task Plans_InAndOut_NeverLoadLibtorch(params string[] command) =>
        Assert.DoesNotContain("libtorch", await LibrariesOf(command), StringComparison.OrdinalIgnoreCase);

    [Fact]
    public async Task Plan_OfTheRun_IsTheSearchsOwn_ByteForByte()
    {
        var das = await fixture.RunWithDatabaseAsync("plan", "1");
        Assert.Equal(File.ReadAllText(fixture.Plan), das.Output);
    }

    [Theory]
    [InlineData(1, "--skip", "1")]
    [InlineData(0, "--modules", "-")]
    [InlineData(3, "--modules", "3,0,1")]
    [InlineData(3, "--random", "4", "--skip", "3")]
    [InlineData(3, "--budget", "macs=-30%")]
    public async Task Plan_OfAnotherKind_SkipsSoMany(int expected, params string[] choice)
    {
        var output = fixture.PathOf($"plan-{string.Join("", choice).GetHashCode(StringComparison.Ordinal)}.json");
        var das = await fixture.RunWithDatabaseAsync(["plan", "1", "-o", output, .. choice]);

        Assert.Equal((ExitCode.Done, output), (das.Code, das.Output.Trim()));
        Assert.Equal(expected, PlanFile.Read(output).Skip.Count);
    }

    [Theory]
    [InlineData("skip must be from 0 to 3", "--skip", "4")]
    [InlineData("multiply-accumulates cannot change by -99 %", "--budget", "macs=-99%")]
    [InlineData("--budget must be such as macs=-15% or latency=-10%", "--budget", "flops=-9%")]
    [InlineData("Module 1 is skipped twice", "--modules", "1,1")]
    [InlineData("exclude each other", "--modules", "1", "--random", "2")]
    [InlineData("there is no run 7 in", "--skip", "1", "7")]
    public async Task Plan_Impossible_SaysWhy(string expected, params string[] choice)
    {
        var das = await fixture.RunWithDatabaseAsync(choice[^1] == "7" ? ["plan", "7", .. choice[..^1]] : ["plan", "1", .. choice]);
        Assert.NotEqual(ExitCode.Done, das.Code);
        Assert.Contains(expected, das.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Profile_OfThePlan_AddsUpToItsAccount()
    {
        var text = await fixture.RunWithDatabaseAsync("profile", fixture.Plan);
        var json = await fixture.RunWithDatabaseAsync("profile", fixture.Plan, "--json");
        var accounting = PlanFile.Read(fixture.Plan).Accounting!;

        Assert.Equal(2, text.Output.Split("skipped").Length - 1);
        var total = JsonDocument.Parse(json.Output).RootElement.GetProperty("total");
        Assert.Equal(accounting.FullMultiplyAccumulates, total.GetProperty("full_multiply_accumulates").GetInt64());
        Assert.Equal(accounting.PlanMultiplyAccumulates, total.GetProperty("plan_multiply_accumulates").GetInt64());
    }

    [Fact]
    public async Task Profile_WithLatency_MeasuresBothNetworks()
    {
        var text = await fixture.RunWithDatabaseAsync("profile", fixture.Plan, "--latency");
        var json = await fixture.RunWithDatabaseAsync("profile", fixture.Plan, "--latency", "--json");
        var backbone = await SearchFixture.RunAsync("profile", "vilt", "--latency");

        Assert.Contains("full model", text.Output, StringComparison.Ordinal);
        var latency = JsonDocument.Parse(json.Output).RootElement.GetProperty("latency");
        Assert.Equal(64, latency.GetProperty("batch").GetInt32());
        Assert.True(latency.GetProperty("full_milliseconds").GetDouble() > 0);
        Assert.True(latency.GetProperty("plan_milliseconds").GetDouble() > 0);
        Assert.Equal((ExitCode.BadUsage, "das: --latency is for plans, and vilt is a backbone\n"), (backbone.Code, backbone.Error));
    }

    [Fact]
    public async Task Profile_OfViltB32_IsThePapers()
    {
        var das = await SearchFixture.RunAsync("profile", "vilt");
        Assert.Contains("111,595,008", das.Output, StringComparison.Ordinal);
        Assert.Contains("22,012,", das.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_OfWhatAnotherProcessTrains_SaysSoAndTouchesNothing()
    {
        var trained = fixture.PathOf("taken.json");
        await using (new FileStream(fixture.PathOf("taken.safetensors.state.lock"), FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose))
        {
            var das = await fixture.RunWithDatabaseAsync("train", fixture.Plan, "-o", trained);
            Assert.Equal(
                (ExitCode.Failed, $"das: {trained} is being made by another process, which has {fixture.PathOf("taken.safetensors.state.lock")}: wait for it or end it, or write elsewhere\n"),
                (das.Code, das.Error));
        }

        Assert.Empty(Directory.GetFileSystemEntries(Path.GetDirectoryName(trained)!, "taken*"));
    }

    [Fact]
    public async Task Train_ThenEval_AgreeOnTheTestSplit()
    {
        var (plan, trained) = (fixture.PathOf("to-train.json"), fixture.PathOf("trained.json"));
        File.Copy(fixture.Plan, plan);
        var train = await fixture.RunWithDatabaseAsync("train", plan, "--seed", "9", "-o", trained);
        var eval = await fixture.RunWithDatabaseAsync("eval", trained, "--json");

        Assert.Equal(ExitCode.Done, train.Code);
        Assert.Contains("epoch 1 · validation: accuracy", train.Error, StringComparison.Ordinal);
        Assert.Contains("full model", train.Output, StringComparison.Ordinal);
        var result = PlanFile.Read(trained).Result!;
        Assert.Equal(("das", 9L, 1), (result.Method, result.Seed, result.Epochs));
        Assert.Equal(
            result.Metrics["test.accuracy"], JsonDocument.Parse(eval.Output).RootElement.GetProperty("test.accuracy").GetDouble());
        Assert.Null(PlanFile.Read(plan).Result);
        Assert.True(File.Exists(fixture.PathOf("trained.safetensors")));
        Assert.False(Directory.Exists(fixture.PathOf("trained.safetensors.state")));
        using var store = RunStore.Open(fixture.Database, TimeProvider.System);
        Assert.Contains(store.Read.Plans(1), stored => stored.Plan.Result == result || stored.Plan.Result?.Seed == 9);
        Assert.NotEmpty(store.Read.Metrics(1, $"das:{PlanFile.Read(plan).Subnetwork}:9/test.accuracy"));
        Assert.Equal(RunStatus.Done, store.Read.Run(1).Summary.Status);
    }

    [Fact]
    public async Task Truth_OfTheRun_RanksAllSubnetworksAndStoresThem()
    {
        var das = await fixture.RunWithDatabaseAsync("truth", "1", "--batch-size", "2000");
        Assert.Equal(ExitCode.Done, das.Code);
        Assert.Matches(@"the search chooses \S+: rank [1-6] of 6, \d\.\d{4} above the least loss", das.Output);
        Assert.Contains("6 subnetworks on 4000 samples: 75.0 % of the modules that separate passes run", das.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(fixture.Database + ".state"));

        using var store = Store.RunStore.Open(fixture.Database, TimeProvider.System);
        var truths = store.Read.ExhaustiveScores(1, "validation");
        Assert.Equal(Combinations.All(4, 2), truths.Select(truth => truth.Subnetwork));

        // The same samples as in the search's last validation, with the same weights.
        var chosen = PlanFile.Read(fixture.Plan).Subnetwork;
        var last = store.Read.Metrics(1, "validation.loss").Last().Value!.Value;
        Assert.Equal(last, truths.Single(truth => truth.Subnetwork == chosen).Loss, 1e-5);

        Assert.Equal(ExitCode.BadUsage, (await fixture.RunWithDatabaseAsync("truth", "1", "--skip", "5")).Code);
    }

    [Fact]
    public async Task Plan_WithFewTrainedParameters_PlacesAdaptersWhereTheyMatter_AndCanBeTrained()
    {
        var (whole, path) = (PlanFile.Read(fixture.Plan), fixture.PathOf("few.json"));
        var all = whole.Accounting!.TrainableParameters;
        var same = await fixture.RunWithDatabaseAsync("plan", "1", "--trainable", $"{all}");
        var few = await fixture.RunWithDatabaseAsync("plan", "1", "--trainable", $"{all - 80}", "-o", path);
        var none = await fixture.RunWithDatabaseAsync("plan", "1", "--trainable", "10");

        Assert.Equal(File.ReadAllText(fixture.Plan), same.Output);
        Assert.Equal((ExitCode.Done, ExitCode.Failed), (few.Code, none.Code));
        Assert.Matches(@"^das: at least \d+ parameters are trained when run 1 skips \S+, not 10\n$", none.Error);
        var plan = PlanFile.Read(path);
        Assert.InRange(plan.Accounting!.TrainableParameters, all - 130, all - 80);
        Assert.True(plan.Adapters.Sum(adapter => adapter.Bottleneck) < whole.Adapters.Sum(adapter => adapter.Bottleneck));
        Assert.All(plan.Skip, module => Assert.Contains(plan.Adapters, adapter => adapter.Module == module.Module && adapter.Placement == Placement.Replace));

        // The account is that of the network: training would refuse another one.
        var trained = await fixture.RunWithDatabaseAsync("train", path, "-o", fixture.PathOf("few-trained.json"));
        Assert.Equal(ExitCode.Done, trained.Code);
        Assert.Equal(plan.Accounting, PlanFile.Read(fixture.PathOf("few-trained.json")).Accounting);
        var profile = await fixture.RunWithDatabaseAsync("profile", path, "--json");
        Assert.Equal(ExitCode.Done, profile.Code);
        Assert.Contains($"{plan.Accounting.PlanMultiplyAccumulates}", profile.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_OfAChangedPlan_IsRefusedBeforeAnyTraining()
    {
        var changed = fixture.PathOf("changed.json");
        File.WriteAllText(changed, File.ReadAllText(fixture.Plan).Replace("\"bottleneck\": 2", "\"bottleneck\": 3", StringComparison.Ordinal));
        var das = await fixture.RunWithDatabaseAsync("train", changed);

        Assert.Equal(ExitCode.Failed, das.Code);
        Assert.Contains("the plan was changed, or belongs to another checkpoint", das.Error, StringComparison.Ordinal);
        Assert.Single(das.Error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Train_AnotherMethod_AccountsForWhatItTrains()
    {
        var trained = fixture.PathOf("linear.json");
        var das = await fixture.RunWithDatabaseAsync("train", fixture.Plan, "--method", "linear", "-o", trained, "--quiet");
        var plan = PlanFile.Read(trained);

        Assert.Equal((ExitCode.Done, ""), (das.Code, das.Error));
        Assert.Empty(plan.Adapters);
        Assert.True(plan.Accounting!.TrainableParameters < PlanFile.Read(fixture.Plan).Accounting!.TrainableParameters);
    }

    [Fact]
    public async Task Eval_OfAPlanThatIsNotTrained_SaysWhatToDo()
    {
        var das = await fixture.RunWithDatabaseAsync("eval", fixture.Plan);
        Assert.Equal((ExitCode.Failed, $"das: {fixture.Plan} is not trained yet: das train {fixture.Plan} --db {fixture.Database} trains it\n"), (das.Code, das.Error));
    }

    private Task<string> LibrariesOf(string[] command)
    {
        var name = $"{Guid.NewGuid():N}";
        return LoadedLibraries.OfAsync(
            fixture.PathOf("libraries-" + name),
            command.Select(word => word switch { "PLAN" => fixture.Plan, "OUTPUT" => fixture.PathOf("output-" + name), _ => word }));
    }
}
