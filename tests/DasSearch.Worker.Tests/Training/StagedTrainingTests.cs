using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Data;
using DasSearch.Models.Backbones;
using DasSearch.Transfer;
using DasSearch.Worker.Networks;
using DasSearch.Worker.Resuming;
using DasSearch.Worker.Tests.Support;
using DasSearch.Worker.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DasSearch.Worker.Tests.Training;

/// <summary>A method with a first stage: the second goes on from it, and both can be interrupted.</summary>
public sealed class StagedTrainingTests : IDisposable
{
    private const string Channels = "transformer.blocks.0.mlp.ttc.channels";
    private const string Norm = "transformer.blocks.0.norm1.weight";

    private static readonly Subnetwork _skipped = new(TinySearch.Layers, [1, 3]);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-stages-");
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void Run_TrainsTheFirstStage_AndGoesOnFromIt()
    {
        using var training = Training("whole");
        var progress = new Watcher();
        var curve = training.Run(progress, CancellationToken.None);

        Assert.Equal(["first of two stages: layer-norm", "second of two stages: ttc"], progress.Said);
        Assert.Equal(12, curve.Count(static metric => metric.Name == "first.train.loss"));
        Assert.Equal(8, curve.Count(static metric => metric.Name == "train.loss"));
        Assert.True(curve.First(static metric => metric.Name == "train.loss").Value < curve.First(static metric => metric.Name == "first.train.loss").Value);
        Assert.Contains(Norm, training.Network.Trained.Select(static parameter => parameter.Name));
        Assert.NotEqual([0L, 1, 2, 3], training.Network.TrainedState()[Channels].data<long>());
        training.RemoveStates();
        Assert.Empty(_folder.GetFileSystemInfos());
    }

    /// <summary>Within the first stage, at its last batch, and within the second.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(17)]
    public void Run_InterruptedAndResumed_GivesTheSameBits(int batches)
    {
        using var whole = Training("whole");
        var curve = whole.Run(new Watcher(), CancellationToken.None);

        using (var first = Training("parts"))
        {
            using var cancellation = new CancellationTokenSource();
            Assert.Throws<OperationCanceledException>(() => { first.Run(new Watcher(batches, cancellation), cancellation.Token); });
        }

        using var second = Training("parts");
        Assert.Equal(curve, second.Run(new Watcher(), CancellationToken.None));
        Assert.All(whole.Network.TrainedState(), entry => Assert.Equal(entry.Value.bytes.ToArray(), second.Network.TrainedState()[entry.Key].bytes.ToArray()));
    }

    [Fact]
    public void FrozenNorms_StayAsTheFirstStageLeftThem_AndAreSaved()
    {
        using var training = Training("whole", ("freeze_norms", "true"));
        training.Run(new Watcher(), CancellationToken.None);
        var state = training.Network.TrainedState();
        using var fresh = TransferNetwork.Build(Request(("freeze_norms", "true")) with { IsRestored = true });
        Assert.DoesNotContain(Norm, training.Network.Trained.Select(static parameter => parameter.Name));
        Assert.NotEqual(fresh.TrainedState()[Norm].bytes.ToArray(), state[Norm].bytes.ToArray());

        fresh.LoadTrained(state, "the trained network");
        using var batch = Request().Task.Batch(Split.Test, 0, 0, 4);
        using var unrecorded = no_grad();
        fresh.Train(false);
        training.Network.Train(false);
        Assert.Equal(training.Network.Logits(batch, _skipped).bytes.ToArray(), fresh.Logits(batch, _skipped).bytes.ToArray());
    }

    [Fact]
    public void WithoutAFirstStage_ChannelsAreChosenOnTheNetworkAsItIs()
    {
        using var training = Training("sct", ("sct", "true"));
        var progress = new Watcher();
        var chosen = training.Network.TrainedState()["transformer.blocks.0.sct.channels"].data<long>().ToArray();
        training.Run(progress, CancellationToken.None);

        Assert.Empty(progress.Said);
        Assert.NotEqual([0L, 1, 2, 3], chosen);
        Assert.Equal(chosen, training.Network.TrainedState()["transformer.blocks.0.sct.channels"].data<long>().ToArray());
        Assert.DoesNotContain(Norm, training.Network.TrainedState().Keys);
    }

    [Fact]
    public void Supernet_ChoosesAtItsStart_TheSameEveryTime()
    {
        var supernet = Request() with { Absent = null, Transfer = Request().Transfer with { Absent = null } };
        using var one = TransferNetwork.Build(supernet);
        using var other = TransferNetwork.Build(supernet);

        Assert.NotEqual([0L, 1, 2, 3], one.TrainedState()[Channels].data<long>());
        Assert.All(one.TrainedState(), entry => Assert.Equal(entry.Value.bytes.ToArray(), other.TrainedState()[entry.Key].bytes.ToArray()));
    }

