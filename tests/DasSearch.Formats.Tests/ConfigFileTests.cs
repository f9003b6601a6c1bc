using DasSearch.Core;
using DasSearch.Core.Configuration;

namespace DasSearch.Formats.Tests;

public sealed class ConfigFileTests
{
    private const string Smallest = "task: fashionvl-vqa\nbackbone: vilt\n";

    /// <summary>The canonical form of a configuration that says as little as possible: the paper's values.</summary>
    private const string Defaults = """
        name: run
        task: fashionvl-vqa
        backbone: vilt
        device: auto
        threads: 0
        precision: float32
        seed: 0
        granularity: layers
        skip: 4
        compat: paper
        controller:
          name: das
          learning_rate: 1
          candidates: 3
        search:
          epochs: 3
          warm_up_epochs: 1
          steps_between_rounds: 10
          train: proposed
          batch_size: 256
          accumulated_batches: 1
          learning_rate: 0.0001
          weight_decay: 0.01
          beta1: 0.9
          beta2: 0.98
          epsilon: 1E-08
          warm_up_fraction: 0.1
        validation:
          mode: eval
          batch: fixed
          batch_size: 256
        method:
          name: das
        adapters:
          scale: 1
          replacement: das
        training:
          epochs: 10
          batch_size: 256
          learning_rate: 0.0001
        distillation:
          alpha: 1
          beta: 0
          boundaries: kept

        """;

    [Fact]
    public void Parse_Smallest_ResolvesToThePapersValues()
    {
        var config = Parse(Smallest);
        Assert.Equal(Defaults, config.Text);
        Assert.Equal("/experiments/run.yaml", config.Path);
    }

    [Fact]
    public void Parse_OfTheCanonicalForm_GivesTheSame()
    {
        var first = Parse("""
            # Keys in any order, comments, quotes and empty sections are all the same in the end.
            search: { learning_rate: 5e-4, epochs: 7 }
            backbone: "vilt"
            task: 'fashionvl: "vqa" # 1'
            checkpoint: ../weights/vilt small.safetensors
            seed: -9223372036854775808
            compat: official
            adapters:
            validation:
              batch: fresh
            name: "null"
            """);
        var second = Parse(first.Text);
        Assert.Equal(first.Values, second.Values);
        Assert.Equal(first.Text, second.Text);
        Assert.Equal(
            ("null", "fashionvl: \"vqa\" # 1", long.MinValue, 5e-4, 7),
            (second.Values.Name, second.Values.Task, second.Values.Seed, second.Values.Search.LearningRate, second.Values.Search.Epochs));
        Assert.Equal((ValidationMode.Train, BatchPolicy.Fresh), (second.Values.Validation.Mode, second.Values.Validation.Batch));
        Assert.Equal("/weights/vilt small.safetensors", second.FullPath(second.Values.Checkpoint!));
    }

    [Theory]
    [InlineData("lavin", 6, 3, 0.05, "lavin", 32, "search.rounds_per_epoch", BatchPolicy.Fresh, ValidationMode.Eval)]
    [InlineData("llava", 4, 5, 0.1, "llava", 256, "search.warm_up_batches", BatchPolicy.Training, ValidationMode.Train)]
    public void Parse_APreset_GivesWhatNobodyGives(
        string compat, int skip, int candidates, double rate, string method, int size, string other, BatchPolicy batch, ValidationMode mode)
    {
        var (config, given) = (Parse($"{Smallest}compat: {compat}").Values, Parse($"{Smallest}compat: {compat}\ncontroller: {{learning_rate: 7}}", $"{other}=null", "skip=1"));
        Assert.Equal((skip, candidates, rate), (config.Skip, config.Controller.Candidates, config.Controller.LearningRate));
        Assert.Equal((method, method, size), (config.Method.Name, config.Adapters.Replacement, config.Adapters.SkipBottleneck));
        Assert.Equal((batch, mode, RateDecay.Cosine), (config.Validation.Batch, config.Validation.Mode, config.Search.Decay));
        Assert.Equal((7, 1, candidates, null, null), (given.Values.Controller.LearningRate, given.Values.Skip, given.Values.Controller.Candidates, given.Values.Search.RoundsPerEpoch, given.Values.Search.WarmUpBatches));
        Assert.Equal(given.Text, Parse(given.Text).Text);
    }

    [Fact]
    public void Parse_EveryKey_CanBeSetAndIsWrittenBack() => CheckEveryKey<RunConfig>(Smallest);

    [Fact]
    public void Parse_EveryKeyOfAPretraining_CanBeSetAndIsWrittenBack() => CheckEveryKey<PretrainingConfig>("output: a");

