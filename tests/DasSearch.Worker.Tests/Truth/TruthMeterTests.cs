using DasSearch.Core;
using DasSearch.Data;
using DasSearch.Worker.Tests.Support;
using DasSearch.Worker.Training;
using DasSearch.Worker.Truth;
using static TorchSharp.torch;

namespace DasSearch.Worker.Tests.Truth;

/// <summary>The table of all subnetworks is what evaluating each of them gives.</summary>
public sealed class TruthMeterTests
{
    [Fact]
    public void Measure_AllPairs_IsWhatSeparateEvaluationsGive()
    {
        using var scope = NewDisposeScope();
        var task = new SmallTask(TinySearch.Config.Task);
        using var network = TinySearch.Network(TinySearch.Config, task.Facts);
        var (meter, heard) = (new TruthMeter(network, task, CPU), new List<(int, int)>());

        var truths = meter.Measure(2, Split.Validation, batchSize: 5, (done, of) => heard.Add((done, of)), CancellationToken.None);

        Assert.Equal(Combinations.All(TinySearch.Layers, 2), truths.Select(truth => truth.Subnetwork));
        Assert.Equal([(1, 3), (2, 3), (3, 3)], heard);
        Assert.All(truths, truth =>
        {
            var alone = TaskEvaluation.Score(network, task, Split.Validation, truth.Subnetwork, 5, CPU, CancellationToken.None);
            Assert.Equal(alone.Loss, truth.Loss, 1e-5);
            Assert.Equal(alone.Accuracy, truth.Accuracy, 1e-9);
            Assert.Equal(12, truth.Losses.Count);
        });

        // 6 sets of 4 modules in 3 batches; as a tree of prefixes, 2 + 4 + 6 + 6.
        Assert.Equal((3 * 18, 3 * 24), (meter.ModulesRun, meter.ModulesOfSeparatePasses));
    }

    [Fact]
    public void Measure_Ended_Ends()
    {
        using var scope = NewDisposeScope();
        var task = new SmallTask(TinySearch.Config.Task);
        using var network = TinySearch.Network(TinySearch.Config, task.Facts);
        Assert.Throws<OperationCanceledException>(
            () => new TruthMeter(network, task, CPU).Measure(2, Split.Validation, 5, (_, _) => { }, new CancellationToken(canceled: true)));
    }
}
