using DasSearch.Core.Configuration;
using DasSearch.Data;
using DasSearch.Models.Backbones;
using DasSearch.Models.Checkpoints;
using DasSearch.Worker.Networks;
using DasSearch.Worker.Tests.Support;
using static TorchSharp.torch;

namespace DasSearch.Worker.Tests.Networks;

public sealed class LinearClassifierTests : IDisposable
{
    private readonly string _checkpoint = Path.Combine(Path.GetTempPath(), $"das-classifier-{Environment.ProcessId}.safetensors");

    public void Dispose() => File.Delete(_checkpoint);

    [Theory]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public void Build_OnAViT_StartsFromTheCheckpointsClassifier_WhereItHasAsManyClasses(int classes, bool isTaken)
    {
        using var scope = NewDisposeScope();
        using var unrecorded = no_grad();
        var task = new SmallTask("fashionvl-nlvr2"); // two images a statement
        var side = task.Facts.ImageSide;
        using var vit = new Vit(new VitConfig { Width = 16, Layers = 1, Heads = 2, InnerWidth = 32, PatchSize = side / 2, Side = side }, new BackboneRequest { Input = TransferNetwork.ShapeOf(task.Facts) });
        var head = randn(classes, 32);
        CheckpointFile.Write(
            _checkpoint, new Dictionary<string, Tensor>(vit.state_dict()) { ["head.weight"] = head, ["head.bias"] = arange(classes).to(ScalarType.Float32) }, vit.Metadata);
        var config = new RunConfig { Task = "fashionvl-nlvr2", Backbone = "vit" }.Resolved();
        using var network = TransferNetwork.Build(NetworkRequest.Supernet(config, _checkpoint, task, CPU));
        var own = network.Trained.Single(static trained => trained.Name == "head.weight");

        Assert.Equal(LearningRateGroup.Head, own.Group);
        Assert.Equal([2, 32], own.Parameter.shape);
        Assert.Equal(isTaken, own.Parameter.shape.SequenceEqual(head.shape) && own.Parameter.allclose(head, 0, 0));
        using var batch = task.Batch(Split.Validation, 0, 0, 4);
        Assert.Equal([4, 2], network.Logits(batch, Core.Subnetwork.Whole(1)).shape);
    }
}