    [Fact]
    public void Parse_EveryKeyOfACompression_CanBeSetAndIsWrittenBack() => CheckEveryKey<CompressionConfig>("checkpoint: a\noutput: b");

    [Fact]
    public void Parse_KeysOfAnOpenSection_AreKeptAsTheyAreWritten()
    {
        var config = Parse(Smallest + "method: {name: lora, rank: 8, where: 'query, value', none: }", "method.scale=2.5");
        Assert.Equal("lora", config.Values.Method.Name);
        Assert.Equal([new("rank", "8"), new("scale", "2.5"), new("where", "query, value")], config.Values.Method.Options);
        Assert.Contains("method:\n  name: lora\n  rank: 8\n  scale: 2.5\n  where: \"query, value\"\nadapters:\n", config.Text, StringComparison.Ordinal);
        Assert.Equal(config.Values, Parse(config.Text).Values);
        Assert.Equal(
            "run.yaml:3: method.rank must be a text, not a list: write 1",
            Assert.Throws<ConfigException>(() => Parse(Smallest + "method: {rank: [1]}")).Message);
        Assert.Equal("run.yaml:3: method.name must not be empty", Assert.Throws<ConfigException>(() => Parse(Smallest + "method: {name: ''}")).Message);
    }

    [Fact]
    public void Parse_TextOfAnEarlierVersion_SaysTheSame()
    {
        var earlier = Defaults.Replace("precision: float32\n", "", StringComparison.Ordinal).Replace("method:\n  name: das\n", "", StringComparison.Ordinal)
            .Replace("  replacement: das\n", "", StringComparison.Ordinal)
            .Replace("distillation:\n  alpha: 1\n  beta: 0\n  boundaries: kept\n", "", StringComparison.Ordinal);
        Assert.Equal(Defaults, Parse(earlier).Text);
    }

    [Fact]
    public void Parse_Aliases_AreWhatTheyStandFor() =>
        Assert.Equal(7, Parse(Smallest + "search: {epochs: &n 7}\ntraining: {epochs: *n}").Values.Training.Epochs);

    [Fact]
    public void Parse_NestedWithoutEnd_IsRefused()
    {
        foreach (var deep in (string[])[new string('[', 100_000), string.Concat(Enumerable.Repeat("{a: ", 100_000)), "skip: &a [*a, *a]", Bomb()])
        {
            Assert.StartsWith("run.yaml:", Assert.Throws<ConfigException>(() => Parse(Smallest + "x: " + deep)).Message, StringComparison.Ordinal);
        }

        // Ten lists, each of ten times the one before.
        static string Bomb() => "&a0 [1]\n" + string.Concat(Enumerable.Range(1, 10).Select(
            i => $"k{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n"));
    }

    [Theory]
    [InlineData("sead: 1", "run.yaml:3: sead is unknown; did you mean seed?")]
    [InlineData("epochs: 1", "run.yaml:3: epochs is unknown; did you mean search.epochs?")]
    [InlineData("search:\n  epoch: 1", "run.yaml:4: search.epoch is unknown; did you mean search.epochs?")]
    [InlineData("serach: {epochs: 1}", "run.yaml:3: serach is unknown; did you mean search?")]
    [InlineData("skip: four", "run.yaml:3: skip must be an integer, not 'four'")]
    [InlineData("skip: '4'", "run.yaml:3: skip must be an integer, not '4': write 4 without quotation marks")]
    [InlineData("skip: 4.5", "run.yaml:3: skip must be an integer, not '4.5'")]
    [InlineData("skip: 99999999999", "run.yaml:3: skip must be an integer, not '99999999999'")]
    [InlineData("skip: [1, 2]", "run.yaml:3: skip must be an integer, not a list")]
    [InlineData("skip: {count: 1}", "run.yaml:3: skip must be an integer, not a section")]
    [InlineData("skip:", "run.yaml:3: skip must be an integer, not nothing")]
    [InlineData("skip: 0", "run.yaml:3: skip must be at least 1, not 0")]
    [InlineData("name: ''", "run.yaml:3: name must not be empty")]
    [InlineData("compat: METER", "run.yaml:3: compat must be paper or official or lavin or llava, not 'METER'")]
    [InlineData("validation:\n  mode: evaluation", "run.yaml:4: validation.mode must be eval or train, not 'evaluation'")]
    [InlineData("search:\n\n  learning_rate: -1", "run.yaml:5: search.learning_rate must be positive and finite, not -1")]
    [InlineData("search:\n  learning_rate: NaN", "run.yaml:4: search.learning_rate must be a number, not 'NaN'")]
    [InlineData("search:\n  warm_up_fraction: 1.5", "run.yaml:4: search.warm_up_fraction must be from 0 to 1, not 1.5")]
    [InlineData("adapters: none", "run.yaml:3: adapters must be a section with the keys skip_bottleneck, parallel_bottleneck, scale, replacement")]
    [InlineData("[a]: 1", "run.yaml:3: a key must be a name, not a list or section")]
    [InlineData("---\nskip: 2", "run.yaml: a configuration is one document, not 2")]
    public void Parse_Wrong_NamesTheKeyTheLineAndWhatWasExpected(string line, string expected)
    {
        var failure = Assert.Throws<ConfigException>(() => Parse(Smallest + line + "\n"));
        Assert.Equal(expected, failure.Message);
        Assert.IsAssignableFrom<UsageException>(failure);
    }

