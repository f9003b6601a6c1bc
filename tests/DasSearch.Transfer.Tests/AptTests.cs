using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Models.Backbones;
using TorchSharp;
using static TorchSharp.torch;

namespace DasSearch.Transfer.Tests;

/// <summary>APT at the papers' sizes, and near its limits.</summary>
public sealed class AptTests : IDisposable
{
    private const int Width = 16;

    private static readonly AptTransfer _apt = new();

    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData("", 1_916_940, 903_168_000)]
    [InlineData("class_token=true", 1_916_940 + 768, 903_168_000)]
    [InlineData("tokens=100", 12 * ((100 * 768) + (2 * 4 * 768) + 1), 12 * ((2L * 241 * 100 * 768) + (2 * 100 * 4 * 768)))]
    [InlineData("key=identity", 12 * ((200 * 768) + 1), 12 * 2L * 241 * 200 * 768)]
    [InlineData("key=dense", 12 * ((200 * 768) + (768 * 768) + 1), 12 * ((2L * 241 * 200 * 768) + (200L * 768 * 768)))]
    public void Costs_OfViltB_AreThePapers(string options, long parameters, long operations)
    {
        var costs = _apt.Costs(ViltCosts.DescribeProfiled(), Settings(options));

        Assert.Equal(parameters, costs.OutsideParameters + costs.Modules.Sum(static module => module.Parameters));
        Assert.Equal(operations, costs.OutsideMultiplyAccumulates + costs.Modules.Sum(static module => module.MultiplyAccumulates));
    }

    // Every attention of CLIP-B/16's texts: 4 · 512 + 2 · 2 · 512 + 1.
    [Fact]
    public void Costs_OnTheTextsOfClip_AreThePapers()
    {
        var clip = ClipCosts.DescribeProfiled();
        var costs = _apt.Costs(clip, Settings("tokens=4,rank=2,streams=text"));

        Assert.Equal([.. Enumerable.Repeat(4_097L, 12), .. Enumerable.Repeat(0L, 12)], costs.Modules.Select(static module => module.Parameters));
        Assert.Equal(49_164, costs.OutsideParameters + costs.Modules.Sum(static module => module.Parameters));
        Assert.Equal(49_164, _apt.NetworkCosts(clip, Settings("tokens=4,rank=2,streams=text")).Of(Subnetwork.Whole(24)).TrainableParameters);
    }

    [Fact]
    public void Attach_ToTheTextsOfClip_IsAtThemAlone()
    {
        var config = new ClipConfig
        {
            Text = new ClipTower(16, 2, 2, 32), Image = new ClipTower(24, 1, 2, 32), Shared = 8, Vocabulary = 20, TextLength = 5, PatchSize = 2, Side = 4,
        };
        using var clip = new Clip(config, new BackboneRequest { Input = new InputShape(20, 5, 4, 4) });
        using var attached = _apt.Attach(new AttachRequest(clip, Settings("tokens=4,rank=2,streams=text"), CPU, []));
        Assert.Equal(["text_model.encoder.layers.0.self_attn", "text_model.encoder.layers.1.self_attn"], attached.Attachments.Branches.Keys);
        Assert.Equal(2 * ((4 * 16) + (2 * 2 * 16) + 1), attached.Parameters.Values.Sum(static parameter => parameter.numel()));
    }

    [Fact]
    public void Start_IsNearTheBackbone_AndItselfWithoutTokens()
    {
        using var unrecorded = no_grad();
        using var backbone = Backbone();
        var input = Input();
        var before = Summary(backbone, input, Attachments.None);
        foreach (var init in new[] { "effective", "written" })
        {
            using var attached = _apt.Attach(new AttachRequest(backbone, Settings($"tokens=5,rank=2,init={init}"), CPU, [input]));
            Assert.True(Summary(backbone, input, attached.Attachments).allclose(before, 0, 0.01), init);
            foreach (var tokens in attached.Parameters.Where(static entry => entry.Key.EndsWith("mm_tokens", StringComparison.Ordinal)))
            {
                tokens.Value.zero_();
            }

            Assert.True(Summary(backbone, input, attached.Attachments).allclose(before, 0, 0), init);
        }
    }

    /// <summary>Eq. 4 and 7: with P' = P W_v and keys of any map, its scores are those of deep prompts P, whose softmax a ReLU stands for.</summary>
    [Fact]
    public void Limit_OfDenseKeys_HasTheScoresOfDeepPrompts()
    {
        using var unrecorded = no_grad();
        using var backbone = Backbone();
        using var attached = _apt.Attach(new AttachRequest(backbone, Settings("tokens=5,key=dense,alpha=none"), CPU, []));
        var (x, prompts) = (randn(6, Width), randn(5, Width));
        var (query, key, value) = (randn(Width, Width), randn(Width, Width), randn(Width, Width) + (8 * eye(Width)));
        var scale = 1 / Math.Sqrt(Width);
        var scores = x.matmul(query).matmul(prompts.matmul(key).t()) * scale; // [6, 5]
        var (own, tokens) = (x.matmul(query).matmul(x.matmul(key).t()) * scale, prompts.matmul(value));

        // Deep prompts, and what eq. 4 makes of them.
        var deep = cat([own, scores], 1).softmax(1).matmul(cat([x.matmul(value), tokens], 0));
        var (input, prompt) = (own.exp().sum(1, keepdim: true), scores.exp().sum(1, keepdim: true));
        var shares = ((input * own.softmax(1).matmul(x.matmul(value))) + (prompt * scores.softmax(1).matmul(tokens))) / (input + prompt);
        Assert.True(deep.allclose(shares, 1e-3, 1e-4));

        // P' + P' W = P W_k W_qᵀ.
        const string Place = "transformer.blocks.0.attn";
        attached.Parameters[Place + ".mm_tokens"].copy_(tokens);
        attached.Parameters[Place + ".mm.0.weight"].copy_((linalg.inv(value).matmul(key).matmul(query.t()) * scale - eye(Width)).t());
        var read = x.unsqueeze(0);
        var change = attached.Attachments.Branches[Place].call(read, read, zeros_like(read))[0];
        Assert.True(change.allclose(scores.relu().matmul(tokens), 1e-3, 1e-2));
    }

    [Fact]
    public void ClassToken_StartsAsTheFirstTokensEmbedding()
    {
        using var unrecorded = no_grad();
        using var backbone = Backbone();
        var input = Input();
        using var attached = _apt.Attach(new AttachRequest(backbone, Settings("tokens=5,rank=2,class_token=true"), CPU, [input]));
        var alone = new Attachments { Projections = attached.Attachments.Projections };

        Assert.True(Summary(backbone, input, alone).allclose(Summary(backbone, input, Attachments.None), 1e-6, 1e-7));
        Assert.Equal([1L, 1L, Width], attached.Parameters["token4classifier"].shape);
    }

    [Fact]
    public void Poolers_AreTrainedUnlessToldOtherwise()
    {
        var backbone = ViltCosts.DescribeProfiled();

        Assert.True(_apt.Trains(backbone, Settings(""), "pooler.dense.weight"));
        Assert.False(_apt.Trains(backbone, Settings("train_pooler=false"), "pooler.dense.weight"));
        Assert.True(_apt.Trains(backbone, Settings("train_pooler=false"), "token_type_embeddings.weight"));
    }

    [Fact]
    public void WhatCannotBe_IsOneSentence()
    {
        var rank = Assert.Throws<DasSearchException>(() => _apt.Costs(ViltCosts.DescribeProfiled(), Settings("rank=769")));
        var alpha = Assert.Throws<ConfigException>(() => TransferTable.BuiltIn.Configured(
            new MethodConfig { Name = "apt", Options = new Dictionary<string, string> { ["alpha"] = "global" } }));

        var streams = Assert.Throws<DasSearchException>(() => _apt.Costs(ViltCosts.DescribeProfiled(), Settings("streams=text")));
        Assert.Equal("method.streams is text, but the backbone's layers are of fused: set it to all", streams.Message);
        Assert.Equal("APT's keys on transformer.blocks.0 are of rank 769, expected at most its width of 768", rank.Message);
        Assert.Contains("must be token or token-grad or key or none, not 'global'", alpha.Message, StringComparison.Ordinal);
    }

    private static TransferSettings Settings(string options) => new()
    {
        Options = options.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(static option => option.Split('=')).ToDictionary(static option => option[0], static option => option[1]),
    };

    private static Vilt Backbone()
    {
        manual_seed(1);
        var config = new ViltConfig { Vocabulary = 20, TextLength = 5, Width = Width, Layers = 2, Heads = 2, PatchSize = 2, PositionGrid = 2 };
        var backbone = new Vilt(config, new BackboneRequest { Input = new InputShape(20, 5, 4, 4) });
        backbone.eval();
        return backbone;
    }

    private static BackboneInput Input()
    {
        var ids = randint(2, 20, [3, 5]);
        ids[TensorIndex.Colon, 0] = 1;
        return new BackboneInput(ids, ones(3, 5, ScalarType.Bool), randn(3, 3, 4, 4));
    }

    private static Tensor Summary(Vilt backbone, BackboneInput input, Attachments attached) => backbone.Run(input, Subnetwork.Whole(2), attached).Summary!;
}
