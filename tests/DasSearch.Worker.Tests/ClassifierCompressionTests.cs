using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Data;
using DasSearch.Data.Tasks;
using DasSearch.Data.Tests.Support;
using DasSearch.Models.Backbones;
using DasSearch.Models.Checkpoints;
using DasSearch.Transfer;
using DasSearch.Worker.Networks;
using DasSearch.Worker.Pretraining;
using DasSearch.Worker.Tests.Support;
using DasSearch.Worker.Training;
using static TorchSharp.torch;

namespace DasSearch.Worker.Tests;

/// <summary>Tiny classifiers of drawn pictures, made ones of a low rank and trained on a few steps.</summary>
public sealed class ClassifierCompressionTests : IDisposable
{
    private const int Classes = 3;
    private const int Side = 16;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-compress-");

    public ClassifierCompressionTests() => new DrawnFolders(_folder.FullName).Photos(classes: Classes);

    private CompressionConfig Tiny { get; } = new()
    {
        Checkpoint = "original.safetensors",
        Output = "low.safetensors",
        Task = "photos",
        Compress = new() { Keep = "blocks.0.mlp", Alpha = 1 },
        Training = new() { Steps = 5, BatchSize = 5, WarmUpSteps = 1 },
        Evaluation = new() { Every = 3, Samples = 4, FinalSamples = 100 },
    };

    private string Original => Path.Combine(_folder.FullName, "original.safetensors");

    private string Output => Path.Combine(_folder.FullName, "low.safetensors");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Run_OfADeiT_WritesFactorsAndBothClassifiers_WhichDoWhatWasMeasured()
    {
        WriteDeiT();
        var watched = new Watched();
        var result = Run(Tiny, watched);

        using var scope = NewDisposeScope();
        var (before, after) = (CheckpointFile.Read(Original).Tensors, CheckpointFile.Read(Output).Tensors);
        Assert.Equal([0, 3, 5], result.Curve.Select(static figures => figures.Step));
        Assert.Equal(result.Curve, watched.Figures);
        Assert.Equal(before.Keys.Where(static name => name.StartsWith("head", StringComparison.Ordinal)).Order(), after.Keys.Where(static name => name.StartsWith("head", StringComparison.Ordinal)).Order());
        Assert.All(["pos_embed", "head.weight", "head_dist.weight", "blocks.0.mlp.fc1.weight"], name => Assert.False(before[name].allclose(after[name], 0, 0))); // all is trained
        Assert.Equal([4L, 16], after["blocks.1.attn.proj.0.weight"].shape);

        var scored = Score(Output);
        Assert.Equal((result.Test.Accuracy, result.Test.Loss), (scored.Accuracy, scored.Loss), new Near());
        var original = Score(Original);
        Assert.Equal((result.Original!.Accuracy, result.Original.Loss), (original.Accuracy, original.Loss), new Near());
        Assert.Equal(["low.safetensors", "original.safetensors", "train", "val"], _folder.GetFileSystemInfos().Select(static entry => entry.Name).Order());
    }

    [Fact]
    public void Run_InterruptedAndResumed_EndsWithTheSameBytes()
    {
        WriteSwin();
        var config = Tiny with { Model = new ModelConfig { Dropout = 0.1 } };
        var whole = Run(config, new Watched());
        var bytes = File.ReadAllBytes(Output);
        File.Delete(Output);
        using var cancellation = new CancellationTokenSource();
        var stopped = new Watched(step => { if (step == 4) { cancellation.Cancel(); } });
        Assert.Throws<OperationCanceledException>(() => Run(config, stopped, cancellation.Token));
        var resumed = new Watched();
        var result = Run(config, resumed);

        Assert.Equal([5], resumed.Losses.Select(static loss => loss.Step));
        Assert.Equal(bytes, File.ReadAllBytes(Output));
        Assert.Equal(whole.Curve.Select(static figures => figures with { Seconds = 0 }), result.Curve.Select(static figures => figures with { Seconds = 0 }));
        Assert.Null(result.Original); // it has no classifier
        using var scope = NewDisposeScope();
        Assert.Equal([Classes, 32L], CheckpointFile.Read(Output).Tensors["head.weight"].shape);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(2, 0)]
    [InlineData(0, 3)]
    [InlineData(2, 3)]
    public void Loss_OfTheFirstStep_IsCrossEntropyAndTheTermsOfTheFactors(double alpha, double beta)
    {
        WriteSwin();
        var config = Tiny with { Compress = Tiny.Compress with { Alpha = alpha, Beta = beta, Epsilon = 0.01 }, Training = Tiny.Training with { Steps = 1 } };
        var watched = new Watched();
        Run(config, watched);

        using var scope = NewDisposeScope();
        using var unrecorded = no_grad();
        using var compression = new Compression(config, Original, new Watched(), CancellationToken.None);
        var factors = Path.Combine(_folder.FullName, "factors.safetensors");
        compression.Write(factors, compression.Metadata);
        var task = Open();
        using var student = TransferNetwork.Build(Request(task, factors) with { Method = new FullTransfer() });
        using var teacher = TransferNetwork.Build(Request(task, Original));
        using var batch = task.Batch(Split.Train, epoch: 0, index: 0, size: 5);
        var whole = Subnetwork.Whole(student.Backbone.Modules.Count);
        var (own, other) = (student.Trace(batch, whole), teacher.Trace(batch, whole));
        var expected = nn.functional.cross_entropy(own.Logits, batch.Labels).item<float>()
            + (alpha * own.Passes[0].Zip(other.Passes[0]).Average(static pair => (pair.First.Stream - pair.Second.Stream).square().mean().item<float>()));
        if (beta > 0)
        {
            var (low, full) = (student.BackboneParameters, teacher.BackboneParameters);
            expected += beta * compression.Ranks.Keys.Average(name =>
                Math.Pow((low[name + ".1.weight"].matmul(low[name + ".0.weight"]) - full[name + ".weight"]).abs().max().item<float>() - 0.01, 2));
        }

        Assert.Equal(expected, Assert.Single(watched.Losses).Loss, 1e-4);
    }

