using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Data;
using DasSearch.Models.Backbones;
using DasSearch.Models.Checkpoints;
using DasSearch.Transfer;
using DasSearch.Worker.Networks;
using DasSearch.Worker.Resuming;
using DasSearch.Worker.Tests.Support;
using DasSearch.Worker.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DasSearch.Worker.Tests.Training;

/// <summary>The final stage: only what is planned is there, only what is meant to be trained changes.</summary>
public sealed class PlanTrainingTests : IDisposable
{
    private static readonly Subnetwork _skipped = new(TinySearch.Layers, [1, 3]);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-train-");
    private readonly DisposeScope _scope = NewDisposeScope();

    public static TheoryData<string, string> TasksAndMethods()
    {
        var data = new TheoryData<string, string>();
        foreach (var task in new[] { "fashionvl-vqa", "fashionvl-nlvr2", "fashionvl-retrieval" })
        {
            foreach (var method in TransferTable.BuiltIn.All)
            {
                data.Add(task, method.Name);
            }
        }

        return data;
    }

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [MemberData(nameof(TasksAndMethods))]
    public void Run_AnyTaskAndMethod_ChangesWhatIsTrainedAndNothingElse(string taskName, string method)
    {
        var task = new SmallTask(taskName);
        using var network = Build(task, method);
        var trained = network.TrainedState().ToDictionary(entry => entry.Key, entry => entry.Value.bytes.ToArray());
        var frozen = network.BackboneParameters.Where(entry => !trained.ContainsKey(entry.Key)).ToDictionary(entry => entry.Key, entry => entry.Value.bytes.ToArray());
        var outcome = Train(network, task, "run");

        Assert.Equal(8, outcome.Count(metric => metric.Name == "train.loss"));
        Assert.Equal(2, outcome.Count(metric => metric.Name == "validation.accuracy"));
        Assert.All(outcome, metric => Assert.NotNull(metric.Value));
        Assert.Contains(network.TrainedState(), entry => entry.Key.StartsWith("pooler.", StringComparison.Ordinal) && Changed(entry));
        Assert.All(frozen, entry => Assert.Equal(entry.Value, network.BackboneParameters[entry.Key].bytes.ToArray()));
        Assert.Equal(method == "full", trained.Keys.Any(name => name.EndsWith("attn.qkv.weight", StringComparison.Ordinal)));
        Assert.Equal(TransferTable.BuiltIn.Named(method).Replaces, trained.Keys.Any(name => name.StartsWith("adapter_list.", StringComparison.Ordinal)));
        Assert.DoesNotContain(trained.Keys, name => name.Contains("blocks.1.", StringComparison.Ordinal) || name.Contains("blocks.3.", StringComparison.Ordinal));

        bool Changed(KeyValuePair<string, Tensor> entry) => !entry.Value.bytes.ToArray().SequenceEqual(trained[entry.Key]);
    }

    [Fact]
    public void Build_OfAPlan_HasThePlannedParametersToTheUnit()
    {
        var task = new SmallTask("fashionvl-vqa");
        using var supernet = TinySearch.Network(TinySearch.Config, task);
        using var planned = Build(task, "das");
        var costs = supernet.Costs().Of(_skipped);

        Assert.Equal(costs.TotalParameters, planned.CountParameters());
        Assert.Equal(costs.TrainableParameters, planned.Trained.Sum(parameter => parameter.Parameter.numel()));
    }

    [Fact]
    public void Logits_OfThePlannedNetwork_AreTheSupernetsWithThoseSkipped()
    {
        var task = new SmallTask("fashionvl-vqa");
        var checkpoint = WriteCheckpoint(task);
        using var supernet = TransferNetwork.Build(TinySearch.Request(TinySearch.Config, task, checkpoint));
        using var planned = Build(task, "das", checkpoint: checkpoint);
        planned.LoadTrained(
            planned.Trained.ToDictionary(parameter => parameter.Name, parameter => supernet.TrainedState()[parameter.Name]), "the supernet");
        using var batch = task.Batch(Split.Test, 0, 0, 4);
        using var unrecorded = no_grad();
        supernet.Train(false);
        planned.Train(false);

        Assert.Equal(supernet.Logits(batch, _skipped).bytes.ToArray(), planned.Logits(batch, _skipped).bytes.ToArray());
        Assert.Throws<ArgumentException>(() => { planned.Logits(batch, Subnetwork.Whole(TinySearch.Layers)); });
    }

    // An epoch has four batches: where one ends the evaluation after it is cut short.
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void Run_InterruptedAndResumed_GivesTheSameBits(long interrupted)
    {
        var task = new SmallTask("fashionvl-vqa");
        using var whole = Build(task, "das");
        var curve = Train(whole, task, "whole");

        using var first = Build(task, "das");
        using var cancellation = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(
            () => { Train(first, task, "parts", batch => { if (batch == interrupted) { cancellation.Cancel(); } }, cancellation.Token); });
        using var second = Build(task, "das");
        Assert.Equal(curve, Train(second, task, "parts"));
        Assert.All(whole.TrainedState(), entry => Assert.Equal(entry.Value.bytes.ToArray(), second.TrainedState()[entry.Key].bytes.ToArray()));
    }

