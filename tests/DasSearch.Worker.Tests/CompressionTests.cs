using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Data.Pretraining;
using DasSearch.Data.Tasks;
using DasSearch.Models.Backbones;
using DasSearch.Models.Checkpoints;
using DasSearch.Worker.Pretraining;
using DasSearch.Worker.Tests.Support;
using static TorchSharp.torch;

namespace DasSearch.Worker.Tests;

/// <summary>A tiny ViLT on real photographs, made one of a low rank and trained on a few steps.</summary>
public sealed class CompressionTests : IDisposable
{
    private static readonly PretrainingScheduleConfig _schedule = new() { Steps = 6, BatchSize = 4, WarmUpSteps = 2, EasyShare = 0 };
    private static readonly PretrainingEvaluationConfig _evaluation = new() { Every = 4, Samples = 8, FinalSamples = 8 };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-compress-");

    public CompressionTests()
    {
        var config = new PretrainingConfig
        {
            Output = "vilt.safetensors",
            Model = new() { Width = 16, Layers = 2, Heads = 2, PatchSize = 28, Dropout = 0.1 },
            Training = _schedule with { Steps = 1 },
            Evaluation = _evaluation,
        };
        new Pretrainer(config, "original", PretrainingData.Of(Photos.Source, config, BackboneView.Natural), CPU)
            .Run(Original, new Dictionary<string, string>(), new Recorded(), CancellationToken.None);
    }

    private CompressionConfig Tiny { get; } = new()
    {
        Checkpoint = "vilt.safetensors", Output = "low.safetensors", Training = _schedule, Evaluation = _evaluation, Compress = new() { Keep = "blocks.0.mlp" },
    };

    private string Original => Path.Combine(_folder.FullName, "vilt.safetensors");

    private string Output => Path.Combine(_folder.FullName, "low.safetensors");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Run_ToTheEnd_WritesFactorsThatTheBackboneTakes()
    {
        var progress = new Recorded();
        var result = Run(Tiny, progress, CancellationToken.None);

        using var scope = NewDisposeScope();
        var (before, after) = (CheckpointFile.Read(Original).Tensors, CheckpointFile.Read(Output).Tensors);
        Assert.Equal([0, 4, 6], result.Curve.Select(figures => figures.Step)); // the factors as they are, first
        Assert.Equal(6, progress.Factorised);
        Assert.Contains("transformer.blocks.0.mlp.fc1.weight", after.Keys);
        Assert.Equal([4L, 16], after["transformer.blocks.1.attn.proj.0.weight"].shape);
        Assert.Equal([48L, 6], after["transformer.blocks.0.attn.qkv.1.weight"].shape);
        Assert.Contains("mlm_score.bias", after.Keys);
        Assert.NotEqual(before["pooler.dense.weight"].bytes.ToArray(), after["pooler.dense.weight"].bytes.ToArray()); // all is trained
        var loaded = BackboneTable.BuiltIn.Named("vilt").Load(new BackboneRequest
        {
            Input = new InputShape((int)after["mlm_score.bias"].size(0), 26, 56, 56),
            Checkpoint = Output,
        });
        using var backbone = loaded.Backbone;
        Assert.Equal(6, backbone.Description.Projections.Count(place => place.Rank is not null));
        Assert.Equal(["low.safetensors", "vilt.safetensors"], _folder.GetFileSystemInfos().Select(entry => entry.Name).Order());
    }

    [Fact]
    public void Run_InterruptedAndResumed_EndsWithTheSameBytes()
    {
        var whole = Run(Tiny, new Recorded(), CancellationToken.None);
        var bytes = File.ReadAllBytes(Output);
        File.Delete(Output);

        using var cancellation = new CancellationTokenSource();
        var progress = new Recorded(step => { if (step == 3) { cancellation.Cancel(); } });
        Assert.Throws<OperationCanceledException>(() => Run(Tiny, progress, cancellation.Token));
        var resumed = new Recorded();
        var result = Run(Tiny, resumed, CancellationToken.None);

        Assert.Equal([4, 5, 6], resumed.Steps);
        Assert.Equal(bytes, File.ReadAllBytes(Output));
        Assert.Equal(whole.Curve.Select(figures => figures with { Seconds = 0 }), result.Curve.Select(figures => figures with { Seconds = 0 }));
    }

