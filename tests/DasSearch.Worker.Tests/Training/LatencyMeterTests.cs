using DasSearch.Core;
using DasSearch.Data;
using DasSearch.Worker.Networks;
using DasSearch.Worker.Tests.Support;
using DasSearch.Worker.Training;
using static TorchSharp.torch;

namespace DasSearch.Worker.Tests.Training;

public sealed class LatencyMeterTests
{
    [Fact]
    public void MeasureModules_OfASupernet_TimesEachModuleAndLeavesNoTensor()
    {
        var task = new SmallTask("fashionvl-vqa");
        var config = TinySearch.Config;
        using var supernet = TinySearch.Network(config, task.Facts);
        using var full = TransferNetwork.Build(NetworkRequest.Untouched(config.Backbone, config.Model, null, task.Facts, TinySearch.Layers, CPU));
        using var batch = task.Batch(Split.Validation, 0, 0, 4);
        var before = Tensor.TotalCount;
        var latency = LatencyMeter.MeasureModules(full, supernet, batch);

        Assert.Equal(before, Tensor.TotalCount);
        Assert.Equal(4, latency.Batch);
        Assert.Equal(TinySearch.Layers, latency.SavedMilliseconds.Count);
        Assert.Throws<ArgumentException>(() => latency.Of(new Subnetwork(2, [0])));
    }
}