    [Theory]
    [InlineData("skip: {", "run.yaml:")]
    public void Parse_NoYaml_NamesTheLine(string line, string expected)
    {
        var failure = Assert.Throws<ConfigException>(() => Parse(Smallest + line));
        Assert.StartsWith(expected, failure.Message, StringComparison.Ordinal);
        Assert.Contains("this is no valid YAML", failure.Message, StringComparison.Ordinal);
    }

    // Case 21, in settings: numbers as other languages and other formats write them.
    [Theory]
    [InlineData("search:\n  learning_rate: 0,001", "run.yaml:4: search.learning_rate must be a number, not '0,001': write 0.001")]
    [InlineData("skip: 1,000", "run.yaml:3: skip must be an integer, not '1,000': write 1000")]
    [InlineData("skip: 1 000", "run.yaml:3: skip must be an integer, not '1 000': write 1000")]
    [InlineData("skip: 1_000", "run.yaml:3: skip must be an integer, not '1_000': write 1000")]
    [InlineData("skip: 4.0", "run.yaml:3: skip must be an integer, not '4.0': write 4")]
    [InlineData("skip: [4]", "run.yaml:3: skip must be an integer, not a list: write 4")]
    [InlineData("skip:\n- 4\n- 5", "run.yaml:3: skip must be an integer, not a list")]
    [InlineData("budget: {macs: '-20,5%'}", "run.yaml:3: budget.macs must be a change such as -20%, not '-20,5%': write -20.5%")]
    [InlineData("constraints:\n  never: [0, 11]", "run.yaml:4: constraints.never must be a text, not a list: write 0,11")]
    [InlineData("constraints:\n  never: 0,1,0", "run.yaml:4: constraints.never has module 0 twice: '0,1,0'")]
    [InlineData("skip: 1\nseed: 3\nskip: 2", "run.yaml:5: skip is there twice, first in line 3: keep one of them")]
    [InlineData("search:\n  epochs: 1\n  batch_size: 2\n  epochs: 1", "run.yaml:6: search.epochs is there twice, first in line 4: keep one of them")]
    [InlineData("search: {epochs: 1}\nseed: 1\nsearch: {batch_size: 2}", "run.yaml:5: search is there twice, first in line 3: keep one of them")]
    [InlineData("search:\n\tepochs: 1", "run.yaml:4: this line begins with a tab, which YAML does not allow: write spaces instead")]
    [InlineData("search:\n  epochs: 1\n\tbatch_size: 2\nseed: 1", "run.yaml:5: this line begins with a tab, which YAML does not allow: write spaces instead")]
    [InlineData("search:\n  epochs: 1\n  \tbatch_size: 2", "run.yaml:5: this line begins with a tab, which YAML does not allow: write spaces instead")]
    [InlineData("search: {epochs: 1\nseed: 1", "run.yaml:3: this is no valid YAML: something that begins here, such as { or [, does not end")]
    [InlineData("seed: 1\nskip: [1, 2\nname: x", "run.yaml:4: this is no valid YAML: something that begins here, such as { or [, does not end")]
    [InlineData("search:\n  epochs:4", "run.yaml:4: search must be a section with the keys ", ": write epochs: 4, with a space")]
    public void Parse_NumbersOfOtherLanguages_AreRefusedWithTheLineAndTheWayToWriteThem(string line, string expected, string end = "")
    {
        var message = Assert.Throws<ConfigException>(() => Parse(Smallest + line + "\n")).Message;
        Assert.StartsWith(expected, message, StringComparison.Ordinal);
        Assert.EndsWith(end.Length == 0 ? expected : end, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "run.yaml: task is missing; add a line such as task: fashionvl-vqa")]
    [InlineData("task: x", "run.yaml: backbone is missing; add a line such as backbone: vilt")]
    [InlineData("just words", "run.yaml:1: a configuration must be a section with the keys name, task, backbone, ")]
    public void Parse_TooLittle_SaysWhatIsMissing(string text, string expected) =>
        Assert.StartsWith(expected, Assert.Throws<ConfigException>(() => Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Parse_Overrides_GoBeforeTheFile_AndTheLastOneCounts()
    {
        var config = Parse(Smallest + "seed: 1\nsearch: {epochs: 2}", "seed=5", "seed=6", "checkpoint=a=b.safetensors", "task=other").Values;
        Assert.Equal((6L, 2, "a=b.safetensors", "other"), (config.Seed, config.Search.Epochs, config.Checkpoint, config.Task));
        Assert.Null(Parse(Smallest + "checkpoint: x", "checkpoint=").Values.Checkpoint);
    }

    [Theory]
    [InlineData("seed", "--set seed must have the form --set key=value")]
    [InlineData("sead=1", "--set sead=1: sead is unknown; did you mean seed?")]
    [InlineData("seed=x", "--set seed=x: seed must be an integer, not 'x'")]
    [InlineData("seed=1,000", "--set seed=1,000: seed must be an integer, not '1,000': write 1000")]
    [InlineData("search.learning_rate=1,5", "--set search.learning_rate=1,5: search.learning_rate must be a number, not '1,5': write 1.5")]
    [InlineData("search={epochs: 1}", "--set search={epochs: 1}: search is a section: write --set search.epochs=… for each of its settings")]
    [InlineData("skip=0", "--set skip=0: skip must be at least 1, not 0")]
    [InlineData("zzzzzzzzzzzzzzzzz=1", "--set zzzzzzzzzzzzzzzzz=1: zzzzzzzzzzzzzzzzz is unknown; the keys are name, task, backbone, ")]
    public void Parse_WrongOverride_IsNamed(string argument, string expected) =>
        Assert.StartsWith(expected, Assert.Throws<ConfigException>(() => Parse(Smallest, argument)).Message, StringComparison.Ordinal);

    [Fact]
    public void Load_File_TakesItsNameAndFolder()
    {
        var folder = Directory.CreateTempSubdirectory("das-config-").FullName;
        try
        {
            var path = Path.Combine(folder, "vqa-das4.yaml");
            File.WriteAllText(path, Smallest + "checkpoint: weights.safetensors\n");
            var config = ConfigFile.Load<RunConfig>(path, []);
            Assert.Equal(("vqa-das4", Environment.ProcessorCount), (config.Values.Name, config.Values.Threads));
            Assert.Contains($"threads: {Environment.ProcessorCount}\n", config.Text, StringComparison.Ordinal);
            Assert.Equal(Path.Combine(folder, "weights.safetensors"), config.FullPath(config.Values.Checkpoint!));

            var failure = Assert.Throws<ConfigException>(() => ConfigFile.Load<RunConfig>(Path.Combine(folder, "no.yaml"), []));
            Assert.StartsWith($"the configuration {Path.Combine(folder, "no.yaml")} cannot be read: ", failure.Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static ResolvedConfig<RunConfig> Parse(string text, params string[] overrides) =>
        ConfigFile.Parse<RunConfig>(text, "run.yaml", "/experiments/run.yaml", overrides);

    private static void CheckEveryKey<T>(string smallest)
        where T : class, ISettings<T>
    {
        // For each key a value that is valid and not its default.
        var defaults = ConfigFile.Parse<T>(smallest, "run.yaml", null, []);
        foreach (var setting in SettingTable.Of<T>().All)
        {
            var value = setting.Expected switch
            {
                "an integer" => setting.Name switch { "model.heads" => "7", "data.side" or "data.text_length" => "8", _ => "2" },
                "a number" => setting.Name == "compress.kappa" ? "1.625" : "0.625",
                "a change such as -20%" => "-12.5%",
                "a text" => setting.Name switch { "constraints.never" => "0,2", "data.prompt" => "a {}", _ => "other" },
                _ => setting.Expected.Split(" or ")[^1],
            };
            var config = ConfigFile.Parse<T>(smallest, "run.yaml", null, [$"{setting.Name}={value}"]);
            Assert.NotEqual(defaults.Text, config.Text);
            Assert.Equal(value, setting.Get(config.Values)!.Text);
            Assert.Equal(config.Values, ConfigFile.Parse<T>(config.Text, "run.yaml", null, []).Values);
        }
    }
}