    [Fact]
    public void Run_WithoutTheTerms_LearnsFromThePreTrainingsLossAlone()
    {
        var none = Tiny with { Compress = Tiny.Compress with { Alpha = 0, Beta = 0 } };
        Run(none, new Recorded(), CancellationToken.None);
        var alone = File.ReadAllBytes(Output);
        foreach (var other in new[] { none.Compress with { Alpha = 1 }, none.Compress with { Beta = 1, Epsilon = 0.1 } })
        {
            Run(none with { Compress = other }, new Recorded(), CancellationToken.None);
            Assert.NotEqual(alone, File.ReadAllBytes(Output));
        }
    }

    [Fact]
    public void Run_WithFeatureDistillationAlone_BringsTheFactorsNearerToTheOriginal()
    {
        // The losses of steps have all terms in them: with 𝛼 above all, they are about the features.
        var losses = new List<double>();
        var config = Tiny with
        {
            Compress = Tiny.Compress with { Kappa = 4, Alpha = 1e4, Beta = 0 },
            Training = _schedule with { Steps = 30, BatchSize = 8, LearningRate = 3e-3 },
        };
        Run(config, new Recorded(onLoss: losses.Add), CancellationToken.None);
        Assert.True(losses[^5..].Average() < 0.7 * losses[..5].Average(), $"{losses[..5].Average()} to {losses[^5..].Average()}");
    }

    [Fact]
    public void Run_ToTheEnd_LeavesNoTensorsBehind()
    {
        var few = LeftBy(Tiny);
        var many = LeftBy(Tiny with { Training = _schedule with { Steps = 12 } });
        Assert.Equal(few, many);

        long LeftBy(CompressionConfig config)
        {
            Run(config, new Recorded(), CancellationToken.None);
            var before = LiveTensors.Count();
            Run(config, new Recorded(), CancellationToken.None);
            return LiveTensors.Count() - before;
        }
    }

    [Theory]
    [InlineData(9, "compress.kappa leaves transformer.blocks.0.attn.proj of 16 inputs and 16 outputs no rank: it must be at most 8, not 9")]
    public void Open_KappaThatLeavesNoRank_NamesTheLinearAndTheMost(double kappa, string expected)
    {
        var error = Assert.Throws<ConfigException>(() => Run(Tiny with { Compress = new() { Kappa = kappa } }, new Recorded(), CancellationToken.None));
        Assert.Equal(expected, error.Message);
    }

    [Fact]
    public void Run_ACheckpointWithoutItsHeads_SaysWhichIsMissing()
    {
        using (NewDisposeScope())
        {
            var (tensors, metadata) = CheckpointFile.Read(Original);
            CheckpointFile.Write(Original, tensors.Where(entry => entry.Key != "itm_score.fc.bias").ToDictionary(), metadata);
        }

        var error = Assert.Throws<DasSearchException>(() => Run(Tiny, new Recorded(), CancellationToken.None));
        Assert.Equal($"{Original} lacks itm_score.fc.bias: training on needs the model with the heads that it was pre-trained by", error.Message);
    }

    private PretrainingResult Run(CompressionConfig config, Recorded progress, CancellationToken cancellation)
    {
        using var compression = new Compression(config, Original, progress, CancellationToken.None);
        var pretraining = config.Pretraining();
        return new Pretrainer(pretraining, "tiny", PretrainingData.Of(Photos.Source, pretraining, BackboneView.Natural), CPU, features: null, compression)
            .Run(Output, compression.Metadata, progress, cancellation);
    }

    private sealed class Recorded(Action<int>? onStep = null, Action<double>? onLoss = null) : ICompressionProgress
    {
        internal List<int> Steps { get; } = [];

        internal int Factorised { get; private set; }

        public void Stepped(int done, double loss)
        {
            Steps.Add(done);
            onLoss?.Invoke(loss);
            onStep?.Invoke(done);
        }

        public void Evaluated(HeldOutFigures figures)
        {
        }

        public void Factorising(int number, int total) => Factorised = number;

        void ICompressionProgress.Factorised(Compression compression)
        {
        }

        void ICompressionProgress.Evaluated(ClassifierFigures figures)
        {
        }
    }
}