    [Fact]
    public void Gradients_AreThoseOfTheMeanLossOverTheTrainingSplit()
    {
        const string Matrix = "transformer.blocks.2.mlp.fc2.weight";
        using var previous = TransferNetwork.Build(Request().FirstStage!);
        using var evidence = new NetworkEvidence(Request() with { Previous = previous });
        var found = evidence.Gradients([Matrix], samples: null)[Matrix];
        var parameter = previous.BackboneParameters[Matrix];
        Assert.False(parameter.requires_grad);

        using var batch = Request().Task.Batch(Split.Train, 0, 0, Request().Task.Facts.SizeOf(Split.Train));
        parameter.requires_grad = true;
        previous.Loss(previous.Logits(batch, _skipped), batch).backward();
        Assert.True(found.allclose(parameter.grad!, 1e-4, 1e-6));
        Assert.False(evidence.Gradients([Matrix], samples: 5)[Matrix].allclose(found, 1e-4, 1e-6));
    }

    [Fact]
    public void ChannelNorms_AreThoseOfFeatures_ByClassOrNot()
    {
        const string Linear = "transformer.blocks.2.mlp.fc2";
        const string Stream = "transformer.blocks.2.attn";
        using var evidence = new NetworkEvidence(Request(("sct", "true")));
        var (all, byClass) = (evidence.ChannelNorms([Linear, Stream], false, null), evidence.ChannelNorms([Linear, Stream], true, null));

        Assert.All([Linear, Stream], place =>
        {
            Assert.Equal([16L], all[place].shape);
            Assert.True(byClass[place].lt(all[place]).all().item<bool>()); // of fewer samples each
            Assert.True(byClass[place].gt(0).all().item<bool>());
        });
        Assert.False(all[Linear].allclose(all[Stream]));
    }

    [Fact]
    public void ChannelNorms_ByClass_AreOfPatchesAlone()
    {
        const string Place = "blocks.1.attn";
        using var scope = NewDisposeScope();
        using var unrecorded = no_grad();
        var task = new SmallTask("fashionvl-nlvr2");
        var config = new RunConfig { Task = "fashionvl-nlvr2", Backbone = "vit", Model = new() { Width = 16, Layers = 2, Heads = 2, PatchSize = task.Facts.ImageSide / 2 } };
        var request = TinySearch.Request(config.Resolved(), task) with { Method = TransferTable.BuiltIn.Named("linear") }; // which attaches nothing
        using var network = TransferNetwork.Build(request);
        network.Train(false);
        using var batch = task.Batch(Split.Train, epoch: 0, index: 0, size: 6);
        var squares = zeros(task.Facts.Answers.Count, 16);
        network.Look(batch, (backbone, input, attached) =>
        {
            using var seen = new Streams(features => squares.index_add_(0, batch.Labels, features.narrow(1, 1, 4).square().sum([1L]), 1)); // without the class token
            _ = backbone.Run(input, Subnetwork.Whole(2), attached with { Branches = new Dictionary<string, Branch> { [Place] = seen } }, FeatureKind.Tokens);
        });

        using var evidence = new NetworkEvidence(request with { Previous = network });
        var found = evidence.ChannelNorms([Place], isByClass: true, samples: 6)[Place];
        Assert.True(found.allclose(squares[squares.sum([1L]).gt(0)].sqrt().mean([0L]).to(found.dtype), 1e-4, 1e-5));
    }

    private static NetworkRequest Request(params (string Key, string Value)[] options)
    {
        var task = new SmallTask("fashionvl-vqa");
        return TinySearch.Request(TinySearch.Config, task) with
        {
            Method = TransferTable.BuiltIn.Named("ttc"),
            Transfer = new TransferSettings
            {
                Adapters = TinySearch.Config.Adapters,
                Absent = _skipped,
                Options = options.Append(("channels", "4")).Append(("stage_epochs", "3")).ToDictionary(),
            },
            Absent = _skipped,
            Seed = 3,
        };
    }

    private StagedTraining Training(string name, params (string Key, string Value)[] options)
    {
        var config = TinySearch.Config with { Training = new() { Epochs = 2, BatchSize = 6, LearningRate = 1e-2 } };
        return new StagedTraining(config, Request(options), seed: 1, teacher: null, State(name + ".first"), State(name));
    }

    private TrainingState State(string name) => new(Path.Combine(_folder.FullName, name), "key", "training");

    /// <summary>Sees the stream behind a sub-layer.</summary>
    private sealed class Streams(Action<Tensor> see) : Branch(nameof(Streams))
    {
        public override Tensor forward(Tensor stream, Tensor read, Tensor output)
        {
            see(stream + output);
            return output.alias();
        }
    }

    /// <summary>Notes what is said, and ends the training after so many batches of both stages.</summary>
    private sealed class Watcher(int last = int.MaxValue, CancellationTokenSource? cancellation = null) : ITrainingProgress
    {
        private int _learnt;

        internal List<string> Said { get; } = [];

        public void Started(long batches, int batchesPerEpoch, long first)
        {
        }

        public void Learnt(long batch, double loss)
        {
            if (_learnt++ == last)
            {
                cancellation!.Cancel();
            }
        }

        public void Finished(int epoch, TaskScore score)
        {
        }

        public void Began(string what) => Said.Add(what);
    }
}
