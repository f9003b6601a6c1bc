using DasSearch.Formats;
using DasSearch.Store;
using Microsoft.Data.Sqlite;

namespace DasSearch.Cli.Tests;

/// <summary>Nothing of the user's is written over by any command, what can be pasted works, and what is said of outputs is so.</summary>
public sealed class OutputCommandTests(SearchFixture fixture) : IClassFixture<SearchFixture>, IDisposable
{
    private const string Foreign = "years of work\n";

    private static readonly string[] _quickly =
        ["--set", "search.epochs=1", "--set", "search.batch_size=50", "--set", "search.steps_between_rounds=2", "--set", "search.warm_up_epochs=0"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-outputs-");

    /// <summary>Every command that writes a file, with OUT for it.</summary>
    public static TheoryData<string> Commands =>
    [
        "plan 1 -o OUT --db DB",
        "rewards 1 -o OUT --db DB",
        "rewards 1 --by evaluation --format csv -o OUT --db DB",
        "rewards 1 --json -o OUT --db DB",
        "report 1 -o OUT --db DB",
        "replay 1 -o OUT --db DB",
        "replay 1 --figure OUT --db DB",
        "import skip_module=[1] --backbone vilt -o OUT",
        "search SETTINGS -o OUT --db DB -q",
        "train PLAN -o OUT --db DB -q",
        "analyse PLAN --what skipped -o OUT --db DB -q",
        "export PLAN --to json -o OUT --db DB",
        "export PLAN --to csv -o OUT --db DB",
        "export PLAN --to das-official -o OUT --db DB",
        "export PLAN --to mergekit --option model=m -o OUT --db DB",
        "export PLAN --to peft -o OUT --db DB",
        "export PLAN --to optuna -o OUT --db DB",
        "export PLAN --to pytorch -o OUT --db DB",
        "export PLAN --to onnx -o OUT --db DB",
        "export PLAN --to notebook -o OUT --db DB",
        "pretrain PRETRAIN --set output=OUT -q",
    ];

    public static TheoryData<string> EmptyArguments =>
    [
        "--db: runs --db ''",
        "--db: runs --db ' '",
        "RUN: show ''",
        "--output: plan 1 -o ''",
        "--output: report 1 -o ''",
        "--output: rewards 1 -o ''",
        "--skip: plan 1 --skip ''",
        "--modules: plan 1 --modules ''",
        "--where: rewards 1 --where ''",
        "RUN: compare 1 ''",
        "--figure: replay 1 --figure ''",
        "RUN: truth ''",
        "RUN: resume ''",
        "PLAN: train ''",
        "PLAN: eval ''",
        "PLAN: analyse '' --what skipped -o x",
        "--output: analyse plan.json --what skipped -o ''",
        "--against: analyse plan.json --what similarity -o x --against ''",
        "--checkpoint: train plan.json --checkpoint ''",
        "--config: train plan.json --config ''",
        "CONFIG: search ''",
        "--set: search tiny.yaml --set ''",
        "CONFIG: pretrain ''",
        "PLAN: export '' --to csv",
        "--to: export plan.json --to ''",
        "--option: export plan.json --to csv --option ''",
        "SOURCE: import '' --backbone vilt",
        "--task: import skip_module=[3] --backbone vilt --task ''",
        "BACKBONE|PLAN: profile ''",
    ];

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Writing_OverWhatDasDidNotWrite_IsRefusedBeforeAnyWork(string command)
    {
        Prepare();
        foreach (var name in new[] { "runs.db", "runs.db-wal", "tiny.yaml", "pretrain.yaml", "thesis.txt", "other.db", "model.safetensors" })
        {
            foreach (var force in new[] { "", " --force" })
            {
                var isSafe = force == "" || name is "runs.db" or "runs.db-wal"
                    || (name == "tiny.yaml" && command.Contains("SETTINGS", StringComparison.Ordinal))
                    || (name == "pretrain.yaml" && command.Contains("PRETRAIN", StringComparison.Ordinal));
                if (isSafe)
                {
                    var before = State();
                    var das = await RunAsync((command + force).Replace("OUT", PathOf(name), StringComparison.Ordinal));
                    Assert.True(das.Code == ExitCode.BadUsage, $"{command} over {name}{force}: {das.Code} {das.Error}");
                    Assert.Contains(name, das.Error, StringComparison.Ordinal);
                    Assert.Equal("", das.Output);
                    Assert.Equal(before, State());
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Writing_WhereNothingCanBe_IsToldBeforeAnyWork(string command)
    {
        Prepare();
        var before = State();
        foreach (var place in new[] { "no/such", new string('n', 300), "thesis.txt/x" }.Concat(command.StartsWith("report", StringComparison.Ordinal) || command.StartsWith("analyse", StringComparison.Ordinal) || command.Contains("peft", StringComparison.Ordinal) ? [] : ["folder"]))
        {
            var das = await RunAsync(command.Replace("OUT", PathOf(place), StringComparison.Ordinal));
            Assert.True(das.Code == ExitCode.BadUsage, $"{command} to {place}: {das.Code} {das.Error}");
            Assert.Single(das.Error.TrimEnd().Split('\n'));
            Assert.Equal(before, State());
        }
    }

    [Fact] // 01
    public async Task Train_BesideTheCheckpointOfThePlan_IsRefused()
    {
        var (checkpoint, plan, settings) = (PathOf("model.safetensors"), PathOf("model.json"), PathOf("vilt.yaml"));
        File.Copy(Path.Combine(Exports.Referee.Root, "experiments", "fashionvl", "vilt-small.safetensors"), checkpoint);
        File.WriteAllText(settings, "{task: fashionvl-vqa, backbone: vilt, skip: 2, checkpoint: model.safetensors, training: {epochs: 1}}\n");
        var imported = await SearchFixture.RunAsync(
            "import", "skip_module=[3,7]", "--backbone", "vilt", "--task", "fashionvl-vqa", "--checkpoint", checkpoint, "-o", plan);
        Assert.Equal(ExitCode.Done, imported.Code);
        var before = Exports.ExportFixture.Sha256(checkpoint);

        foreach (var more in new[] { "-q", "--force" })
        {
            var das = await SearchFixture.RunAsync("train", plan, "--config", settings, "--method", "linear", more);
            Assert.Equal(ExitCode.BadUsage, das.Code);
            Assert.Equal($"das: the file of trained weights {checkpoint} would replace what it is made of: name another one with -o\n", das.Error);
            Assert.Equal(before, Exports.ExportFixture.Sha256(checkpoint));
        }
    }

    [Fact] // 01
    public async Task Train_OverWeightsThatAreNotThePlansOwn_IsRefused_AndOverItsOwnItIsNot()
    {
        var (plan, weights) = (PathOf("mine.json"), PathOf("mine.safetensors"));
        File.Copy(fixture.Plan, plan);
        File.WriteAllText(weights, Foreign);
        var refused = await fixture.RunWithDatabaseAsync("train", plan, "-q");
        Assert.Equal(ExitCode.BadUsage, refused.Code);
        Assert.Contains($"{weights} is there already, and is no file of trained weights of this plan that das wrote", refused.Error, StringComparison.Ordinal);
        Assert.Equal(Foreign, File.ReadAllText(weights));

        Assert.Equal(ExitCode.Done, (await fixture.RunWithDatabaseAsync("train", plan, "-q", "--seed", "8", "--force")).Code);

        // Killed between the two files: the weights are there, and the plan does not know of them.
        File.Copy(fixture.Plan, plan, overwrite: true);
        Assert.Equal(ExitCode.Done, (await fixture.RunWithDatabaseAsync("train", plan, "-q", "--seed", "8")).Code);
        File.Copy(fixture.Plan, plan, overwrite: true);
        Assert.Equal(ExitCode.BadUsage, (await fixture.RunWithDatabaseAsync("train", plan, "-q", "--seed", "9")).Code);
    }

    [Theory] // 02
    [InlineData("plan 1 -o DB --db DB")]
    [InlineData("rewards 1 --by evaluation -o DB --db DB")]
    [InlineData("search SETTINGS --db DB -o DB -q")]
    [InlineData("search SETTINGS --db NEW -o SETTINGS -q")]
    public async Task Writing_OverItsOwnSource_IsRefused(string command)
    {
        Prepare();
        var before = State();
        var das = await RunAsync(command);
        var output = command.Split(' ')[Array.IndexOf(command.Split(' '), "-o") + 1] == "DB" ? PathOf("runs.db") : PathOf("tiny.yaml");

        Assert.Equal((ExitCode.BadUsage, $"das: the output {output} would replace what it is made of: name another one with -o\n"), (das.Code, das.Error));
        Assert.Equal(before, State());
    }

    [Fact] // 02
    public async Task Import_OverADatabaseThatItKnowsNothingOf_IsRefused()
    {
        Prepare();
        var das = await RunAsync("import skip_module=[1] --backbone vilt -o DB --force");
        Assert.Equal((ExitCode.BadUsage, $"das: the output {PathOf("runs.db")} is a database of das: name another one with -o\n"), (das.Code, das.Error));
    }

    [Fact] // 03
    public async Task Writing_ToAPipeAndADevice_WritesIntoThem()
    {
        Prepare();
        var said = await ShellAsync("""
            mkfifo pipe; cat pipe > read & das rewards 1 -o pipe --db runs.db; wait; head -c 6 read; stat -c %F pipe
            if mknod null c 1 3 2> /dev/null; then das plan 1 -o null --db runs.db; stat -c %F null; else printf 'null\ncharacter special file\n'; fi
            """);
        Assert.Equal("pipe\nmodulefifo\nnull\ncharacter special file\n", said.Output);
    }

    [Fact] // 03
    public async Task Writing_ToStandardOutput_IsTheOutputAlone()
    {
        Prepare();
        var plan = await RunAsync("plan 1 --db DB");
        foreach (var output in new[] { "-", "/dev/stdout" })
        {
            Assert.Equal(plan.Output, (await RunAsync($"plan 1 --db DB -o {output}")).Output);
        }

        Assert.Equal((await RunAsync("rewards 1 --db DB")).Output, (await RunAsync("rewards 1 --db DB -o -")).Output);
        var search = await RunAsync("search SETTINGS --db NEW -o - QUICKLY");
        Assert.Equal(ExitCode.Done, search.Code);
        Assert.Equal(2, PlanFile.Parse(search.Output, "stdout").Skip.Count);
        Assert.Contains("run 1: 2 rounds", search.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.BadUsage, (await RunAsync("train PLAN --db DB -o -")).Code);
        Assert.Equal(ExitCode.BadUsage, (await RunAsync("export PLAN --to pytorch --db DB -o -")).Code);
        Assert.Equal(ExitCode.BadUsage, (await RunAsync("export PLAN --to csv --db DB -o - --json")).Code);
        Assert.Equal(ExitCode.BadUsage, (await RunAsync("report 1 --db DB -o -")).Code);

        var said = await ShellAsync("(das export found.json --to csv --db runs.db -o - ; echo end) > out.csv; head -c 13 out.csv; echo; tail -n 1 out.csv; ls");
        Assert.StartsWith("index,module,\nend\n", said.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("\n-\n", said.Output, StringComparison.Ordinal);
    }

    [Fact] // 04
    public async Task Report_IntoTheFolderOfTheShell_FillsIt()
    {
        Prepare();
        var said = await ShellAsync("""
            mkdir rep; cd rep; echo mine > notes.txt; before=$(stat -c %i .)
            das report 1 -o . --db ../runs.db; echo rc=$?; das report 1 -o . --db ../runs.db; echo rc=$?
            ls index.html summary.md notes.txt; [[ $(stat -c %i ../rep) = "$before" && $(stat -c %i .) = "$before" ]] && echo same
            echo mine > gates.csv; mv index.html kept.html; das report 1 -o . --db ../runs.db; echo rc=$?; cat gates.csv
            """);
        Assert.Equal("./index.html\nrc=0\n./index.html\nrc=0\nindex.html\nnotes.txt\nsummary.md\nsame\nrc=2\nmine\n", said.Output);
        Assert.Contains("no file of a report that das wrote: name another one with -o, or replace it with --force", said.Error, StringComparison.Ordinal);
    }

    [Fact] // 04
    public async Task AnyCommand_InAFolderThatIsGone_SaysSo()
    {
        var said = await ShellAsync("mkdir gone; cd gone; rmdir ../gone; das runs; echo rc=$?; das --version > /dev/null; echo rc=$?");
        Assert.Equal("rc=1\nrc=0\n", said.Output);
        Assert.Equal("das: the folder that das was called in is gone: change to one that is there\n", said.Error[said.Error.IndexOf("das: ", StringComparison.Ordinal)..]);
    }

    [Theory] // 09
    [InlineData("--set", "name=vqa/skip1")]
    [InlineData("--set", "name=NNN")]
    [InlineData("-o", "FOLDER")]
    public async Task Search_WhosePlanCouldNotBeWritten_IsToldBefore(string option, string value)
    {
        Prepare();
        value = value.Replace("NNN", new string('n', 250), StringComparison.Ordinal).Replace("FOLDER", PathOf("folder"), StringComparison.Ordinal);
        var das = await SearchFixture.RunAsync("search", PathOf("tiny.yaml"), "--db", PathOf("new.db"), "-q", option, value);

        Assert.Equal(ExitCode.BadUsage, das.Code);
        Assert.Single(das.Error.TrimEnd().Split('\n'));
        Assert.False(File.Exists(PathOf("new.db")));
    }

    [Fact] // 09
    public async Task Search_WhosePlanCannotBeWrittenAfterwards_SaysWhatItFoundAndHowToGetIt()
    {
        Prepare();
        var database = PathOf("it's new.db");
        var das = await SearchFixture.RunAsync(["search", PathOf("tiny.yaml"), "--db", database, "-q", "-o", "/dev/full", .. _quickly]);

        Assert.Equal(ExitCode.Failed, das.Code);
        Assert.StartsWith("run 1: 2 rounds", das.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("next:", das.Output, StringComparison.Ordinal);
        Assert.StartsWith("das: the plan /dev/full cannot be written: No space left on device", das.Error, StringComparison.Ordinal);
        var line = Between(das.Error, "the run is kept: das ", " writes its plan");
        var words = await WordsAsync(line);
        Assert.Equal(["plan", "1", "-o", "FILE", "--db", database], words);
    }

    [Fact] // 10
    public async Task Search_SaysWhatIsNext_AndThatCanBePasted()
    {
        File.WriteAllText(PathOf("my search.yaml"), SearchFixture.Tiny);
        var (database, plan) = (PathOf("my runs.db"), PathOf("it's \"mine\" $HOME.plan.json"));
        var das = await SearchFixture.RunAsync(["search", PathOf("my search.yaml"), "--db", database, "-q", "-o", plan, .. _quickly]);
        var words = await WordsAsync(das.Output[(das.Output.IndexOf("next: das ", StringComparison.Ordinal) + 10)..].TrimEnd());

        Assert.Equal(["train", plan, "--db", database], words);
        Assert.Equal(ExitCode.Done, (await SearchFixture.RunAsync([.. words, "-q"])).Code);

        var done = await SearchFixture.RunAsync("resume", "1", "--db", database, "-o", plan);
        words = await WordsAsync(Between(done.Error, "is done: das ", " writes its plan"));
        Assert.Equal(["plan", "1", "--db", database], words);
        Assert.Equal(ExitCode.Done, (await SearchFixture.RunAsync(words)).Code);

        var optuna = await SearchFixture.RunAsync("export", plan, "--to", "optuna", "--db", database, "-o", PathOf("my o.db"));
        Assert.EndsWith($"optuna-dashboard 'sqlite:///{PathOf("my o.db")}'\n", optuna.Error, StringComparison.Ordinal);
    }

    [Theory] // 20
    [MemberData(nameof(EmptyArguments))]
    public async Task Empty_AnyArgument_IsBadUsageAndNamesIt(string expected)
    {
        var (name, command) = (expected.Split(": ")[0], expected.Split(": ")[1]);
        var das = await SearchFixture.RunAsync([.. command.Replace("' '", "\0", StringComparison.Ordinal).Split(' ')
            .Select(word => word switch { "''" => "", "\0" => " ", _ => word })]);

        Assert.Equal((ExitCode.BadUsage, ""), (das.Code, das.Output));
        Assert.Equal($"das: {name} must not be empty.\nTry 'das {command.Split(' ')[0]} --help'.\n", das.Error);
    }

    [Fact]
    public async Task Streams_ThatAreFullOrClosed_EndInASentence_AndAPagerThatEndsInNone()
    {
        Prepare();
        var said = await ShellAsync("""
            das runs --db runs.db > /dev/full; echo rc=$?
            das runs --db runs.db >&-; echo rc=$?
            das runs --db no.db 2> /dev/full; echo rc=$?
            das runs --db no.db 2>&-; echo rc=$?
            das plan 1 --db runs.db 2> /dev/full > plan.json; echo rc=$?
            das runs --db runs.db < /dev/null <&-; echo rc=$?
            das rewards 1 --by evaluation --db runs.db | head -n 1; echo rc=${PIPESTATUS[0]}
            cmp plan.json found.json && echo same
            """);
        Assert.Equal(
            ["rc=1", "rc=1", "rc=1", "rc=1", "rc=1", "rc=0", "rc=0", "same"], said.Output.Split('\n').Where(line => line.StartsWith("rc", StringComparison.Ordinal) || line == "same"));
        Assert.Equal(
            ["das: stdout cannot be written: No space left on device", "das: stdout cannot be written: it is closed"], said.Error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Writing_Again_ReplacesWhatDasWrote()
    {
        Prepare();
        foreach (var command in Commands.Cast<object[]>().Select(row => (string)row[0]).Where(command =>
            !command.Contains("replay", StringComparison.Ordinal) && !command.Contains("search", StringComparison.Ordinal) && !command.Contains("pytorch", StringComparison.Ordinal)
            && !command.Contains("onnx", StringComparison.Ordinal) && !command.Contains("official", StringComparison.Ordinal) && !command.Contains("analyse", StringComparison.Ordinal)))
        {
            var name = "again-" + Guid.NewGuid().ToString("N");
            var line = command.Replace("OUT", PathOf(name), StringComparison.Ordinal).Replace("DB -q", "NEW -q", StringComparison.Ordinal);
            line = line.StartsWith("train", StringComparison.Ordinal) ? line.Replace("NEW", "DB", StringComparison.Ordinal) : line;
            var first = await RunAsync(line);
            Assert.True(first.Code == ExitCode.Done, $"{line}: {first.Error}");
            var second = await RunAsync(line);
            Assert.True(second.Code == ExitCode.Done, $"{line}: {second.Error}");
        }
    }

    private void Prepare()
    {
        using (var connection = new SqliteConnection($"Data Source={fixture.Database};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "VACUUM INTO $file";
            command.Parameters.AddWithValue("$file", PathOf("runs.db"));
            command.ExecuteNonQuery();
        }

        using (RunStore.Open(PathOf("runs.db"), TimeProvider.System))
        {
        }

        File.Copy(fixture.Plan, PathOf("found.json"));
        File.WriteAllText(PathOf("tiny.yaml"), SearchFixture.Tiny);
        File.WriteAllText(PathOf("pretrain.yaml"), """
            output: pretrained.safetensors
            model: {width: 8, layers: 2, heads: 2, patch_size: 28}
            training: {steps: 1, batch_size: 4, warm_up_steps: 1}
            evaluation: {every: 1, samples: 8, final_samples: 8}
            """);
        File.WriteAllText(PathOf("thesis.txt"), Foreign);
        File.WriteAllText(PathOf("model.safetensors"), Foreign);
        Directory.CreateDirectory(PathOf("folder"));
        File.WriteAllText(PathOf("folder/thesis.tex"), Foreign);
        using var other = new SqliteConnection($"Data Source={PathOf("other.db")};Pooling=False");
        other.Open();
        using var make = other.CreateCommand();
        make.CommandText = "CREATE TABLE studies (study_id INTEGER)";
        make.ExecuteNonQuery();
    }

    private Task<Das> RunAsync(string command) => SearchFixture.RunAsync([.. command.Split(' ').SelectMany(word => word switch
    {
        "DB" => [PathOf("runs.db")],
        "NEW" => [PathOf("new.db")],
        "SETTINGS" => [PathOf("tiny.yaml")],
        "PRETRAIN" => [PathOf("pretrain.yaml")],
        "PLAN" => [PathOf("found.json")],
        "QUICKLY" => _quickly,
        _ => new[] { word },
    })]);

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    // All names and bytes, but for what SQLite makes beside a database that is open.
    private string State() => string.Join('\n', Directory.EnumerateFileSystemEntries(_folder.FullName, "*", SearchOption.AllDirectories).Order()
        .Where(path => !path.EndsWith("-shm", StringComparison.Ordinal) && !path.EndsWith("-wal", StringComparison.Ordinal))
        .Select(path => $"{path} {(File.Exists(path) ? Exports.ExportFixture.Sha256(path) : "-")}"));

    private static string Between(string text, string begin, string end)
    {
        Assert.Contains(begin, text, StringComparison.Ordinal);
        var from = text.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        return text[from..text.IndexOf(end, from, StringComparison.Ordinal)];
    }

    private async Task<string[]> WordsAsync(string line) => (await ShellAsync($"printf '%s\\0' {line}")).Output.Split('\0')[..^1];

    private Task<ShellResult> ShellAsync(string script) => DasProcess.ShellAsync(_folder.FullName, script);
}
