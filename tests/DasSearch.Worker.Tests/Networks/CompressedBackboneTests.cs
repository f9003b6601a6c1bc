using DasSearch.Core;
using DasSearch.Models.Backbones;
using DasSearch.Models.Checkpoints;
using DasSearch.Transfer;
using DasSearch.Worker.Networks;
using DasSearch.Worker.Resuming;
using DasSearch.Worker.Tests.Support;
using DasSearch.Worker.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DasSearch.Worker.Tests.Networks;

/// <summary>Every method on a backbone whose Linears are two of a low rank: counted to the unit, trained, and merged nowhere where that is not exact.</summary>
public sealed class CompressedBackboneTests : IDisposable
{
    private static readonly Subnetwork _skipped = new(TinySearch.Layers, [1]);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-low-");
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly SmallTask _task = new("fashionvl-vqa");

    public static TheoryData<string> Methods => [.. TransferTable.BuiltIn.All.Select(method => method.Name)];

    private string Checkpoint => Path.Combine(_folder.FullName, "low.safetensors");

    public CompressedBackboneTests()
    {
        var sizes = new ViltConfig
        {
            Vocabulary = _task.Facts.Vocabulary, TextLength = 26, Width = 16, Layers = TinySearch.Layers, Heads = 2, PatchSize = 28, PositionGrid = 2,
        };
        using var vilt = new Vilt(sizes, new BackboneRequest { Input = new InputShape(sizes.Vocabulary, 26, 56, 56) });
        var tensors = vilt.state_dict();
        var ranks = LowRankCheckpoint.Ranks(tensors, "vilt", kappa: 2, []);
        CheckpointFile.Write(
            Checkpoint,
            LowRankCheckpoint.Factorise(tensors, ranks, static _ => { }, CancellationToken.None),
            new Dictionary<string, string> { ["heads"] = "2", ["dropout"] = "0" });
    }

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Train_AnyMethod_CountsToTheUnitAndChangesNothingFrozen(string method)
    {
        using var network = Build(method);
        var costs = network.Costs().Of(_skipped);
        Assert.Equal(costs.TotalParameters, network.CountParameters());
        Assert.Equal(costs.TrainableParameters, network.Trained.Sum(parameter => parameter.Parameter.numel()));

        var before = network.TrainedState().ToDictionary(entry => entry.Key, entry => Convert.ToHexString(entry.Value.bytes));
        var config = TinySearch.Config with { Training = new() { Epochs = 1, BatchSize = 12, LearningRate = 1e-2 } };
        var state = new TrainingState(Path.Combine(_folder.FullName, "state"), "key", "training");
        var curve = new PlanTraining(config, network, _skipped, _task, seed: 1).Run(state, new Silent(), CancellationToken.None);

        Assert.All(curve, metric => Assert.NotNull(metric.Value));
        Assert.Contains(network.TrainedState(), entry => Convert.ToHexString(entry.Value.bytes) != before[entry.Key]);
        Assert.Equal(method == "full", before.Keys.Any(static name => name.EndsWith("qkv.0.weight", StringComparison.Ordinal)));
        Assert.Equal(method is "full" or "bitfit", before.Keys.Any(static name => name.EndsWith("qkv.1.bias", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("lora")]
    [InlineData("ssf")]
    public void IsMergeable_OfWhatStandsAroundTwoOfALowRank_IsFalse(string method)
    {
        using var network = Build(method);
        Assert.False(network.IsMergeable);
    }

    private TransferNetwork Build(string method)
    {
        var own = TransferTable.BuiltIn.Named(method);
        return TransferNetwork.Build(TinySearch.Request(TinySearch.Config, _task, Checkpoint) with
        {
            Method = own, Transfer = TinySearch.Transfer(own, _skipped), Absent = _skipped, Seed = 3,
        });
    }

    private sealed class Silent : ITrainingProgress
    {
        public void Started(long batches, int batchesPerEpoch, long first)
        {
        }

        public void Learnt(long batch, double loss)
        {
        }

        public void Finished(int epoch, TaskScore score)
        {
        }

        public void Began(string what)
        {
        }
    }
}
