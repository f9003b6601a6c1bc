using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Data;
using DasSearch.Transfer;
using DasSearch.Worker.Search;
using DasSearch.Worker.Tests.Support;
using static TorchSharp.torch;

namespace DasSearch.Worker.Tests.Search;

/// <summary>Which units of a supernet's adapters matter, on real photos.</summary>
public sealed class AdapterProbeTests
{
    [Fact]
    public void Measure_ASupernet_KnowsEveryUnitAndWhatItCosts()
    {
        using var scope = NewDisposeScope();
        var (config, task) = (TinySearch.Config, new SmallTask(TinySearch.Config.Task));
        using var network = TinySearch.Network(config, task);
        var placements = new DasTransfer().Layout(network.Backbone.Parts, skipped: null, new TransferSettings { Adapters = config.Adapters });
        var costs = network.Costs();

        var adapters = new AdapterProbe(config, network, task).Measure(CancellationToken.None);
        var again = new AdapterProbe(config, network, task).Measure(CancellationToken.None);

        Assert.Equal(
            placements.Select(placement => (placement.Module, placement.Placement, placement.Site, placement.Bottleneck)),
            adapters.Select(adapter => (network.Backbone.Parts[adapter.Module].Name, adapter.Placement, adapter.Site, adapter.Saliency.Count)));
        Assert.All(adapters, adapter => Assert.True(adapter.Saliency.Max() > 0)); // a unit of ReLU may be silent on all of a batch
        Assert.Equal(adapters.SelectMany(adapter => adapter.Saliency), again.SelectMany(adapter => adapter.Saliency));
        Assert.All(costs.Modules, module =>
        {
            var own = adapters.Where(adapter => adapter.Module == module.Module.Index).ToLookup(adapter => adapter.Placement);
            Assert.Equal(module.ReplacementParameters, own[Placement.Replace].Sum(adapter => adapter.Parameters(adapter.Saliency.Count)));
            Assert.Equal(module.AttachedParameters, own[Placement.Parallel].Sum(adapter => adapter.Parameters(adapter.Saliency.Count)));
            Assert.Equal(module.AttachedMultiplyAccumulates, own[Placement.Parallel].Sum(adapter => adapter.Saliency.Count * adapter.UnitMultiplyAccumulates));
        });
    }

    [Fact]
    public void Measure_AUnitThatDoesNothing_HasNoSaliency()
    {
        using var scope = NewDisposeScope();
        var (config, task) = (TinySearch.Config, new SmallTask(TinySearch.Config.Task));
        using var network = TinySearch.Network(config, task);
        using (no_grad())
        {
            network.TrainedState()["adapter_list.1.0.up_proj.weight"][.., 2] = 0;
        }

        var adapters = new AdapterProbe(config, network, task).Measure(CancellationToken.None);
        var replacement = adapters.Single(adapter => adapter is { Module: 1, Placement: Placement.Replace });
        Assert.Equal(0, replacement.Saliency[2]);
        Assert.All(new[] { 0, 1, 3 }, unit => Assert.True(replacement.Saliency[unit] > 0));
    }

    [Theory]
    [InlineData("adapter_list.2.0.up_proj.weight", "2,3", 6)] // in place of module 2
    [InlineData("transformer.blocks.0.adapter1.up_proj.weight", "2,3", 2)] // beside the feed-forward part of module 0
    public void UnitEffects_AreTheSlopesOfTheLoss(string name, string subnetwork, int adapter)
    {
        using var scope = NewDisposeScope();
        var (config, task) = (TinySearch.Config, new SmallTask(TinySearch.Config.Task));
        using var network = TinySearch.Network(config, task);
        using var batch = task.Batch(Split.Train, 0, 0, 6);
        var skipped = Subnetwork.Parse(subnetwork, TinySearch.Layers);
        network.Train(false);
        var effects = AdapterProbe.Effects(network.Units, network.Loss(network.Logits(batch, skipped), batch), skipped)
            .Single(entry => entry.Group == adapter).Effects;

        // The slope along a unit's outgoing weights, by what the loss is with a little more and a little less of them.
        const double Step = 0.05;
        var weights = network.TrainedState()[name];
        for (var unit = 0; unit < effects.Length; unit++)
        {
            Assert.Equal((LossWith(1 + Step, unit) - LossWith(1 - Step, unit)) / (2 * Step), effects[unit], 2e-4);
        }

        double LossWith(double factor, int unit)
        {
            using var unrecorded = no_grad();
            using var before = weights.clone();
            weights[.., unit] = before[.., unit] * factor;
            var loss = network.Loss(network.Logits(batch, skipped), batch).item<float>();
            weights.copy_(before);
            return loss;
        }
    }

    [Fact]
    public void UnitEffects_OfSeveralWeights_AreTheirSum()
    {
        using var scope = NewDisposeScope();
        var (rows, columns) = (tensor(new float[] { 1, 2, 3, 4 }, [2, 2], requires_grad: true), tensor(new float[] { 5, 6 }, [1, 2], requires_grad: true));
        var group = new UnitGroup(0, Placement.Parallel, Site.Attention, [rows, columns], Dimension: 1, default);
        var loss = rows.square().sum() + (3 * columns.sum());
        Assert.Equal([(2 * (1 + 9)) + (3 * 5), (2 * (4 + 16)) + (3 * 6)], AdapterProbe.Effects([group], loss, Subnetwork.Whole(1)).Single().Effects);
    }

    [Fact]
    public void Measure_Ended_Ends()
    {
        using var scope = NewDisposeScope();
        var (config, task) = (TinySearch.Config, new SmallTask(TinySearch.Config.Task));
        using var network = TinySearch.Network(config, task);
        Assert.Throws<OperationCanceledException>(() => new AdapterProbe(config, network, task).Measure(new CancellationToken(canceled: true)));
    }
}
