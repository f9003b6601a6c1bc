using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DasSearch.Core;
using DasSearch.Core.Configuration;
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
        Assert.Contains("\nthe rewards tell no module from the others", fixture.Search.Output, StringComparison.Ordinal); // of four rounds
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
        Assert.False(facts.GetProperty("tells_modules").GetBoolean());
        Assert.Equal((1, 4, 12), (facts.GetProperty("run").GetInt32(), facts.GetProperty("rounds").GetInt32(), facts.GetProperty("evaluations").GetInt32()));
        Assert.Equal(PlanFile.Read(fixture.Plan).Subnetwork.Skipped, facts.GetProperty("skip").EnumerateArray().Select(index => index.GetInt32()));
    }

    [Fact]
    public async Task Search_CtrlC_SavesAndResumeEndsAsIfNothingHadHappened()
    {
        // Long enough not to be over before the signal is there.
        string[] settings = [fixture.Settings, "--set", "search.samples=2000", "--set", "search.epochs=3"];
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
        var few = await SearchFixture.RunAsync([.. rule, "--set", "search.steps_between_rounds=1", "--set", "search.batch_size=100", "--set", "controller.candidates=2"]);
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

    [Theory]
    [InlineData(ExitCode.BadUsage, "did you mean search.epochs?", "--set", "search.epoch=2")]
    [InlineData(ExitCode.BadUsage, "skip must be from 1 to 3, since vilt has 4 modules, not 13", "--set", "skip=13")]
    [InlineData(ExitCode.Failed, "none.safetensors cannot be read", "--set", "checkpoint=none.safetensors")]
    [InlineData(ExitCode.BadUsage, "backbone must be vilt or meter or meter-mini or minilm or vit or swin or clip or llama or lavin, not 'bert'", "--set", "backbone=bert")]
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
}
