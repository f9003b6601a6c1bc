using DasSearch.Core;
using DasSearch.Data;
using DasSearch.Worker.Networks;
using DasSearch.Worker.Tests.Support;
using static TorchSharp.torch;

namespace DasSearch.Worker.Tests.Networks;

/// <summary>Prefixes that are shared give what separate passes give, for every kind of task.</summary>
public sealed class PrefixCacheTests
{
    private const int Batch = 6;

    [Theory]
    [InlineData("fashionvl-vqa")]
    [InlineData("fashionvl-nlvr2")]
    [InlineData("fashionvl-retrieval")]
    public void Logits_OfAllSubnetworks_AreThoseOfSeparatePasses(string name)
    {
        using var scope = NewDisposeScope();
        using var unrecorded = no_grad();
        var task = new SmallTask(name);
        var config = (TinySearch.Config with { Task = name }).Resolved();
        using var network = TinySearch.Network(config, task);
        using var batch = task.Batch(Split.Validation, 0, 0, Batch);
        network.Train(false);
        using var prefixes = network.Prefixes(batch);
        Subnetwork[] all = [.. Enumerable.Range(0, TinySearch.Layers + 1).SelectMany(skip => Combinations.All(TinySearch.Layers, skip))];

        foreach (var subnetwork in PrefixCache.Order(all, one => one))
        {
            using var separate = network.Logits(batch, subnetwork);
            using var shared = network.Logits(batch, subnetwork, prefixes);
            Assert.Equal(separate.bytes.ToArray(), shared.bytes.ToArray());

            using var losses = network.SampleLosses(shared, batch);
            Assert.Equal(network.Loss(separate, batch).item<float>(), losses.mean().item<float>(), 1e-5f);
            Assert.Equal([Batch], losses.shape);
        }

        // Of one size, each node of their tree once: 2 + 4 + 6 + 6, for each of the task's images.
        var before = prefixes.ModulesRun;
        foreach (var subnetwork in PrefixCache.Order(Combinations.All(TinySearch.Layers, 2), one => one))
        {
            network.Logits(batch, subnetwork, prefixes).Dispose();
        }

        Assert.Equal(18 * task.Facts.Images, prefixes.ModulesRun - before);
    }

    [Fact]
    public void Logits_InAnyOrder_AreTheSame()
    {
        using var scope = NewDisposeScope();
        using var unrecorded = no_grad();
        var task = new SmallTask(TinySearch.Config.Task);
        using var network = TinySearch.Network(TinySearch.Config, task);
        using var batch = task.Batch(Split.Validation, 0, 0, Batch);
        network.Train(false);
        using var prefixes = network.Prefixes(batch);
        var random = new SeededRandom(3);

        for (var pass = 0; pass < 30; pass++)
        {
            var subnetwork = new Subnetwork(TinySearch.Layers, Enumerable.Range(0, TinySearch.Layers).Where(_ => random.Next(2) == 0));
            using var separate = network.Logits(batch, subnetwork);
            using var shared = network.Logits(batch, subnetwork, prefixes);
            Assert.Equal(separate.bytes.ToArray(), shared.bytes.ToArray());
        }
    }

    [Theory]
    [InlineData(12, 4, 0.35)]
    [InlineData(12, 6, 0.35)]
    public void Order_OfAllSubnetworks_RunsAShareOfTheModules(int modules, int skip, double most)
    {
        Subnetwork? last = null;
        var (run, all) = (0, Combinations.All(modules, skip).ToList());
        foreach (var one in PrefixCache.Order(all.OrderBy(set => set.GetHashCode()), set => set))
        {
            var shared = last is null ? 0 : Enumerable.Range(0, modules).TakeWhile(i => one.Contains(i) == last.Contains(i)).Count();
            run += modules - shared;
            last = one;
        }

        Assert.InRange((double)run / (all.Count * modules), 0, most);
    }
}