    [Fact]
    public void Run_ToTheEnd_LeavesNoTensorsBehind()
    {
        WriteDeiT();
        Assert.Equal(LeftBy(Tiny), LeftBy(Tiny with { Training = Tiny.Training with { Steps = 9 } }));

        long LeftBy(CompressionConfig config)
        {
            Run(config, new Watched());
            var before = LiveTensors.Count();
            Run(config, new Watched());
            return LiveTensors.Count() - before;
        }
    }

    private ClassifierResult Run(CompressionConfig config, Watched watched, CancellationToken cancellation = default)
    {
        using var compression = new Compression(config, Original, watched, CancellationToken.None);
        using var classifier = new ClassifierCompression(
            config, compression, Request(Open(), Original) with { Method = new FullTransfer(), Sizes = config.Model, Backbone = BackboneTable.BuiltIn.Named(compression.Network.Backbone) }, watched);
        return classifier.Run(Output, "tiny", compression.Metadata, cancellation);
    }

    private TaskScore Score(string checkpoint)
    {
        var task = Open();
        using var network = TransferNetwork.Build(Request(task, checkpoint));
        return TaskEvaluation.Score(network, task, Split.Test, Subnetwork.Whole(network.Backbone.Modules.Count), batchSize: 4, CancellationToken.None);
    }

    private static NetworkRequest Request(IVisionLanguageTask task, string checkpoint) => new()
    {
        Backbone = BackboneTable.BuiltIn.Named(LowRankCheckpoint.NetworkOf(checkpoint).Backbone),
        Method = new LinearTransfer(),
        Task = task,
        Checkpoint = checkpoint,
    };

    private IVisionLanguageTask Open() => TaskTable.Named("photos").Open(
        Photos.Source, new TaskSettings { Data = new DataConfig { Root = _folder.FullName, Side = Side }, View = BackboneView.Natural });

    private void WriteDeiT()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(1);
        using var vit = new Vit(
            new VitConfig { Width = 16, Layers = 2, Heads = 2, InnerWidth = 64, PatchSize = 8, Side = Side, HasDistillation = true }, new BackboneRequest { Input = new InputShape(9, 4, Side, Side) });
        var tensors = new Dictionary<string, Tensor>(vit.state_dict());
        foreach (var head in new[] { "head", "head_dist" })
        {
            tensors[head + ".weight"] = randn(Classes, 16);
            tensors[head + ".bias"] = randn(Classes);
        }

        CheckpointFile.Write(Original, tensors, vit.Metadata);
    }

    private void WriteSwin()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(1);
        using var swin = new Swin(
            new SwinConfig { Width = 16, Depths = [1, 2], Heads = [1, 2], Window = 2, PatchSize = 4, Side = Side }, new BackboneRequest { Input = new InputShape(9, 4, Side, Side) });
        CheckpointFile.Write(Original, swin.state_dict());
    }

    private sealed class Near : IEqualityComparer<(double Accuracy, double Loss)>
    {
        public bool Equals((double Accuracy, double Loss) x, (double Accuracy, double Loss) y) => x.Accuracy == y.Accuracy && Math.Abs(x.Loss - y.Loss) < 1e-5;

        public int GetHashCode((double Accuracy, double Loss) obj) => 0;
    }

    private sealed class Watched(Action<int>? onStep = null) : ICompressionProgress
    {
        internal List<(int Step, double Loss)> Losses { get; } = [];

        internal List<ClassifierFigures> Figures { get; } = [];

        public void Stepped(int done, double loss)
        {
            Losses.Add((done, loss));
            onStep?.Invoke(done);
        }

        public void Evaluated(ClassifierFigures figures) => Figures.Add(figures);

        public void Evaluated(HeldOutFigures figures)
        {
        }

        public void Factorising(int number, int total)
        {
        }

        public void Factorised(Compression compression)
        {
        }
    }
}
