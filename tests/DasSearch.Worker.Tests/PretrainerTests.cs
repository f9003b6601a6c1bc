using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Data;
using DasSearch.Data.Pretraining;
using DasSearch.Data.Tasks;
using DasSearch.Models.Checkpoints;
using DasSearch.Worker.Pretraining;
using DasSearch.Worker.Tests.Support;
using static TorchSharp.torch;

namespace DasSearch.Worker.Tests;

/// <summary>A tiny ViLT on real photographs, a few steps each.</summary>
public sealed class PretrainerTests : IDisposable
{
    private static readonly PretrainingConfig _tiny = new()
    {
        Output = "vilt.safetensors",
        Model = new() { Width = 16, Layers = 2, Heads = 2, PatchSize = 28, Dropout = 0.1 },
        Training = new() { Steps = 6, BatchSize = 4, WarmUpSteps = 2 },
        Evaluation = new() { Every = 4, Samples = 8, FinalSamples = 8 },
    };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-pretrain-");

    private string Output => Path.Combine(_folder.FullName, "vilt.safetensors");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Run_ToTheEnd_WritesACheckpointUnderTheOfficialNames()
    {
        var progress = new Recorded();
        var result = Run(_tiny, progress, CancellationToken.None);

        using var scope = NewDisposeScope();
        var checkpoint = CheckpointFile.Read(Output);
        Assert.Equal([1, 2, 3, 4, 5, 6], progress.Steps);
        Assert.Equal([4, 6], result.Curve.Select(figures => figures.Step));
        Assert.Equal(result.Curve, progress.Figures);
        Assert.Equal(result.Parameters, checkpoint.Tensors.Values.Sum(tensor => tensor.numel()));
        Assert.Contains("transformer.blocks.1.attn.qkv.weight", checkpoint.Tensors.Keys);
        Assert.Contains("mlm_score.transform.LayerNorm.weight", checkpoint.Tensors.Keys);
        Assert.Contains("itm_score.fc.bias", checkpoint.Tensors.Keys);
        Assert.Equal(["vilt.safetensors"], _folder.GetFileSystemInfos().Select(entry => entry.Name));
    }

    [Theory]
    [InlineData(3, 0)]
    [InlineData(4, 1)]
    public void Run_InterruptedAndResumed_EndsWithTheSameBytes(int interruption, double weight)
    {
        var config = _tiny with { Training = _tiny.Training with { WordMatching = weight, SummaryWords = weight } };
        Run(config, new Recorded(), CancellationToken.None);
        var whole = File.ReadAllBytes(Output);
        File.Delete(Output);

        using var cancellation = new CancellationTokenSource();
        var progress = new Recorded(step => { if (step == interruption) { cancellation.Cancel(); } });
        Assert.Throws<OperationCanceledException>(() => Run(config, progress, cancellation.Token));
        Assert.False(File.Exists(Output));
        var resumed = new Recorded();
        Run(config, resumed, CancellationToken.None);

        Assert.Equal(interruption + 1, resumed.Steps[0]);
        Assert.Equal(whole, File.ReadAllBytes(Output));
    }

    [Fact]
    public void Run_MatchingWords_LearnsSo_AndSavesItsHead()
    {
        var longer = _tiny with
        {
            Training = _tiny.Training with { Steps = 60, BatchSize = 16, LearningRate = 3e-3, WordMatching = 1 },
            Evaluation = _tiny.Evaluation with { Every = 20, Samples = 64 },
        };
        var curve = Run(longer, new Recorded(), CancellationToken.None).Curve;

        using var scope = NewDisposeScope();
        var checkpoint = CheckpointFile.Read(Output);
        Assert.Equal([2, 16], checkpoint.Tensors["word_itm_score.fc.weight"].shape);
        Assert.True(curve[^1].TrainingLoss < 0.9 * curve[0].TrainingLoss, $"{curve[0].TrainingLoss} to {curve[^1].TrainingLoss}");
    }

    [Fact]
    public void Run_TellingWordsByTheSummary_LearnsSo_AndLeavesOtherHeadsAsTheyBegin()
    {
        var training = _tiny.Training with { Steps = 60, BatchSize = 16, LearningRate = 3e-3 };
        var config = _tiny with { Training = training with { SummaryWords = 1 }, Evaluation = _tiny.Evaluation with { Every = 20, Samples = 64 } };
        var (plain, told) = (Run(config with { Training = training }, new Recorded(), CancellationToken.None), Run(config, new Recorded(), CancellationToken.None));

        using var scope = NewDisposeScope();
        Assert.Contains("summary_score.weight", CheckpointFile.Read(Output).Tensors.Keys);
        var (first, last) = (told.Curve[0].TrainingLoss - plain.Curve[0].TrainingLoss, told.Curve[^1].TrainingLoss - plain.Curve[^1].TrainingLoss);
        Assert.True(last < 0.9 * first, $"what the summary adds to the loss: {first} to {last}");
    }

