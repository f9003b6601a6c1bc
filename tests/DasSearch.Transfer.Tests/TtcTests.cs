using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Models.Backbones;
using DasSearch.Models.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace DasSearch.Transfer.Tests;

/// <summary>TTC at the paper's sizes, and how it chooses channels.</summary>
public sealed class TtcTests : IDisposable
{
    private const int Kept = 5; // of 16 channels

    private static readonly TtcTransfer _ttc = new();
    private static readonly string _fixtures = Path.Combine(AppContext.BaseDirectory, "Fixtures");

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Checkpoint _case = CheckpointFile.Read(Path.Combine(_fixtures, "taylor.case.safetensors"));
    private readonly Checkpoint _found = CheckpointFile.Read(Path.Combine(_fixtures, "taylor.out.safetensors"));
    private readonly IBackbone _backbone;

    public TtcTests()
    {
        var (ids, images) = (_case.Tensors["input.ids"], _case.Tensors["input.images"]);
        _backbone = BackboneTable.BuiltIn.Named("vilt").Load(new BackboneRequest
        {
            Input = new InputShape(12, (int)ids.size(1), (int)images.size(2), (int)images.size(3)),
            Checkpoint = Path.Combine(_fixtures, "taylor.case.safetensors"),
        }).Backbone;
        _backbone.Network.eval();
    }

    public void Dispose()
    {
        _backbone.Dispose();
        _scope.Dispose();
    }

    [Theory]
    [InlineData("", 111_744, 1)]
    [InlineData("bias=false", 110_592, 1)]
    [InlineData("position=attn", 111_744, 1)]
    [InlineData("position=block", 111_744, 1)]
    [InlineData("sct=true", 111_744, 1)]
    [InlineData("position=both", 2 * 111_744, 2)]
    public void Costs_OfViltB_AreThePapers(string options, long parameters, int places)
    {
        var (backbone, settings) = (ViltCosts.DescribeProfiled(), Settings(options));
        var costs = _ttc.Costs(backbone, settings);
        var norms = backbone.Parameters.Where(parameter => _ttc.Trains(backbone, settings, parameter.Name) && !backbone.IsAlwaysTrained(parameter.Name));

        Assert.Equal(parameters, costs.Modules.Sum(static module => module.Parameters));
        Assert.Equal(12L * places * 241 * 96 * 96, costs.Modules.Sum(static module => module.MultiplyAccumulates));
        Assert.Equal(options == "sct=true" ? 0 : 38_400, norms.Sum(static parameter => parameter.Count));
    }

    [Theory]
    [InlineData("mlp", "score", "mlp.ttc")]
    [InlineData("attn", "score_attn", "attn.ttc")]
    [InlineData("block", "score", "ttc")]
    public void Taylor_TakesTheChannelsOfTheLargestScores_AsTheOracleHasThem(string position, string score, string name)
    {
        using var attached = Attach($"channels={Kept},position={position}");
        for (var block = 0; block < 2; block++)
        {
            Assert.Equal(Largest(_found.Tensors[$"{score}.{block}"]), Channels(attached, $"transformer.blocks.{block}.{name}"));
        }
    }

    [Fact]
    public void Scores_AreSigned_OrNot()
    {
        var terms = Terms("transformer.blocks.0.mlp.fc2.weight");
        Assert.True(terms.sum(1).allclose(_found.Tensors["score.0"], 1e-4, 1e-6));
        foreach (var (score, expected) in new[] { ("signed", terms), ("absolute", terms.abs()), ("squared", terms.square()) })
        {
            using var attached = Attach($"channels={Kept},score={score}");
            Assert.Equal(Largest(expected.sum(1)), Channels(attached, "transformer.blocks.0.mlp.ttc"));
        }
    }

    [Fact]
    public void Ties_GoToTheLowerChannels()
    {
        using var attached = Attach($"channels={Kept},choice=l2"); // the norms of the evidence below are 0, 1, 0, 1, …
        Assert.Equal([1L, 3, 5, 7, 9], Channels(attached, "transformer.blocks.0.mlp.ttc"));
    }

    [Fact]
    public void Random_GoesByTheSeed_AndAsksForNothing()
    {
        var chosen = new List<long[]>();
        foreach (var seed in new[] { 1, 1, 2 })
        {
            manual_seed(seed);
            using var attached = _ttc.Attach(new AttachRequest(_backbone, Settings($"channels={Kept},choice=random"), CPU, []) { Evidence = new NoEvidence() });
            chosen.Add(Channels(attached, "transformer.blocks.1.mlp.ttc"));
        }

        Assert.Equal(chosen[0], chosen[1]);
        Assert.NotEqual(chosen[0], chosen[2]);
        Assert.All(chosen, static channels => Assert.Equal(channels.Distinct().Order(), channels));
    }