    [Fact]
    public void LoadTrained_OfAnotherPlan_NamesWhatDoesNotFit()
    {
        var task = new SmallTask("fashionvl-vqa");
        using var planned = Build(task, "das");
        using var linear = Build(task, "linear");

        var lacking = Assert.Throws<DasSearchException>(() => planned.LoadTrained(linear.TrainedState(), "linear.safetensors"));
        var toomuch = Assert.Throws<DasSearchException>(() => linear.LoadTrained(planned.TrainedState(), "das.safetensors"));
        Assert.Contains("linear.safetensors lacks adapter_list.1.0", lacking.Message, StringComparison.Ordinal);
        Assert.Contains("das.safetensors has ", toomuch.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(OptimizerKind.Adamw, 3e-3)]
    [InlineData(OptimizerKind.Sgd, 1e-2)]
    public void Learns_AFewSamplesByHeart(OptimizerKind optimizer, double rate)
    {
        var task = new SmallTask("fashionvl-vqa", train: 12);
        var config = TinySearch.Config with
        {
            Search = TinySearch.Config.Search with { Optimizer = optimizer },
            Training = new() { Epochs = 60, BatchSize = 12, LearningRate = rate },
        };
        using var network = Build(task, "das");
        var curve = new PlanTraining(config, network, _skipped, task, seed: 1).Run(State("heart"), new Silent(null), CancellationToken.None);

        var losses = curve.Where(metric => metric.Name == "train.loss").Select(metric => metric.Value!.Value).ToList();
        Assert.True(losses[^1] < losses[0] / 5, $"{losses[0]} → {losses[^1]}");
    }

    [Fact]
    public void Latency_IsMeasuredSideBySide()
    {
        var task = new SmallTask("fashionvl-vqa");
        using var planned = Build(task, "das");
        using var full = Build(task, "linear", Subnetwork.Whole(TinySearch.Layers));
        using var batch = task.Batch(Split.Test, 0, 0, 4);
        var latency = LatencyMeter.Measure(full, planned, _skipped, batch, CancellationToken.None);

        Assert.Equal(4, latency.Batch);
        Assert.True(latency is { FullMilliseconds: > 0, PlanMilliseconds: > 0, Change.Pairs: >= 20 });
        Assert.InRange(latency.ChangePercent, latency.Change.LowerPercent, latency.Change.UpperPercent);
    }

    private static TransferNetwork Build(SmallTask task, string method, Subnetwork? skipped = null, string? checkpoint = null)
    {
        var config = TinySearch.Config;
        var absent = skipped ?? _skipped;
        var request = TinySearch.Request(config, task, checkpoint);
        var own = TransferTable.BuiltIn.Named(method);
        return TransferNetwork.Build(request with
        {
            Method = own,
            Transfer = TinySearch.Transfer(own, absent),
            Absent = absent,
            Seed = 3,
        });
    }

    private TrainingState State(string name) => new(Path.Combine(_folder.FullName, name), "key", "training");

    private string WriteCheckpoint(SmallTask task)
    {
        var sizes = new ViltConfig
        {
            Vocabulary = task.Facts.Vocabulary, TextLength = 26, Width = 16, Layers = TinySearch.Layers, Heads = 2, PatchSize = 28, PositionGrid = 2,
        };
        using var vilt = new Vilt(sizes, new BackboneRequest { Input = new InputShape(sizes.Vocabulary, 26, 56, 56) });
        var path = Path.Combine(_folder.FullName, "vilt.safetensors");
        CheckpointFile.Write(path, vilt.state_dict(), new Dictionary<string, string> { ["heads"] = "2" });
        return path;
    }

    [Fact]
    public void Run_ThatDiverges_SaysSo_AndGivesNothing()
    {
        var task = new SmallTask("fashionvl-vqa");
        using var network = Build(task, "das");
        var failure = Assert.Throws<DasSearchException>(() => { Train(network, task, "diverged", batch => { if (batch == 7) { Overflow(); } }); });
        Assert.Equal("weights are no longer finite after batch 7: a lower training.learning_rate may help", failure.Message);

        void Overflow() // as the last step of one that diverges does
        {
            using var unrecorded = no_grad();
            network.Trained[0].Parameter.fill_(double.PositiveInfinity);
        }
    }

    private IReadOnlyList<Metric> Train(
        TransferNetwork network, SmallTask task, string state, Action<long>? learnt = null, CancellationToken cancellation = default)
    {
        var config = TinySearch.Config with { Training = new() { Epochs = 2, BatchSize = 6, LearningRate = 1e-2 } };
        return new PlanTraining(config, network, _skipped, task, seed: 1).Run(State(state), new Silent(learnt), cancellation);
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
