using DasSearch.Core;
using DasSearch.Data;
using DasSearch.Worker.Networks;
using DasSearch.Worker.Tests.Support;
using DasSearch.Worker.Training;

namespace DasSearch.Worker.Tests.Training;

public sealed class LatencyMeterTests
{
    [Fact]
    public void MeasureModules_OfASupernet_TimesEachModuleAndLeavesNoTensor()
    {
        var task = new SmallTask("fashionvl-vqa");
        var config = TinySearch.Config;
        using var supernet = TinySearch.Network(config, task);
        using var full = TransferNetwork.Build(TinySearch.Request(config, task).Untouched());
        using var batch = task.Batch(Split.Validation, 0, 0, 4);
        var before = LiveTensors.Count();
        var latency = LatencyMeter.MeasureModules(full, supernet, batch);

        Assert.Equal(before, LiveTensors.Count());
        Assert.Equal(4, latency.Batch);
        Assert.Equal(TinySearch.Layers, latency.SavedMilliseconds.Count);
        Assert.Throws<ArgumentException>(() => latency.Of(new Subnetwork(2, [0])));
    }
}
