using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Data;
using DasSearch.Models.Backbones;
using DasSearch.Models.Checkpoints;
using DasSearch.Worker.Analyses;
using DasSearch.Worker.Exhaustive;
using DasSearch.Worker.Networks;
using DasSearch.Worker.Tests.Support;
using DasSearch.Worker.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace DasSearch.Worker.Tests.Analyses;

/// <summary>What analyses read from networks against the same reckoned sample by sample.</summary>
public sealed class AnalysisMeterTests : IDisposable
{
    private static readonly Subnetwork _skipped = new(TinySearch.Layers, [1]);

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly string _checkpoint = Path.Combine(Path.GetTempPath(), $"das-analysis-{Environment.ProcessId}.safetensors");

    public void Dispose()
    {
        _scope.Dispose();
        File.Delete(_checkpoint);
    }

    [Theory]
    [InlineData("fashionvl-vqa", 1)]
    [InlineData("fashionvl-nlvr2", 2)]
    [InlineData("fashionvl-retrieval", 1)]
    public void Final_IsTheFirstTokenOfEachImage(string name, int images)
    {
        var (task, network) = Make(name);
        using var owned = network;
        var features = FeatureReader.Final(network, _skipped, new SampleBatches(task, Split.Validation, 7, 3), static (_, _) => { }, CancellationToken.None);

        Assert.Equal(7 * images, features.Count);
        Assert.All(features, feature => Assert.Equal(16, feature.Length));
        network.Train(false);
        using var unrecorded = no_grad();
        using var batch = task.Batch(Split.Validation, 0, 0, 1);
        var expected = new List<Tensor>();
        network.Look(batch, (backbone, input, attached) =>
            expected.Add(backbone.Run(input, _skipped, attached, FeatureKind.Tokens).Streams[0][0, 0].MoveToOuterDisposeScope()));
        Assert.Equal(images, expected.Count);
        for (var image = 0; image < images; image++)
        {
            // Images of one batch come one after the other.
            Assert.True(expected[image].allclose(tensor(features[image * 3]), rtol: 1e-4, atol: 1e-5));
        }
    }

    [Theory]
    [InlineData("fashionvl-vqa")]
    [InlineData("fashionvl-nlvr2")]
    [InlineData("fashionvl-retrieval")]
    public void Similarity_IsTheMeanCosineOfAllPairs(string name)
    {
        var (task, network) = Make(name);
        using var owned = network;
        var heard = new List<(int, int)>();
        var layers = FeatureReader.Similarity(network, _skipped, new SampleBatches(task, Split.Validation, 5, 2), (done, of) => heard.Add((done, of)), CancellationToken.None);

        Assert.Equal([(1, 3), (2, 3), (3, 3)], heard);
        Assert.Equal(TinySearch.Layers + 1, layers.Count);
        network.Train(false);
        using var unrecorded = no_grad();
        using var batch = task.Batch(Split.Validation, 0, 0, 5);
        network.Look(batch, (backbone, input, attached) =>
        {
            var state = backbone.Embed(input, attached).State();
            for (var layer = 0; input.ImageNumber == 1 && layer < layers.Count; layer++)
            {
                state = layer == 0 ? state : backbone.Next(state, layer - 1, _skipped, attached);
                var (first, mean) = (new List<Tensor>(), new List<Tensor>());
                for (var sample = 0; sample < 5; sample++)
                {
                    var row = sample * (state.Streams[0].size(0) / 5);
                    var tokens = state.Streams[0][row][state.KeyBiases[0][row, 0, 0].eq(0)]; // [tokens, width]
                    first.Add(tokens[0]);
                    mean.Add(tokens.mean([0]));
                }

                Assert.Equal(AllPairs(first), layers[layer].FirstToken, 1e-5);
                Assert.Equal(AllPairs(mean), layers[layer].MeanToken, 1e-5);
            }
        });
    }

    [Fact]
    public void Drift_IsHowFarNormsWereMoved()
    {
        var (_, network) = Make("fashionvl-vqa", "layer-norm");
        using var owned = network;
        var drift = NormDrift.From(network);
        using var unrecorded = no_grad();
        var weight = network.Trained.Single(parameter => parameter.Name == "transformer.blocks.2.norm1.weight").Parameter;
        weight[0] += 3;
        weight[5] -= 4;

        var moved = drift.Of(network);
        Assert.Equal((2 * 2 * TinySearch.Layers) + 2, moved.Count);
        var only = Assert.Single(moved, static norm => norm.Largest > 0);
        Assert.Equal(("transformer.blocks.2.norm1", "weight"), (only.Norm, only.Parameter));
        Assert.Equal((7.0 / 16, Math.Sqrt(25.0 / 16), 4.0), (only.MeanAbsolute, only.RootMeanSquare, only.Largest));

        var (_, other) = Make("fashionvl-vqa");
        using var ownedToo = other;
        Assert.True(NormDrift.From(other).IsEmpty);
    }

