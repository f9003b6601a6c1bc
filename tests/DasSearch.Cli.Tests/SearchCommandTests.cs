using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Core.Plans;
using DasSearch.Formats;
using DasSearch.Store;
using Microsoft.Data.Sqlite;

namespace DasSearch.Cli.Tests;

/// <summary>From settings to a trained plan, as a user goes.</summary>
public sealed class SearchCommandTests(SearchFixture fixture) : IClassFixture<SearchFixture>
{
    [Fact]
    public void Search_ToTheEnd_WritesPlanAndDatabaseAndSaysWhatIsNext()
    {
        Assert.Equal(("", ExitCode.Done), (fixture.Search.Error.Contains("das:", StringComparison.Ordinal) ? fixture.Search.Error : "", fixture.Search.Code));
        Assert.Contains("16 batches, 4 rounds", fixture.Search.Error, StringComparison.Ordinal);
        Assert.Contains("epoch 2 · without ", fixture.Search.Error, StringComparison.Ordinal);
        Assert.Contains($"next: das train {fixture.Plan} --db {fixture.Database}\n", fixture.Search.Output, StringComparison.Ordinal);
        Assert.Equal(2, PlanFile.Read(fixture.Plan).Skip.Count);
        Assert.False(Directory.Exists(fixture.Database + ".state"));
    }

    [Fact]
    public void Search_Stored_IsWhatThePlanSays()
    {
        using var store = RunStore.Open(fixture.Database, TimeProvider.System);
        var plan = PlanFile.Read(fixture.Plan);
        var run = store.Read.Run(1);

        Assert.Equal((RunStatus.Done, 4, 12L), (run.Summary.Status, run.Summary.Rounds, run.Summary.Evaluations));
        Assert.Equal(plan.Accounting, run.Costs.Of(plan.Subnetwork));
        Assert.Equal(plan.Provenance.ConfigSha256, run.ConfigSha256);
        Assert.Equal(PlanFile.Format(plan), PlanFile.Format(store.Read.Plans(1)[0].Plan));
        Assert.Equal(16, store.Read.Metrics(1, "train.loss").Count());
    }

    [Fact]
    public async Task Search_Again_GivesTheSamePlan()
    {
        var again = await SearchFixture.RunAsync("search", fixture.Settings, "--db", fixture.PathOf("again.db"), "-o", fixture.PathOf("again.json"), "--quiet", "--json");

        Assert.Equal("", again.Error);
        Assert.Equal(File.ReadAllText(fixture.Plan), File.ReadAllText(fixture.PathOf("again.json")));
        var facts = JsonDocument.Parse(again.Output).RootElement;
        Assert.Equal((1, 4, 12), (facts.GetProperty("run").GetInt32(), facts.GetProperty("rounds").GetInt32(), facts.GetProperty("evaluations").GetInt32()));
        Assert.Equal(PlanFile.Read(fixture.Plan).Subnetwork.Skipped, facts.GetProperty("skip").EnumerateArray().Select(index => index.GetInt32()));
    }

    [Fact]
    public async Task Search_CtrlC_SavesAndResumeEndsAsIfNothingHadHappened()
    {
        // Long enough not to be over before the signal is there.
        string[] settings = [fixture.Settings, "--set", "search.batch_size=250", "--set", "search.epochs=3"];
        var (database, plan, whole) = (fixture.PathOf("interrupted.db"), fixture.PathOf("resumed.json"), fixture.PathOf("uninterrupted.json"));
        await SearchFixture.RunAsync(["search", .. settings, "--db", fixture.PathOf("uninterrupted.db"), "-o", whole]);
        using (var das = DasProcess.Start(["search", .. settings, "--db", database]))
        {
            await das.UnderWay;
            das.Signal("INT");
            var (code, error) = await das.EndAsync();
            Assert.Contains($"to go on: das resume 1 --db {database}", error, StringComparison.Ordinal);
            Assert.Equal((int)ExitCode.Interrupted, code);
        }

        using (var store = RunStore.Open(database, TimeProvider.System))
        {
            Assert.Equal(RunStatus.Interrupted, store.Read.Run(1).Summary.Status);
        }

        var resumed = await SearchFixture.RunAsync("resume", "1", "--db", database, "-o", plan);
        Assert.Equal(ExitCode.Done, resumed.Code);
        Assert.Contains(", from batch ", resumed.Error, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllText(whole), File.ReadAllText(plan));
        Assert.False(Directory.Exists(database + ".state"));
    }

