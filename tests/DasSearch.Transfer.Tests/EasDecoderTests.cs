using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Models.Backbones;
using TorchSharp;
using static TorchSharp.torch;

namespace DasSearch.Transfer.Tests;

/// <summary>EAS on decoders beside its formulas, and folded.</summary>
public sealed class EasDecoderTests : IDisposable
{
    private const int Width = 16;

    private static readonly LlamaConfig _config = new() { Vocabulary = 20, Width = Width, Layers = 3, Heads = 4, KeyValueHeads = 2, HeadWidth = 4, InnerWidth = 24 };
    private static readonly InputShape _input = new(20, 5, 0, 0, Images: 0);
    private static readonly long[] _text = [1, 4, 19, 7, 7];

    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    // papers.md, H.1: whatever is not used in METER is used here.
    [Theory]
    [InlineData(144, 335_138)]
    [InlineData(96, 150_626)]
    public void Costs_AtMetersWidth_AreWhatTheCodeCounts(int size, long published)
    {
        var description = LlamaCosts.Describe(_config with { Width = 768, Layers = 1 }, _input, Granularity.SubLayers);
        var settings = new TransferSettings
        {
            Adapters = new AdapterConfig { SkipBottleneck = 144, Replacement = "eas" }, Options = new Dictionary<string, string> { ["bottleneck"] = "96" },
        };
        var costs = new EasTransfer().NetworkCosts(description, settings);
        Assert.Equal(published, size == 144 ? costs.Of(new Subnetwork(2, [0])).TrainableParameters : costs.Of(Subnetwork.Whole(2)).TrainableParameters);
    }

    [Fact]
    public void Replacement_GivesTheFeedForwardPartWhatItReads()
    {
        using var model = Model(Granularity.SubLayers);
        using var attached = Attach(model, "eas", "eas");
        var modules = model.Network.named_modules().ToDictionary(static entry => entry.name, static entry => entry.module);
        var x = randn(3, 5, Width);
        Tensor Of(string parameter) => attached.Parameters["eas_list.2." + parameter];
        Tensor Both(Tensor z, string conv) =>
            z.matmul(block_diag(Of(conv + ".weight").narrow(0, 0, 8), Of(conv + ".weight").narrow(0, 8, 8)).t()) + Of(conv + ".bias");
        using var unrecorded = no_grad();

        var n = ((RmsNorm)modules["layers.1.attention_norm"]).call(x);
        var z = 0.5 * (n.matmul(Of("conv_C.weight").t()) + Of("conv_C.bias") + (n.matmul(Of("conv_A.weight").t()) + Of("conv_A.bias")).mean([1L], keepdim: true));
        var w = ((n.narrow(1, 1, 4).mean([1L]).matmul(Of("expert_weights.weight").t()) + Of("expert_weights.bias")) / 10).softmax(1);
        var u = n + (w.select(1, 0).reshape(-1, 1, 1) * Both(z, "conv_B")) + (w.select(1, 1).reshape(-1, 1, 1) * Both(z, "conv_D"));
        var read = u * ((RmsNorm)modules["layers.1.ffn_norm"]).Weight;
        Tensor Linear(string name, Tensor input) => input.matmul(((TorchSharp.Modules.Linear)modules["layers.1.feed_forward." + name]).weight!.t());
        var expected = x + Linear("w2", nn.functional.silu(Linear("w1", read)) * Linear("w3", read));

        var skipped = new Subnetwork(6, [2]);
        var state = new HiddenState([x], [zeros(3, 1, 1, 5), zeros(3, 1, 1, 5)]);
        var handed = model.Next(state, 2, skipped, attached.Attachments);
        Assert.Same(x, handed.Streams[0]);
        Assert.True(model.Next(handed, 3, skipped, attached.Attachments).Streams[0].allclose(expected, 1e-4, 1e-4));
        Assert.Single(model.Next(handed, 3, skipped, attached.Attachments).Streams);

        // Where the feed-forward part is skipped, too, nobody reads what was handed on.
        Assert.Single(model.Next(handed, 3, new Subnetwork(6, [2, 3]), attached.Attachments).Streams);
    }