    [Fact]
    public void Channels_AreThoseThatTheMethodHasChosen_LayerByLayer()
    {
        var (_, network) = Make("fashionvl-vqa", "ttc", ("channels", "4"), ("position", "both"));
        using var owned = network;
        using var unrecorded = no_grad();
        network.TrainedState()["transformer.blocks.2.attn.ttc.channels"].copy_(tensor(new long[] { 9, 2, 15, 4 }));

        var chosen = ChosenChannels.Of(network);
        Assert.Equal(
            Enumerable.Range(0, TinySearch.Layers).SelectMany(layer => new[] { $"transformer.blocks.{layer}.attn", $"transformer.blocks.{layer}.mlp" }), chosen.Select(one => one.Place));
        Assert.Equal([2, 4, 9, 15], chosen[4].Channels);
        Assert.All(chosen, one => Assert.Equal((16, 4), (one.Width, one.Channels.Count)));

        var (_, other) = Make("fashionvl-vqa");
        using var ownedToo = other;
        Assert.Empty(ChosenChannels.Of(other));
    }

    [Fact]
    public void Channels_OfABackboneThatWidens_AreOfAsManyAsEachPlaceHas()
    {
        var task = new SmallTask("fashionvl-nlvr2");
        var sizes = new SwinConfig { Width = 8, Depths = [1, 1], Heads = [1, 2], PatchSize = task.Facts.ImageSide / 4, Window = 4, Side = task.Facts.ImageSide };
        using var swin = new Swin(sizes, new BackboneRequest { Input = TransferNetwork.ShapeOf(task.Facts) });
        CheckpointFile.Write(_checkpoint, swin.state_dict(), swin.Metadata);
        var config = new RunConfig
        {
            Task = "fashionvl-nlvr2",
            Backbone = "swin",
            Method = new MethodConfig { Name = "ttc", Options = new Dictionary<string, string> { ["channels"] = "4", ["choice"] = "random" } },
        };
        using var network = TransferNetwork.Build(NetworkRequest.Supernet(config.Resolved(), _checkpoint, task, CPU));

        Assert.Equal(
            [("layers.0.blocks.0.mlp", 8), ("layers.1.blocks.0.mlp", 16)], ChosenChannels.Of(network).Select(static chosen => (chosen.Place, chosen.Width)));
    }

    [Fact]
    public void Measure_ChosenSubnetworksOnSomeSamples_IsWhatSeparateEvaluationsGive()
    {
        var (task, network) = Make("fashionvl-vqa");
        using var owned = network;
        Subnetwork[] sets = [new(4, [0, 1, 2]), Subnetwork.Whole(4), new(4, [3]), new(4, [0, 3])];
        var scores = new ExhaustiveMeter(network, task, CPU).Measure(sets, new SampleBatches(task, Split.Validation, 7, 3), static (_, _) => { }, CancellationToken.None);

        Assert.Equal(sets.Order(), scores.Select(score => score.Subnetwork));
        var seven = new SmallTask("fashionvl-vqa", heldOut: 7);
        Assert.All(scores, score =>
        {
            var alone = TaskEvaluation.Score(network, seven, Split.Validation, score.Subnetwork, 3, CancellationToken.None);
            Assert.Equal(alone.Loss, score.Loss, 1e-5);
            Assert.Equal(alone.Accuracy, score.Accuracy, 1e-9);
        });
    }

    private static double AllPairs(List<Tensor> features)
    {
        var cosines = features.Index().SelectMany(one => features.Index().Where(other => other.Index != one.Index)
            .Select(other => (one.Item.dot(other.Item) / (one.Item.norm() * other.Item.norm())).item<float>()));
        return cosines.Average();
    }

    private static (SmallTask Task, TransferNetwork Network) Make(string name, string method = "das", params (string Name, string Value)[] options)
    {
        var own = options.ToDictionary(option => option.Name, option => option.Value);
        var config = TinySearch.Config with { Task = name, Method = new MethodConfig { Name = method, Options = own } };
        var task = new SmallTask(name);
        return (task, TinySearch.Network(config, task));
    }
}
