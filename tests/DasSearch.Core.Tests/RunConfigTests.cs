using DasSearch.Core.Configuration;

namespace DasSearch.Core.Tests;

public sealed class RunConfigTests
{
    private static readonly RunConfig Config = new() { Task = "fashionvl-vqa", Backbone = "vilt" };

    [Fact]
    public void CheckAgainst_Defaults_FitViltAndMeter()
    {
        Config.CheckAgainst(12);
        Config.CheckAgainst(24);
    }

    [Theory]
    [InlineData(13, "skip must be from 1 to 11, since vilt has 12 modules, not 13")]
    [InlineData(12, "skip must be from 1 to 11, since vilt has 12 modules, not 12")]
    public void CheckAgainst_Contradiction_SaysSo(int skip, string expected)
    {
        var failure = Assert.Throws<ConfigException>(() => (Config with { Skip = skip }).CheckAgainst(12));
        Assert.Equal(expected, failure.Message);
        Assert.Equal($"vqa.yaml:3: {expected}", failure.At("vqa.yaml:3").Message);
    }

    [Fact]
    public void Case06_SearchThatCouldLearnNothing_IsRefused_WithTheNumberThatWouldDo()
    {
        // 2 epochs of 7 batches after warm-up, 21 in all.
        var config = Config with { Search = new() { BatchSize = 16 }, Validation = new() { BatchSize = 50 } };
        config.CheckSearch(100, 50);
        (config with { Search = config.Search with { StepsBetweenRounds = 14, AccumulatedBatches = 21 } }).CheckSearch(100, 50);

        Refused("search.steps_between_rounds must be at most 14, the batches after warm-up, for a round to come, not 15", search => search with { StepsBetweenRounds = 15 });
        Refused("search.accumulated_batches must be at most 21, the batches of the search, for its weights to change, not 22", search => search with { AccumulatedBatches = 22 });
        Refused("search.batch_size must be at most 100, the samples of the training split, not 101", search => search with { BatchSize = 101 });
        Refused("search.samples must be at most 100, the samples of the training split, not 101", search => search with { Samples = 101 });
        Refused("search.samples must be at least 16, not 15", search => search with { Samples = 15 });
        Refused("search.steps_between_rounds must be at most 6, the batches after warm-up, for a round to come, not 10", search => search with { Samples = 63 });
        Refused("search.warm_up_epochs must be below search.epochs, which is 3, to leave an epoch for rounds, not 3", search => search with { WarmUpEpochs = 3 });
        Assert.Equal(
            "validation.batch_size must be at most 49, the samples of the validation split, not 50",
            Assert.Throws<ConfigException>(() => config.CheckSearch(100, 49)).Message);
        Assert.Equal("validation.samples must be at most 50, the samples of the validation split, not 51", Looked(51));
        Assert.Equal("validation.samples must be at least 50, not 49", Looked(49));
        Assert.Equal(
            "stop.tolerance goes with stop.error, without which the search does not end early",
            Assert.Throws<ConfigException>(() => (config with { Stop = new() { Tolerance = 0.1 } }).CheckSearch(100, 50)).Message);

        string Looked(int samples) =>
            Assert.Throws<ConfigException>(() => (config with { Validation = config.Validation with { Samples = samples } }).CheckSearch(100, 50)).Message;

        void Refused(string expected, Func<SearchConfig, SearchConfig> change) =>
            Assert.Equal(expected, Assert.Throws<ConfigException>(() => (config with { Search = change(config.Search) }).CheckSearch(100, 50)).Message);
    }

    [Fact]
    public void Case06_TrainingThatCouldLearnNothing_IsRefusedLikewise()
    {
        var config = Config with { Search = new() { BatchSize = 16, AccumulatedBatches = 14 }, Training = new() { Epochs = 2 } };
        config.CheckTraining(100);
        Assert.Equal(
            "search.accumulated_batches must be at most 12, the batches of the training, not 14", Assert.Throws<ConfigException>(() => config.CheckTraining(96)).Message);
        Assert.Equal(
            "training.batch_size must be at most 15, the samples of the training split, not 16", Assert.Throws<ConfigException>(() => config.CheckTraining(15)).Message);

        Refused("training.samples must be at most 120, the samples of the training split, not 121", 121);
        Refused("training.samples must be at least 16, not 15", 15);
        Refused("search.accumulated_batches must be at most 12, the batches of the training, not 14", 111); // of which 15 make no batch
        (config with { Training = config.Training with { Samples = 112 } }).CheckTraining(120);

        void Refused(string message, int samples) => Assert.Equal(
            message, Assert.Throws<ConfigException>(() => (config with { Training = config.Training with { Samples = samples } }).CheckTraining(120)).Message);
    }

    [Fact]
    public void Case06_PretrainingThatNeverGetsToMatching_IsRefusedLikewise()
    {
        var config = PretrainingConfig.Defaults(null) with { Training = new() { Steps = 10, WordSteps = 9 } };
        config.CheckTraining();
        Assert.Equal(
            "training.word_steps must be below training.steps, which is 10, for matching to be learnt, too, not 10",
            Assert.Throws<ConfigException>(() => (config with { Training = new() { Steps = 10, WordSteps = 10 } }).CheckTraining()).Message);
    }