    [Fact]
    public void FirstStage_IsThatOfNorms_ButForSct()
    {
        Assert.Equal("layer-norm", _ttc.Before(Settings(""))!.Method.Name);
        Assert.Null(_ttc.Before(Settings(""))!.Epochs);
        Assert.Equal(7, _ttc.Before(Settings("stage_epochs=7"))!.Epochs);
        Assert.Null(_ttc.Before(Settings("sct=true")));
        Assert.Null(((ITransferMethod)new LayerNormTransfer()).Before(Settings("")));
    }

    [Fact]
    public void FreezeNorms_TrainsNone()
    {
        var backbone = ViltCosts.DescribeProfiled();
        Assert.True(_ttc.Trains(backbone, Settings(""), "transformer.norm.weight"));
        Assert.False(_ttc.Trains(backbone, Settings("freeze_norms=true"), "transformer.norm.weight"));
    }

    [Fact]
    public void WhatCannotBe_IsOneSentence()
    {
        var wide = Assert.Throws<DasSearchException>(() => _ttc.Costs(ViltCosts.DescribeProfiled(), Settings("channels=769")));
        var attached = Assert.Throws<DasSearchException>(() => { Attach("channels=17"); });
        var choice = Assert.Throws<ConfigException>(() => TransferTable.BuiltIn.Configured(
            new MethodConfig { Name = "ttc", Options = new Dictionary<string, string> { ["choice"] = "best" } }));

        Assert.Equal("TTC on transformer.blocks.0 is to tune 769 channels, expected at most its width of 768", wide.Message);
        Assert.Contains("17 channels, expected at most its width of 16", attached.Message, StringComparison.Ordinal);
        Assert.Contains("must be taylor or l2 or random, not 'best'", choice.Message, StringComparison.Ordinal);
    }

    private static TransferSettings Settings(string options) => new()
    {
        Options = options.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(static option => option.Split('=')).ToDictionary(static option => option[0], static option => option[1]),
    };

    private static long[] Channels(Attached attached, string name) => attached.Constants[name + ".channels"].data<long>().ToArray();

    private static IEnumerable<long> Largest(Tensor scores) => scores.argsort(descending: true).narrow(0, 0, Kept).data<long>().ToArray().Order();

    private Attached Attach(string options) =>
        _ttc.Attach(new AttachRequest(_backbone, Settings(options), CPU, []) { Evidence = new Evidence(this) });

    private Tensor Terms(string matrix) => _case.Tensors[matrix] * new Evidence(this).Gradients([matrix], null)[matrix];

    /// <summary>The mean loss over the case's four samples.</summary>
    private sealed class Evidence(TtcTests tests) : IEvidence
    {
        public IReadOnlyDictionary<string, Tensor> Gradients(IReadOnlyList<string> parameters, int? samples)
        {
            var own = tests._backbone.Network.named_parameters().ToDictionary(static entry => entry.name, static entry => entry.parameter);
            var file = tests._case.Tensors;
            var input = new BackboneInput(file["input.ids"], file["input.mask"].to(ScalarType.Bool), file["input.images"]);
            var summary = tests._backbone.Run(input, Subnetwork.Whole(2), Attachments.None).Summary!;
            var loss = nn.functional.cross_entropy(nn.functional.linear(summary, file["head.weight"], file["head.bias"]), file["input.labels"]);
            return parameters.Zip(autograd.grad([loss], [.. parameters.Select(name => own[name])])).ToDictionary(static entry => entry.First, static entry => entry.Second);
        }

        public IReadOnlyDictionary<string, Tensor> ChannelNorms(IReadOnlyList<string> places, bool isByClass, int? samples) =>
            places.ToDictionary(static place => place, static _ => tensor(new[] { 0f, 1 }).repeat(8));
    }

    private sealed class NoEvidence : IEvidence
    {
        public IReadOnlyDictionary<string, Tensor> Gradients(IReadOnlyList<string> parameters, int? samples) => throw new NotSupportedException();

        public IReadOnlyDictionary<string, Tensor> ChannelNorms(IReadOnlyList<string> places, bool isByClass, int? samples) => throw new NotSupportedException();
    }
}
