using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Data;
using DasSearch.Models.Backbones;
using DasSearch.Worker.Analyses;
using DasSearch.Worker.Exhaustive;
using DasSearch.Worker.Networks;
using DasSearch.Worker.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace DasSearch.Worker.Tests.Analyses;

/// <summary>Where tokens look, against the equations reckoned anew from the network's weights.</summary>
public sealed class AttentionReaderTests : IDisposable
{
    private const int Heads = 2;
    private const int Prompts = 3;
    private const int Samples = 5;

    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData("prompt-shallow", false)]
    [InlineData("prompt-deep", false)]
    [InlineData("apt", false)]
    [InlineData("apt", true)]
    public void Read_AMethodWithPrompts_IsWhatTheFirstLayersEquationsGive(string method, bool isWeighed)
    {
        using var network = Make(method, out var task);
        var reader = AttentionReader.Read(
            network, new Subnetwork(TinySearch.Layers, [1]), new SampleBatches(task, Split.Validation, Samples, 2), isWeighed, static (_, _) => { }, CancellationToken.None);

        Assert.Equal(new[] { 0, 2, 3 }.Select(layer => $"transformer.blocks.{layer}.attn"), reader.Shares.Select(layer => layer.Place));
        Assert.Equal(reader.Shares.Select(layer => layer.Place), reader.Maps.Select(map => map.Place));
        Assert.All(reader.Shares, layer =>
        {
            Assert.Equal(Prompts, layer.Prompts);
            Assert.All([layer.Text, layer.Image], shares => Assert.Equal(1, shares.Text + shares.Image + shares.Prompt, 1e-5));
            Assert.True(layer.Text.Prompt > 0 && layer.Image.Prompt > 0);
        });

        network.Train(false);
        using var unrecorded = no_grad();
        using var batch = task.Batch(Split.Validation, 0, 0, Samples);
        network.Look(batch, (backbone, input, attached) =>
        {
            var state = backbone.Embed(input, attached).State();
            var (valid, texts) = (state.KeyBiases[0].flatten(1).eq(0), (int)input.TokenIds.size(1)); // [batch, tokens]
            var weights = FirstAttention(backbone, network, state, method, isWeighed); // [batch, tokens, tokens + prompts]
            var own = (int)valid.size(1);
            Tensor[] to = [weights[.., .., ..texts].sum([2]), weights[.., .., texts..own].sum([2]), weights[.., .., own..].sum([2])];
            double[] expected =
            [
                .. to.Select(share => share[.., ..texts][valid[.., ..texts]].mean().ToDouble()),
                .. to.Select(share => share[.., texts..][valid[.., texts..]].mean().ToDouble()),
            ];
            var first = reader.Shares[0];
            Assert.All(
                expected.Zip([first.Text.Text, first.Text.Image, first.Text.Prompt, first.Image.Text, first.Image.Image, first.Image.Prompt]),
                pair => Assert.Equal(pair.First, pair.Second, 1e-5));

            var map = reader.Maps[0];
            Assert.Equal(valid[0].sum().ToInt64(), map.Texts.Count + map.Images.Count);
            Assert.Equal(weights[0, 0, own + 1].ToDouble(), map.Weights[0][map.Texts.Count + map.Images.Count + 1], 1e-5);
            Assert.Equal(weights[0, texts + 2, 0].ToDouble(), map.Weights[map.Texts.Count + 2][0], 1e-5);
        });
    }

    [Fact]
    public void Read_LeavesTheNetworksResultAsItWas_AndNoTensorBehind()
    {
        using var network = Make("apt", out var task);
        var samples = new SampleBatches(task, Split.Validation, Samples, 2);
        var whole = Subnetwork.Whole(TinySearch.Layers);
        _ = AttentionReader.Read(network, whole, samples, isWeighed: false, static (_, _) => { }, CancellationToken.None);
        var (live, features) = (LiveTensors.Count(), FeatureReader.Final(network, whole, samples, static (_, _) => { }, CancellationToken.None));
        _ = AttentionReader.Read(network, whole, samples, isWeighed: true, static (_, _) => { }, CancellationToken.None);

        Assert.Equal(live, LiveTensors.Count());
        Assert.Equal(features, FeatureReader.Final(network, whole, samples, static (_, _) => { }, CancellationToken.None));
    }

    // softmax(q kᵀ / √width) of the first layer, the mean of its heads; of APT with ReLU(X Kᵀ) beside it, divided by the sum of all.
    private static Tensor FirstAttention(IBackbone backbone, TransferNetwork network, HiddenState state, string method, bool isWeighed)
    {
        var own = backbone.Network.named_parameters().ToDictionary(entry => entry.name, entry => entry.parameter);
        var trained = network.TrainedState();
        var (x, bias) = (state.Streams[0], state.KeyBiases[0]);
        var tokens = x.size(1);
        if (method != "apt")
        {
            var prompts = trained[method == "prompt-deep" ? "transformer.blocks.0.prompts" : "prompts.0"];
            x = cat([x, prompts.unsqueeze(0).expand(x.size(0), -1, -1)], 1);
            bias = cat([bias, zeros(x.size(0), 1, 1, Prompts)], 3);
        }

        const string Block = "transformer.blocks.0.";
        var read = nn.functional.layer_norm(x, [x.size(2)], own[Block + "norm1.weight"], own[Block + "norm1.bias"], 1e-6);
        var parts = nn.functional.linear(read, own[Block + "attn.qkv.weight"], own[Block + "attn.qkv.bias"]).chunk(3, 2);
        var width = x.size(2) / Heads;
        var heads = Enumerable.Range(0, Heads).Select(head =>
        {
            var (q, k) = (parts[0].narrow(2, head * width, width), parts[1].narrow(2, head * width, width));
            return ((q.matmul(k.transpose(1, 2)) / Math.Sqrt(width)) + bias.squeeze(1)).softmax(2);
        });
        var weights = stack(heads).mean([0]).narrow(1, 0, tokens);
        if (method != "apt")
        {
            return weights;
        }

        var values = trained[Block + "attn.mm_tokens"];
        var keys = values + values.matmul(trained[Block + "attn.mm.0.weight"].t()).matmul(trained[Block + "attn.mm.1.weight"].t());
        var activations = read.matmul(keys.t()).relu();
        activations = isWeighed ? activations * activations.amax([2], keepdim: true) : activations;
        return cat([weights, activations], 2) / (1 + activations.sum([2], keepdim: true));
    }

    private static TransferNetwork Make(string method, out SmallTask task)
    {
        var config = TinySearch.Config with { Method = new MethodConfig { Name = method, Options = new Dictionary<string, string> { ["tokens"] = $"{Prompts}" } } };
        task = new SmallTask(config.Task);
        return TinySearch.Network(config, task);
    }
}
