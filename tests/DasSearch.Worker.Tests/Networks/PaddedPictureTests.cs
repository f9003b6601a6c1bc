using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Data;
using DasSearch.Data.Tasks;
using DasSearch.Data.Tests.Support;
using DasSearch.Transfer;
using DasSearch.Worker.Networks;
using DasSearch.Worker.Tests.Support;
using static TorchSharp.torch;

namespace DasSearch.Worker.Tests.Networks;

/// <summary>Pictures of several sizes in one batch.</summary>
public sealed class PaddedPictureTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-padded-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("nlvr2")]
    [InlineData("flickr30k")]
    [InlineData("photos")]
    public void Logits_OfAPaddedBatch_AreThoseOfEachSampleAlone(string name)
    {
        _ = new DrawnFolders(_folder.FullName).Write(name);
        var task = TaskTable.Named(name).Open(new DataSources(static _ => null), new TaskSettings(Candidates: 3)
        {
            View = BackboneView.Natural with { TakesPadding = true },
            Data = new DataConfig { Root = _folder.FullName, Side = 64, Shape = PictureShape.Ratio, TextLength = 12 },
        });
        var config = TinySearch.Config with { Task = name, Model = new ModelConfig { Width = 16, Layers = TinySearch.Layers, Heads = 2, PatchSize = 32 } };
        using var scope = NewDisposeScope();
        using var unrecorded = no_grad();
        using var network = TransferNetwork.Build(TinySearch.Request(config, task) with { Method = new LinearTransfer() });
        network.Train(false);
        var whole = Subnetwork.Whole(TinySearch.Layers);
        using var batch = task.Batch(Split.Test, epoch: 0, index: 0, size: 4);
        Assert.Contains(batch.PixelMasks!, static mask => mask is not null);
        var together = network.Logits(batch, whole);
        for (var row = 0; row < batch.Size; row++)
        {
            using var alone = task.Batch(Split.Test, epoch: 0, index: row, size: 1);
            Assert.All(alone.PixelMasks!, Assert.Null);
            Assert.True(together.narrow(0, row, 1).allclose(network.Logits(alone, whole), rtol: 1e-4, atol: 1e-5));
        }
    }
}