    [Fact]
    public void Tell_WhereCaptionsHaveNoWordThatTheirFalseOnesLack_HasNothingToLearn()
    {
        using var scope = NewDisposeScope();
        var config = _tiny with { Training = _tiny.Training with { SummaryWords = 1 } };
        var data = PretrainingData.Of(Photos.Source, config, BackboneView.Natural);
        using var model = new PretrainingModel(config, data, CPU, features: null);
        using var batch = data.Batch(Split.Train, 0, 2);
        Assert.Equal(batch.WordLabels[0].eq(1).sum().item<long>(), model.Tell(batch)!.Answers.numel());
        batch.WordLabels.fill_(-100);
        Assert.Null(model.Tell(batch));
    }

    [Fact]
    public void Run_WithTheStateOfOtherSettings_RefusesAndKeepsIt()
    {
        using var cancellation = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Run(_tiny, new Recorded(_ => cancellation.Cancel()), cancellation.Token));

        var error = Assert.Throws<DasSearchException>(() => Run(_tiny, new Recorded(), CancellationToken.None, "other"));
        Assert.Contains("other settings", error.Message, StringComparison.Ordinal);
        Assert.True(Directory.Exists(Output + ".state"));
    }

    [Fact]
    public void Run_AnotherSeed_GivesAnotherModel()
    {
        Run(_tiny, new Recorded(), CancellationToken.None);
        var first = File.ReadAllBytes(Output);
        Run(_tiny with { Seed = 1 }, new Recorded(), CancellationToken.None);
        Assert.NotEqual(first, File.ReadAllBytes(Output));
    }

    [Fact]
    public void Run_ToTheEnd_LeavesNoTensorsBehind()
    {
        // TorchSharp 0.107 counts the tensor that a Parameter was made of for good: as many as a model has, however long it is trained.
        var few = LeftBy(_tiny);
        var many = LeftBy(_tiny with { Training = _tiny.Training with { Steps = 12 } });
        Assert.Equal(few, many);

        long LeftBy(PretrainingConfig config)
        {
            Run(config, new Recorded(), CancellationToken.None);
            var before = LiveTensors.Count();
            Run(config, new Recorded(), CancellationToken.None);
            return LiveTensors.Count() - before;
        }
    }

    [Fact]
    public void Run_SomeDozenSteps_LowersTheLoss()
    {
        var longer = _tiny with
        {
            Training = _tiny.Training with { Steps = 60, BatchSize = 16, LearningRate = 3e-3 },
            Evaluation = _tiny.Evaluation with { Every = 20, Samples = 64 },
        };
        var curve = Run(longer, new Recorded(), CancellationToken.None).Curve;
        Assert.True(curve[^1].TrainingLoss < 0.9 * curve[0].TrainingLoss, $"{curve[0].TrainingLoss} to {curve[^1].TrainingLoss}");
    }

    [Theory]
    [InlineData(13, 2, "model.patch_size must divide")]
    [InlineData(28, 3, "model.heads must divide")]
    public void Run_SizesThatDoNotFit_NameTheKey(int patch, int heads, string expected)
    {
        var wrong = _tiny with { Model = _tiny.Model with { PatchSize = patch, Heads = heads } };
        var error = Assert.Throws<ConfigException>(() => Run(wrong, new Recorded(), CancellationToken.None));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private PretrainingResult Run(PretrainingConfig config, Recorded progress, CancellationToken cancellation, string sha = "tiny")
    {
        var data = PretrainingData.Of(Photos.Source, config, BackboneView.Natural);
        return new Pretrainer(config, sha, data, CPU).Run(Output, new Dictionary<string, string>(), progress, cancellation);
    }

    private sealed class Recorded(Action<int>? onStep = null) : IPretrainingProgress
    {
        internal List<int> Steps { get; } = [];

        internal List<HeldOutFigures> Figures { get; } = [];

        public void Stepped(int done, double loss)
        {
            Steps.Add(done);
            onStep?.Invoke(done);
        }

        public void Evaluated(HeldOutFigures figures) => Figures.Add(figures);
    }
}
