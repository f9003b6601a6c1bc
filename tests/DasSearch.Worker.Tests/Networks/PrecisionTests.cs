using DasSearch.Core;
using DasSearch.Data;
using DasSearch.Worker.Networks;
using DasSearch.Worker.Tests.Support;
using static TorchSharp.torch;

namespace DasSearch.Worker.Tests.Networks;

/// <summary>bfloat16 is for what is frozen: what is trained, and what is scored by, stays float32.</summary>
public sealed class PrecisionTests
{
    [Theory]
    [InlineData("vilt", Granularity.Layers)]
    [InlineData("vilt", Granularity.SubLayers)]
    [InlineData("meter", Granularity.Layers)]
    [InlineData("meter", Granularity.SubLayers)]
    public void BFloat16_ComputesNearlyTheSame_AndTrainsInFloat32(string backbone, Granularity granularity)
    {
        using var scope = NewDisposeScope();
        var task = new SmallTask("fashionvl-vqa");
        var request = TinySearch.Request(TinySearch.Config with { Backbone = backbone, Granularity = granularity }, task);
        using var full = TransferNetwork.Build(request);
        using var half = TransferNetwork.Build(request with { Precision = Precision.BFloat16 });
        using var batch = task.Batch(Split.Validation, 0, 0, 12);
        var skipped = new Subnetwork(full.Backbone.Modules.Count, [1]);

        full.Train(false);
        half.Train(false);
        Assert.Equal(full.CountParameters(), half.CountParameters());
        Assert.All(half.Trained, parameter => Assert.Equal(ScalarType.Float32, parameter.Parameter.dtype));
        var (expected, found) = (full.Logits(batch, skipped), half.Logits(batch, skipped));
        Assert.Equal(ScalarType.Float32, found.dtype);
        Assert.NotEqual(expected.bytes.ToArray(), found.bytes.ToArray());
        Assert.True(found.allclose(expected, 0.05, 0.02), $"differs by {(found - expected).abs().max().item<float>()}");

        half.Loss(found, batch).backward();
        full.Loss(expected, batch).backward();
        Assert.All(full.Trained.Zip(half.Trained), pair =>
        {
            var (one, other) = (pair.First.Parameter.grad, pair.Second.Parameter.grad);
            Assert.Equal(one is null, other is null);
            Assert.True(one is null || other!.sub(one).norm().item<float>() <= (0.1 * one.norm().item<float>()) + 1e-3, pair.First.Name);
        });
    }

    [Fact]
    public void BFloat16_OfASearch_RepeatsAndResumesBitForBit()
    {
        var config = TinySearch.Config with { Precision = Precision.BFloat16 };
        var folder = Directory.CreateTempSubdirectory("das-precision-");
        try
        {
            var (whole, resumed, other) = (new MemoryRecorder(), new MemoryRecorder(), new MemoryRecorder());
            TinySearch.Run(config, whole, Path.Combine(folder.FullName, "whole"));
            TinySearch.Run(TinySearch.Config, other, Path.Combine(folder.FullName, "other"));
            Assert.Throws<OperationCanceledException>(() => { TinySearch.Run(config, resumed, Path.Combine(folder.FullName, "parts"), endAfter: 5); });
            TinySearch.Run(config, resumed, Path.Combine(folder.FullName, "parts"));

            Assert.Equal(whole.Metrics, resumed.Metrics);
            Assert.NotEqual(other.Metrics, whole.Metrics);

            // Later ones part, since each step goes on from another one's rounding.
            Assert.Equal(FirstLosses(other), FirstLosses(whole), static (one, another) => Math.Abs(one - another) < 0.002 * one);
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        static IEnumerable<double> FirstLosses(MemoryRecorder run) =>
            run.Metrics.Where(static metric => metric.Key is { Name: "train.loss", Step: <= 2 }).Select(static metric => metric.Value!.Value);
    }
}