    [Fact]
    public async Task Search_WithABudgetAndRules_ProposesAndPlansWithinThem()
    {
        var (settings, database, plan) = (fixture.PathOf("ruled.yaml"), fixture.PathOf("ruled.db"), fixture.PathOf("ruled.json"));
        File.WriteAllText(settings, SearchFixture.Tiny + "\nbudget: {macs: -20%}\nconstraints: {never: 1, most_in_a_row: 1}\n");
        var das = await SearchFixture.RunAsync("search", settings, "--db", database, "-o", plan, "--set", "controller.candidates=2");
        Assert.Equal(ExitCode.Done, das.Code);

        using var store = RunStore.Open(database, TimeProvider.System);
        var run = store.Read.Run(1);
        Assert.All(store.Read.Evaluations(1), stored =>
        {
            var set = stored.Evaluation.Subnetwork;
            Assert.False(set.Contains(1) || (set.Contains(2) && set.Contains(3)), set.ToString());
            Assert.True(run.Costs.Of(set).ChangePercent <= -20, set.ToString());
        });
        var chosen = PlanFile.Read(plan);
        Assert.True(chosen.Accounting!.ChangePercent <= -20);
        Assert.Equal(chosen.Subnetwork, PlanFile.Parse((await SearchFixture.RunAsync("plan", "1", "--db", database)).Output, "plan").Subnetwork);

        var none = await SearchFixture.RunAsync("plan", "1", "--skip", "3", "--db", database);
        Assert.Equal((ExitCode.Failed, "das: the constraints of run 1 leave no subnetwork that skips 3 of 4 modules\n"), (none.Code, none.Error));
        var impossible = await SearchFixture.RunAsync("search", settings, "--db", database, "--set", "constraints.never=0,1,2");
        Assert.Equal(ExitCode.BadUsage, impossible.Code);
        Assert.Contains("constraints.never rules out 0,1,2, and so no subnetworks are left that change multiply-accumulates by -20 %", impossible.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Search_OfSubLayers_IsPlannedTrainedAndMeasuredAsSuch()
    {
        var (settings, database, plan) = (fixture.PathOf("parts.yaml"), fixture.PathOf("parts.db"), fixture.PathOf("parts.json"));
        File.WriteAllText(settings, SearchFixture.Tiny + "\ngranularity: sub-layers\nconstraints: {never: 0}\n");
        Assert.Equal(ExitCode.Done, (await SearchFixture.RunAsync("search", settings, "--db", database, "-o", plan, "--set", "skip=3")).Code);

        var chosen = PlanFile.Read(plan);
        Assert.Equal((8, 3), (chosen.Modules, chosen.Skip.Count));
        Assert.All(chosen.Skip, module => Assert.Equal(
            module.Index % 2 == 0 ? ("attn", ModuleKind.Attention) : ("mlp", ModuleKind.FeedForward), (module.Module.Split('.')[^1], module.Kind)));
        Assert.Equal(3 + 5, chosen.Adapters.Count); // one in place of a part, one beside
        Assert.Equal(File.ReadAllText(plan), (await SearchFixture.RunAsync("plan", "1", "--db", database)).Output);

        // The account is that of the network: training would refuse another one.
        var trained = fixture.PathOf("parts-trained.json");
        var train = await SearchFixture.RunAsync("train", plan, "--db", database, "-o", trained);
        Assert.True(train.Code == ExitCode.Done, train.Error);
        var eval = await SearchFixture.RunAsync("eval", trained, "--db", database, "--json");
        Assert.Equal(
            PlanFile.Read(trained).Result!.Metrics["test.accuracy"],
            JsonDocument.Parse(eval.Output).RootElement.GetProperty("test.accuracy").GetDouble());
        var profile = await SearchFixture.RunAsync("profile", plan, "--db", database, "--json");
        Assert.Contains($"{chosen.Accounting!.PlanMultiplyAccumulates}", profile.Output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, (await SearchFixture.RunAsync("truth", "1", "--skip", "2", "--batch-size", "2000", "--db", database)).Code);

        var official = await SearchFixture.RunAsync("export", trained, "--to", "das-official", "--db", database, "-o", fixture.PathOf("parts.sh"));
        Assert.Equal(ExitCode.Failed, official.Code);
        Assert.Contains("has 12 modules", official.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, (await SearchFixture.RunAsync("export", trained, "--to", "csv", "--db", database, "-o", fixture.PathOf("parts.csv"))).Code);
        Assert.Equal(ExitCode.Done, (await SearchFixture.RunAsync("report", "1", "--db", database, "-o", fixture.PathOf("parts"))).Code);
        Assert.Contains(
            "layer 0 below is transformer.blocks.0.attn, 1 is transformer.blocks.0.mlp", File.ReadAllText(fixture.PathOf("parts/index.html")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("granularity: layers\n", "", ExitCode.Done)]
    [InlineData("skip: 2\n", "skip: 3\n", ExitCode.Failed)]
    public async Task Plan_OfARunOfAnotherVersion_IsMadeUnlessItsSettingsMeanSomethingElse(string was, string now, ExitCode expected)
    {
        var database = fixture.PathOf("older.db");
        File.Copy(fixture.Database, database, overwrite: true);
        using (var connection = new SqliteConnection($"Data Source={database};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT config FROM run";
            var settings = (string)command.ExecuteScalar()!;
            Assert.Contains(was, settings, StringComparison.Ordinal);
            settings = settings.Replace(was, now, StringComparison.Ordinal);
            var hash = expected == ExitCode.Done ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(settings))) : "0";
            command.CommandText = "UPDATE run SET config = @settings, config_sha256 = @hash";
            command.Parameters.AddWithValue("@settings", settings);
            command.Parameters.AddWithValue("@hash", hash);
            command.ExecuteNonQuery();
        }

        var das = await SearchFixture.RunAsync("plan", "1", "--db", database);
        Assert.Equal(expected, das.Code);
        Assert.True(expected == ExitCode.Done || das.Error.EndsWith("whose settings this version reads differently\n", StringComparison.Ordinal), das.Error);
    }

    [Fact]
    public async Task Search_WithAStopRule_EndsEarlyAndSaysHowSureItIs()
    {
        string[] sure = ["--set", "stop.error=0.5", "--set", "stop.tolerance=1", "--set", "search.steps_between_rounds=1"];
        var das = await SearchFixture.RunAsync(["search", fixture.Settings, "--db", fixture.PathOf("sure.db"), "-o", fixture.PathOf("sure.json"), .. sure]);
        Assert.Equal(ExitCode.Done, das.Code);
        Assert.Contains("run 1: 3 rounds, 9 evaluations", das.Output, StringComparison.Ordinal);
        Assert.Contains("ended sure enough after 3 rounds: with a chance of 0.0 % another choice has over 100.0 % more reward\n", das.Output, StringComparison.Ordinal);
        Assert.Contains("further rounds ", das.Output, StringComparison.Ordinal);

        var json = await SearchFixture.RunAsync(["search", fixture.Settings, "--db", fixture.PathOf("sure.db"), "-o", fixture.PathOf("sure.json"), "--json", .. sure]);
        var stop = JsonDocument.Parse(json.Output).RootElement.GetProperty("stop");
        Assert.Equal((true, 0.0), (stop.GetProperty("is_sure").GetBoolean(), stop.GetProperty("error").GetDouble()));
        Assert.Contains("stop.error", (await SearchFixture.RunAsync("show", "1", "--db", fixture.PathOf("sure.db"))).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Case06_StopRuleThatCanNeverApply_IsRefused_WithWhatWouldDo()
    {
        // Four modules take three rounds of three candidates.
        string[] rule = ["search", fixture.Settings, "--db", fixture.PathOf("never.db"), "--set", "stop.error=0.1"];
        var das = await SearchFixture.RunAsync([.. rule, "--set", "search.steps_between_rounds=5"]);
        Assert.Equal(
            (ExitCode.BadUsage, "das: stop.error cannot end this search, which has 2 rounds of 3 candidates: to be sure of anything takes 3 rounds; "
                + "with search.steps_between_rounds of at most 3 there are enough\n"),
            (das.Code, das.Error));
        var few = await SearchFixture.RunAsync([.. rule, "--set", "search.steps_between_rounds=1", "--set", "search.batch_size=10000", "--set", "controller.candidates=2"]);
        Assert.Equal(ExitCode.BadUsage, few.Code);
        Assert.EndsWith("to be sure of anything takes 5 rounds; more search.epochs or controller.candidates make more of them\n", few.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(fixture.PathOf("never.db")));
    }

    [Fact]
    public async Task Case06_TruthAndReplayWithNothingToMeasure_AreRefused_AndTrainingOfNoSteps()
    {
        var truth = await fixture.RunWithDatabaseAsync("truth", "1", "--skip", "0");
        Assert.Equal(
            (ExitCode.BadUsage, "das: --skip must be from 1 to 3, for there to be subnetworks to compare, since run 1 has 4 modules, not 0\n"), (truth.Code, truth.Error));
        var train = await fixture.RunWithDatabaseAsync("train", fixture.Plan, "-o", fixture.PathOf("none.json"), "--set", "training.batch_size=20001");
        Assert.Equal(
            (ExitCode.BadUsage, "das: training.batch_size must be at most 20000, the samples of the training split, not 20001\n"), (train.Code, train.Error));
        var steps = await fixture.RunWithDatabaseAsync("train", fixture.Plan, "-o", fixture.PathOf("none.json"), "--set", "training.epochs=0");
        Assert.Equal(ExitCode.BadUsage, steps.Code);
        Assert.Contains("training.epochs must be at least 1, not 0", steps.Error, StringComparison.Ordinal);
    }

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

    [Theory]
    [InlineData(ExitCode.BadUsage, "did you mean search.epochs?", "--set", "search.epoch=2")]
    [InlineData(ExitCode.BadUsage, "skip must be from 1 to 3, since vilt has 4 modules, not 13", "--set", "skip=13")]
    [InlineData(ExitCode.Failed, "none.safetensors cannot be read", "--set", "checkpoint=none.safetensors")]
    [InlineData(ExitCode.BadUsage, "backbone must be vilt, not 'bert'", "--set", "backbone=bert")]
    [InlineData(ExitCode.BadUsage, "There is no task 'vqa2'", "--set", "task=vqa2")]
    [InlineData(ExitCode.BadUsage, "controller.name must be one of das, random, greedy, evolution, thompson, combucb, halving, exhaustive, not 'ucb'", "--set", "controller.name=ucb")]
    [InlineData(ExitCode.BadUsage, "controller.candidates must be at least 2 for das, which compares the candidates of a round with each other, not 1", "--set", "controller.candidates=1")]
    [InlineData(ExitCode.BadUsage, "search.steps_between_rounds must be at most 8, the batches after warm-up, for a round to come, not 1000", "--set", "search.steps_between_rounds=1000")]
    [InlineData(ExitCode.BadUsage, "search.accumulated_batches must be at most 16, the batches of the search, for its weights to change, not 17", "--set", "search.accumulated_batches=17")]
    [InlineData(ExitCode.BadUsage, "validation.batch_size must be at most 4000, the samples of the validation split, not 4001", "--set", "validation.batch_size=4001")]
    [InlineData(ExitCode.BadUsage, "stop.tolerance goes with stop.error, without which the search does not end early", "--set", "stop.tolerance=0.1")]
    [InlineData(ExitCode.BadUsage, "which is no folder", "-o", "/none/plan.json")]
    [InlineData(ExitCode.Failed, "the database /proc/das.db cannot be opened", "--db", "/proc/das.db")]
    public async Task Search_BadInput_SaysSoAndStoresNothing(ExitCode code, string expected, string option, string value)
    {
        var database = fixture.PathOf($"{Guid.NewGuid():N}.db");
        string[] rest = option == "--db" ? [option, value] : [option, value, "--db", database];
        var das = await SearchFixture.RunAsync(["search", fixture.Settings, .. rest]);

        Assert.Equal(code, das.Code);
        Assert.Contains(expected, das.Error, StringComparison.Ordinal);
        Assert.Single(das.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.False(File.Exists(database));
    }

    [Fact]
    public async Task Search_CheckpointOfAnotherWidth_NamesBothWidths()
    {
        var pretrain = fixture.PathOf("pretrain.yaml");
        File.WriteAllText(pretrain, """
            output: wide.safetensors
            model: {width: 16, layers: 4, heads: 2, patch_size: 28}
            training: {steps: 1, batch_size: 4, warm_up_steps: 1}
            evaluation: {every: 1, samples: 8, final_samples: 8}
            """);
        await SearchFixture.RunAsync("pretrain", pretrain, "--quiet");
        var das = await SearchFixture.RunAsync("search", fixture.Settings, "--set", "checkpoint=wide.safetensors", "--db", fixture.PathOf("wide.db"));

        Assert.Equal(ExitCode.BadUsage, das.Code);
        Assert.Equal($"das: model.width is 8, but checkpoint {fixture.PathOf("wide.safetensors")} has 16\n", das.Error);
    }

    [Fact]
    public void VqaDas4_TheShippedSettings_AreSound()
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "DasSearch.sln")))
        {
            root = Path.GetDirectoryName(root)!;
        }

        var shipped = ConfigFile.Load<RunConfig>(Path.Combine(root, "experiments", "fashionvl", "vqa-das4.yaml"), []);
        shipped.Values.CheckAgainst(12);
        Assert.Equal(4, shipped.Values.Skip);
    }

    private Task<string> LibrariesOf(string[] command)
    {
        var name = $"{Guid.NewGuid():N}";
        return LoadedLibraries.OfAsync(
            fixture.PathOf("libraries-" + name),
            command.Select(word => word switch { "PLAN" => fixture.Plan, "OUTPUT" => fixture.PathOf("output-" + name), _ => word }));
    }
}
