using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Data.Batches;
using DasSearch.Transfer;
using DasSearch.Worker.Networks;
using DasSearch.Worker.Resuming;
using DasSearch.Worker.Tests.Support;
using DasSearch.Worker.Training;
using static TorchSharp.torch;

namespace DasSearch.Worker.Tests.Training;

/// <summary>What image classifiers are trained with besides: smoothed labels and stochastic depth.</summary>
public sealed class RegularisationTests : IDisposable
{
    private static readonly Subnetwork _whole = Subnetwork.Whole(3);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-regular-");

    public void Dispose() => _folder.Delete(recursive: true);

    // PyTorch's cross_entropy(…, label_smoothing=ε) of these.
    [Theory]
    [InlineData(0, 1.9532747)]
    [InlineData(0.1, 1.9810524)]
    [InlineData(0.3, 2.0366080)]
    public void TrainingLoss_WithSmoothedLabels_IsPyTorchs(double smoothing, double expected)
    {
        using var scope = NewDisposeScope();
        using var network = Build(dropPath: 0);
        var logits = tensor(new float[,] { { 1, 2, 3 }, { 0.5f, -1, 4 }, { 2, 0.25f, -3 } });
        using var batch = new Batch([], new Texts(zeros(3, 4, int64), ones(3, 4, @bool)), tensor(new long[] { 2, 0, 1 }), Targets: null, [0, 1, 2]);
        Assert.Equal(expected, network.TrainingLoss(logits, batch, smoothing).item<float>(), 1e-6);
        Assert.Equal(1.9532747, network.Loss(logits, batch).item<float>(), 1e-6); // rewards and figures are of the labels as they are
    }

    [Fact]
    public void Run_WithBoth_LearnsOtherwise_AndResumesBitForBit()
    {
        var settings = new TrainingConfig { Epochs = 2, BatchSize = 6, LearningRate = 1e-2, LabelSmoothing = 0.1, DropPath = 0.5 };
        var whole = Train(settings, "whole");
        Assert.Equal(8, whole.Count(static metric => metric.Name == "train.loss"));
        Assert.NotEqual(Train(settings with { DropPath = null }, "smoothed")[0].Value, whole[0].Value);
        Assert.NotEqual(Train(settings with { LabelSmoothing = null }, "dropped")[0].Value, whole[0].Value);
        using var cancellation = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Train(settings, "parts", batch => { if (batch == 2) { cancellation.Cancel(); } }, cancellation.Token));
        Assert.Equal(whole, Train(settings, "parts"));
    }

    [Fact]
    public void Build_OfABackboneWithoutIt_SaysWhichHaveIt()
    {
        var task = new SmallTask("fashionvl-vqa");
        var failure = Assert.Throws<ConfigException>(() => TransferNetwork.Build(TinySearch.Request(TinySearch.Config, task) with { DropPath = 0.1 }));
        Assert.Equal("training.drop_path is for backbones of images, vit and swin, not for vilt: leave it out", failure.Message);
    }

    private IReadOnlyList<Metric> Train(TrainingConfig settings, string state, Action<long>? learnt = null, CancellationToken cancellation = default)
    {
        var task = new SmallTask("fashionvl-nlvr2");
        using var network = Build(settings.DropPath ?? 0);
        return new PlanTraining(TinySearch.Config with { Training = settings }, network, _whole, task, seed: 1)
            .Run(new TrainingState(Path.Combine(_folder.FullName, state), "key", "training"), new Silent(learnt), cancellation);
    }

    private static TransferNetwork Build(double dropPath)
    {
        var task = new SmallTask("fashionvl-nlvr2");
        var config = new RunConfig { Task = "fashionvl-nlvr2", Backbone = "vit", Model = new() { Width = 16, Layers = 3, Heads = 2, PatchSize = task.Facts.ImageSide / 2 } };
        return TransferNetwork.Build(NetworkRequest.Supernet(config.Resolved(), checkpoint: null, task, CPU) with { Method = new FullTransfer(), DropPath = dropPath });
    }

    private sealed class Silent(Action<long>? learnt) : ITrainingProgress
    {
        public void Started(long batches, int batchesPerEpoch, long first)
        {
        }

        public void Learnt(long batch, double loss) => learnt?.Invoke(batch);

        public void Finished(int epoch, TaskScore score)
        {
        }

        public void Began(string what)
        {
        }
    }
}