    [Theory]
    [InlineData("eas", "eas", Granularity.SubLayers, new[] { 0, 4 }, 7)]
    [InlineData("eas", "eas", Granularity.SubLayers, new[] { 2, 3 }, 6)]
    [InlineData("lavin", "lavin", Granularity.Layers, new[] { 1 }, 6)]
    [InlineData("lavin modality", "lavin", Granularity.Layers, new[] { 1 }, 6)]
    [InlineData("lavin modality", "lavin", Granularity.SubLayers, new[] { 2, 3, 5 }, 6)]
    public void Fold_OfAText_GivesTheSameScores_AndWritesOnWithItsKeysAndValues(string method, string replacement, Granularity granularity, int[] skip, int linears)
    {
        using var model = Model(granularity);
        using var attached = Attach(model, method, replacement);
        var skipped = new Subnetwork(model.Description.Modules.Count, skip);
        var before = model.named_parameters().ToDictionary(static entry => entry.name, static entry => entry.parameter.detach().clone());
        using var fold = TextFold.Of(model, skipped, attached, _text);
        Assert.Equal(linears, fold.Linears);
        Assert.True(Scores(model, skipped, fold.Attachments).allclose(Scores(model, skipped, attached.Attachments), 1e-4, 1e-4));
        Assert.All(model.named_parameters(), entry => Assert.True(entry.parameter.allclose(before[entry.name], 0, 0)));

        var cached = new GreedyWriter(model, skipped, fold.Attachments);
        Assert.True(cached.IsCached);
        Assert.False(new GreedyWriter(model, skipped, attached.Attachments).IsCached);
        Assert.Equal(new GreedyWriter(model, skipped, fold.Attachments) { IsCached = false }.Continue(_text, 12), cached.Continue(_text, 12));

        // LaVIN's first token is the same however long the text has become, so that nothing is different even then.
        if (replacement == "lavin")
        {
            Assert.Equal(new GreedyWriter(model, skipped, attached.Attachments).Continue(_text, 12), cached.Continue(_text, 12));
        }
    }

    // LaVIN's token for the modality: nobody sees it, and all that it does is to weigh.
    [Fact]
    public void Modality_WeighsTheTwoWays_AndDoesNothingElse()
    {
        using var model = Model(Granularity.Layers);
        using var attached = Attach(model, "lavin modality", "lavin");
        var (whole, rows) = (Subnetwork.Whole(3), attached.Parameters["adapter_modality_embedding.weight"]);
        using var unrecorded = no_grad();
        var scores = Scores(model, whole, attached.Attachments);
        rows.select(0, 1).add_(1);
        Assert.True(Scores(model, whole, attached.Attachments).allclose(scores, 0, 0));
        rows.select(0, 0).add_(randn(Width) * 9);
        Assert.False(Scores(model, whole, attached.Attachments).allclose(scores, 1e-4, 1e-4));

        // Where both ways are one there is nothing to weigh.
        foreach (var (name, parameter) in attached.Parameters.Where(static entry => entry.Key.Contains("conv_D", StringComparison.Ordinal)))
        {
            parameter.copy_(attached.Parameters[name.Replace("conv_D", "conv_B", StringComparison.Ordinal)]);
        }

        var one = Scores(model, whole, attached.Attachments);
        rows.add_(randn(2, Width));
        Assert.True(Scores(model, whole, attached.Attachments).allclose(one, 1e-4, 1e-4));
        Assert.Equal(2 * Width, attached.Parameters.Values.Sum(static parameter => parameter.numel())
            - new LavinTransfer().NetworkCosts(model.Description, new TransferSettings { Options = new Dictionary<string, string> { ["bottleneck"] = "4" }, Adapters = Adapters("lavin") }).Modules
                .Sum(static module => module.AttachedParameters + module.ReplacementParameters));
    }

    private static AdapterConfig Adapters(string replacement) => new() { SkipBottleneck = 4, Replacement = replacement };

    private static Llama Model(Granularity granularity)
    {
        manual_seed(3);
        var model = new Llama(_config, new BackboneRequest { Input = _input, Granularity = granularity });
        using var unrecorded = no_grad();
        foreach (var (_, parameter) in model.named_parameters())
        {
            parameter.add_(0.3 * randn_like(parameter));
        }

        model.eval();
        return model;
    }

    private static Attached Attach(Llama model, string method, string replacement)
    {
        var options = new Dictionary<string, string> { ["bottleneck"] = "4" };
        if (method.Split(' ') is [_, var flag])
        {
            options[flag] = "true";
        }

        var settings = new TransferSettings { Adapters = Adapters(replacement), Options = options };
        var attached = TransferTable.BuiltIn.Named(method.Split(' ')[0]).AttachWhole(new AttachRequest(model, settings, CPU, []));
        attached.Module!.eval();
        using var unrecorded = no_grad();
        foreach (var parameter in attached.Parameters.Values)
        {
            parameter.add_(0.3 * randn_like(parameter));
        }

        return attached;
    }

    private static Tensor Scores(Llama model, Subnetwork skipped, Attachments attached)
    {
        using var unrecorded = no_grad();
        var ids = tensor(_text).unsqueeze(0);
        var features = model.Run(new BackboneInput(ids, ones_like(ids, ScalarType.Bool)), skipped, attached, FeatureKind.Tokens);
        return features.Words!(features.Streams[0]);
    }
}
