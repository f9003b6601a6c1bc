using DasSearch.Core;
using DasSearch.Data;
using DasSearch.Worker.Tests.Support;
using DasSearch.Worker.Training;
using DasSearch.Worker.Exhaustive;
using static TorchSharp.torch;

namespace DasSearch.Worker.Tests.Exhaustive;

/// <summary>The table of all subnetworks is what evaluating each of them gives.</summary>
public sealed class ExhaustiveMeterTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-truth-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Measure_AllPairs_IsWhatSeparateEvaluationsGive()
    {
        using var scope = NewDisposeScope();
        var task = new SmallTask(TinySearch.Config.Task);
        using var network = TinySearch.Network(TinySearch.Config, task);
        var (meter, heard) = (new ExhaustiveMeter(network, task, CPU), new List<(int, int)>());

        var truths = meter.Measure(2, Split.Validation, batchSize: 5, (done, of) => heard.Add((done, of)), CancellationToken.None);

        Assert.Equal(Combinations.All(TinySearch.Layers, 2), truths.Select(truth => truth.Subnetwork));
        Assert.Equal([(1, 3), (2, 3), (3, 3)], heard);
        Assert.All(truths, truth =>
        {
            var alone = TaskEvaluation.Score(network, task, Split.Validation, truth.Subnetwork, 5, CancellationToken.None);
            Assert.Equal(alone.Loss, truth.Loss, 1e-5);
            Assert.Equal(alone.Accuracy, truth.Accuracy, 1e-9);
            Assert.Equal(12, truth.Losses.Count);
        });

        // 6 sets of 4 modules in 3 batches; as a tree of prefixes, 2 + 4 + 6 + 6.
        Assert.Equal((3 * 18, 3 * 24), (meter.ModulesRun, meter.ModulesOfSeparatePasses));
    }

    [Fact]
    public void Measure_InterruptedAndCalledAgain_GoesOn_AndFindsTheSame()
    {
        using var scope = NewDisposeScope();
        var task = new SmallTask(TinySearch.Config.Task);
        using var network = TinySearch.Network(TinySearch.Config, task);
        var whole = new ExhaustiveMeter(network, task, CPU).Measure(2, Split.Validation, 5, (_, _) => { }, CancellationToken.None);
        using var interrupt = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Saved("this").Measure(2, Split.Validation, 5, (_, _) => interrupt.Cancel(), interrupt.Token));

        var heard = new List<(int, int)>();
        var meter = Saved("this");
        var truths = meter.Measure(2, Split.Validation, 5, (done, of) => heard.Add((done, of)), CancellationToken.None);

        Assert.Equal([(2, 3), (3, 3)], heard);
        Assert.Equal(2 * 18, meter.ModulesRun);
        Assert.Equal(whole.Select(truth => (truth.Subnetwork, truth.Correct)), truths.Select(truth => (truth.Subnetwork, truth.Correct)));
        Assert.All(whole.Zip(truths), pair => Assert.Equal(pair.First.Losses, pair.Second.Losses));
        var other = Assert.Throws<DasSearchException>(() => Saved("other").Measure(2, Split.Validation, 5, (_, _) => { }, CancellationToken.None));
        Assert.Contains("the state of a measurement with other settings", other.Message, StringComparison.Ordinal);

        ExhaustiveMeter Saved(string measured) => new(network, task, CPU, new ExhaustiveState(Path.Combine(_folder.FullName, "truth"), measured));
    }

    [Fact]
    public void Measure_Ended_Ends()
    {
        using var scope = NewDisposeScope();
        var task = new SmallTask(TinySearch.Config.Task);
        using var network = TinySearch.Network(TinySearch.Config, task);
        Assert.Throws<OperationCanceledException>(
            () => new ExhaustiveMeter(network, task, CPU).Measure(2, Split.Validation, 5, (_, _) => { }, new CancellationToken(canceled: true)));
    }
}