    [Fact]
    public void CheckTraining_OfAClassifiersCompression_TakesNothingThatIsOfCaptions()
    {
        var config = CompressionConfig.Defaults(null);
        config.CheckTraining(100);
        (string Key, PretrainingScheduleConfig Training)[] captions =
        [
            ("word_steps", config.Training with { WordSteps = 1 }),
            ("scenes", config.Training with { Scenes = 1 }),
            ("samples", config.Training with { Samples = 1 }),
            ("masking_rate", config.Training with { MaskingRate = 0.1 }),
            ("name_masking_rate", config.Training with { NameMaskingRate = 0.1 }),
            ("easy_share", config.Training with { EasyShare = 0.1 }),
            ("easy_steps", config.Training with { EasySteps = 1 }),
            ("word_matching", config.Training with { WordMatching = 1 }),
            ("summary_words", config.Training with { SummaryWords = 1 }),
        ];
        Assert.All(captions, each => Assert.Equal(
            $"training.{each.Key} is for pre-training on captions, and a classifier of images has none: leave it out",
            Assert.Throws<ConfigException>(() => (config with { Training = each.Training }).CheckTraining(100)).Message));
    }

    [Fact]
    public void EachSetting_OutOfRange_NamesItsKey()
    {
        Wrong("skip", () => Config with { Skip = 0 });
        Wrong("name", () => Config with { Name = " " });
        Wrong("task", () => Config with { Task = "" });
        Wrong("backbone", () => Config with { Backbone = "" });
        Wrong("checkpoint", () => Config with { Checkpoint = "" });
        Wrong("device", () => Config with { Device = "" });
        Wrong("compat", () => Config with { Compat = (Compatibility)5 });
        Wrong("controller", () => Config with { Controller = null! });
        Wrong("controller.name", () => new ControllerConfig { Name = "" });
        Wrong("controller.learning_rate", () => new ControllerConfig { LearningRate = 0 });
        Wrong("controller.candidates", () => new ControllerConfig { Candidates = 0 });
        Wrong("search.epochs", () => new SearchConfig { Epochs = 0 });
        Wrong("search.warm_up_epochs", () => new SearchConfig { WarmUpEpochs = -1 });
        Wrong("search.steps_between_rounds", () => new SearchConfig { StepsBetweenRounds = 0 });
        Wrong("search.batch_size", () => new SearchConfig { BatchSize = 0 });
        Wrong("search.accumulated_batches", () => new SearchConfig { AccumulatedBatches = 0 });
        Wrong("search.learning_rate", () => new SearchConfig { LearningRate = double.NaN });
        Wrong("search.head_multiplier", () => new SearchConfig { HeadMultiplier = double.PositiveInfinity });
        Wrong("search.cross_modal_multiplier", () => new SearchConfig { CrossModalMultiplier = 0 });
        Wrong("search.weight_decay", () => new SearchConfig { WeightDecay = -0.1 });
        Wrong("search.beta1", () => new SearchConfig { Beta1 = 1 });
        Wrong("search.beta2", () => new SearchConfig { Beta2 = -1 });
        Wrong("search.epsilon", () => new SearchConfig { Epsilon = 0 });
        Wrong("search.warm_up_fraction", () => new SearchConfig { WarmUpFraction = 1.1 });
        Wrong("validation.mode", () => new ValidationConfig { Mode = (ValidationMode)3 });
        Wrong("validation.batch", () => new ValidationConfig { Batch = (BatchPolicy)3 });
        Wrong("validation.batch_size", () => new ValidationConfig { BatchSize = 0 });
        Wrong("adapters.skip_bottleneck", () => new AdapterConfig { SkipBottleneck = 0 });
        Wrong("adapters.parallel_bottleneck", () => new AdapterConfig { ParallelBottleneck = 0 });
        Wrong("adapters.scale", () => new AdapterConfig { Scale = 0 });
        Wrong("training.epochs", () => new TrainingConfig { Epochs = 0 });
        Wrong("training.batch_size", () => new TrainingConfig { BatchSize = 0 });
        Wrong("training.samples", () => new TrainingConfig { Samples = 0 });
        Wrong("training.learning_rate", () => new TrainingConfig { LearningRate = 0 });
        Wrong("model.width", () => new ModelConfig { Width = 0 });
        Wrong("model.dropout", () => new ModelConfig { Dropout = 1 });
        Wrong("checkpoint", () => Config with { Checkpoint = "vilt\0.safetensors" });
    }

    [Fact]
    public void Resolved_OpenSettings_FollowCompatAndTheTrainingBatch()
    {
        var paper = (Config with { Search = new() { BatchSize = 32 } }).Resolved();
        Assert.Equal((ValidationMode.Eval, 32), (paper.Validation.Mode, paper.Validation.BatchSize));

        var official = (Config with { Compat = Compatibility.Official }).Resolved();
        Assert.Equal(ValidationMode.Train, official.Validation.Mode);

        var own = (Config with { Compat = Compatibility.Official, Validation = new() { Mode = ValidationMode.Eval, BatchSize = 8 } }).Resolved();
        Assert.Equal((ValidationMode.Eval, 8), (own.Validation.Mode, own.Validation.BatchSize));
    }

    [Fact]
    public void ResolvedConfig_Hash_IsSha256OfTheText()
    {
        var config = new ResolvedConfig<RunConfig>(Config, "abc", "/a/b/vqa.yaml");
        Assert.Equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", config.Sha256);
        Assert.Equal("/a/c/x.safetensors", config.FullPath("../c/x.safetensors"));
        Assert.Equal("/x.safetensors", config.FullPath("/x.safetensors"));
    }

    private static void Wrong(string key, Func<object> make) => Assert.Equal(key, Assert.Throws<ConfigException>(make).Key);
}
