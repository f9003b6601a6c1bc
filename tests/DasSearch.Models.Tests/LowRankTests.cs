using DasSearch.Core;
using DasSearch.Models.Backbones;
using DasSearch.Models.Checkpoints;
using DasSearch.Transfer;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasSearch.Models.Tests;

/// <summary>Linears of a low rank: PELA's ranks and totals, and a ViLT that has them against plain PyTorch (oracle/transfer_oracle.py).</summary>
public sealed class LowRankTests : IDisposable
{
    private static readonly InputShape _input = new(Vocabulary: 12, TextLength: 6, ImageHeight: 4, ImageWidth: 6);

    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData(768, 2304, 2, 288)]
    [InlineData(768, 768, 2, 192)]
    [InlineData(3072, 768, 2, 307)]
    [InlineData(768, 2304, 3, 192)]
    [InlineData(768, 768, 3, 128)]
    [InlineData(768, 3072, 3, 204)]
    [InlineData(768, 2304, 1.5, 384)]
    [InlineData(768, 768, 1.5, 256)]
    [InlineData(768, 3072, 1.5, 409)]
    [InlineData(1024, 3072, 2, 384)]
    [InlineData(1024, 1024, 2, 256)]
    [InlineData(1024, 4096, 2, 409)]
    public void RankOf_ThePapersLayers_IsTheirs(int width, int result, double kappa, int expected) =>
        Assert.Equal(expected, LowRank.RankOf(width, result, kappa));

    [Fact]
    public void Savings_OfDeitB_AreThoseOfThePaper()
    {
        const long Parameters = 86_567_656; // ViT-B/16 of 224 pixels with its head of 1,000 classes
        const int Tokens = 197;
        var full = (196 * 768L * 768) + (12 * ((12L * Tokens * 768 * 768) + (2L * Tokens * Tokens * 768))) + (768 * 1000);
        var (parameters, multiplyAccumulates) = Saved(Blocks(12, 768, Tokens, projects: true), kappa: 2);

        Assert.Equal(42_485_760, parameters);
        Assert.Equal(44_081_896, Parameters - parameters); // 44.08 M
        Assert.Equal(17.56, full / 1e9, 2);
        Assert.Equal(9.19, (full - multiplyAccumulates) / 1e9, 2);
    }

    [Fact]
    public void Savings_OfSwinB_WhichKeepsItsOutputProjections_AreThoseOfThePaper()
    {
        int[] depths = [2, 2, 18, 2];
        var layers = depths.SelectMany((depth, i) => Blocks(depth, 128 << i, (56 >> i) * (56 >> i), projects: false));
        var (parameters, multiplyAccumulates) = Saved(layers, kappa: 1.5);

        Assert.Equal(25.60, parameters / 1e6, 2);
        Assert.Equal(4.53, multiplyAccumulates / 1e9, 2);
    }

    [Fact]
    public void Savings_OfDeit3L_AreThoseOfThePaper()
    {
        var (parameters, multiplyAccumulates) = Saved(Blocks(24, 1024, 197, projects: true), kappa: 2);

        Assert.Equal(151.14, parameters / 1e6, 2);
        Assert.Equal(29.8, multiplyAccumulates / 1e9, 1);
    }

    [Theory]
    [InlineData(Granularity.Layers)]
    [InlineData(Granularity.SubLayers)]
    public void Describe_OfViltB32AtHalfTheRank_CostsWhatItsFactorsDo(Granularity granularity)
    {
        var full = new ViltConfig();
        var low = full with { Ranks = Ranks(full, kappa: 2) };
        var input = new InputShape(full.Vocabulary, full.TextLength, 320, 640);
        var (before, after) = (ViltCosts.Describe(full, input, granularity), ViltCosts.Describe(low, input, granularity));

        Assert.Equal(111_595_008 - 42_485_760, after.Parameters.Sum(parameter => parameter.Count));
        Assert.Equal(
            241L * 42_485_760,
            before.Modules.Sum(module => module.MultiplyAccumulates) - after.Modules.Sum(module => module.MultiplyAccumulates));
        Assert.All(after.Projections, place => Assert.Equal(low.Block.RankOf(place.Name), place.Rank));
        Assert.Equal(12 * 4, after.Projections.Count(place => place.Rank is not null));
    }

    [Fact]
    public void Load_ACheckpointOfFactors_ComputesWhatPyTorchDoes_AndItsGradients()
    {
        var (expected, model) = (Read("pela.out"), Load("pela.case"));
        var input = Inputs(Read("pela.case"));
        var tokens = model.Run(input, Subnetwork.Whole(2), Attachments.None, FeatureKind.Tokens).Streams[0];
        var summary = model.Run(input, Subnetwork.Whole(2), Attachments.None).Summary!;
        (summary * Read("pela.case")["input.upstream"]).sum().backward();

        AssertClose(expected["tokens"], tokens);
        AssertClose(expected["summary"], summary);
        var own = model.Network.named_parameters().ToDictionary(entry => entry.name, entry => entry.parameter);
        Assert.Equal(4 * 2 * 3, own.Keys.Count(name => BlockModule.LinearOf(name) is not null));
        Assert.All(
            expected.Where(entry => entry.Key.StartsWith("grad.", StringComparison.Ordinal)),
            entry => AssertClose(entry.Value, own[entry.Key["grad.".Length..]].grad!));
    }

    [Fact]
    public void Parameters_OfACompressedModel_AreWhatTheModelHas()
    {
        var model = Load("pela.case");
        Assert.Equal(
            model.Network.named_parameters().Select(entry => (entry.name, entry.parameter.numel())).Order(),
            model.Description.Parameters.Select(parameter => (parameter.Name, parameter.Count)).Order());
        Assert.Equal(model.Network.named_parameters().Select(entry => entry.name).Order(), model.Network.state_dict().Keys.Order());
        var biases = model.Description.Projections.Where(place => place.Rank is not null).Select(place => place.Bias);
        Assert.All(biases, bias => Assert.True(new BitFitTransfer().Trains(model.Description, new TransferSettings(), bias), bias));
    }

    [Fact]
    public void Store_InBFloat16_KeepsBothFactorsSo()
    {
        var model = Load("pela.case");
        using var unrecorded = no_grad();
        var input = Inputs(Read("pela.case"));
        var before = model.Run(input, Subnetwork.Whole(2), Attachments.None).Summary!;
        foreach (var parameter in model.Network.parameters())
        {
            parameter.requires_grad = false;
        }

        FrozenWeights.Store(model.Network, ScalarType.BFloat16);
        var after = model.Run(input, Subnetwork.Whole(2), Attachments.None).Summary!;

        var stored = model.Network.named_modules().Where(entry => entry.module is Linear linear && linear.weight!.dtype == ScalarType.BFloat16);
        Assert.Equal((4 * 2 * 2) + 1, stored.Count()); // and the pooler
        Assert.True(after.allclose(before, 0.05, 0.05));
    }

    [Fact]
    public void Factorise_AsTheAuthorsCodeDoes_GivesItsProducts()
    {
        var (full, expected) = (Read("full.case"), Read("pela-svd.out"));
        var weights = full.Where(entry => BlockModule.LinearOf(entry.Key) is not null && entry.Key.EndsWith("weight", StringComparison.Ordinal)).ToList();
        Assert.Equal(4 * 2, weights.Count);
        Assert.All(weights, entry =>
        {
            var name = BlockModule.LinearOf(entry.Key)!;
            var rank = LowRank.RankOf(entry.Value.size(1), entry.Value.size(0), kappa: 2);
            var factors = LowRank.Factorise(entry.Value, rank);
            Assert.Equal(expected[name + ".0.weight"].shape, factors.First.shape);
            Assert.Equal(expected[name + ".1.weight"].shape, factors.Second.shape);
            AssertClose(expected[name + ".1.weight"].matmul(expected[name + ".0.weight"]), factors.Second.matmul(factors.First));
            AssertClose(factors.First.square().sum([1L]), factors.Second.square().sum([0L])); // Σ, on both sides
        });
    }

    [Fact]
    public void Load_AWeightBesideItsFactors_IsRefused()
    {
        var tensors = Read("pela.case").ToDictionary();
        tensors["transformer.blocks.1.attn.proj.weight"] = zeros(16, 16);
        var error = Assert.Throws<DasSearchException>(() => Load(tensors));
        Assert.EndsWith(
            "has both transformer.blocks.1.attn.proj.weight and transformer.blocks.1.attn.proj.0.weight, expected a Linear or its two factors",
            error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Load_FactorsOfDifferentRanks_NamesTheOneThatDoesNotFit()
    {
        var tensors = Read("pela.case").ToDictionary();
        tensors["transformer.blocks.1.attn.proj.1.weight"] = zeros(16, 3);
        var error = Assert.Throws<DasSearchException>(() => Load(tensors));
        Assert.Contains("has transformer.blocks.1.attn.proj.1.weight of shape [16, 3], expected [16, 4]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Merge_AroundALinearOfALowRank_IsRefused()
    {
        var model = Load("pela.case");
        var request = new AttachRequest(model, new TransferSettings(), CPU, []);
        using var around = new Scaled("transformer.blocks.0.attn.proj").AttachWhole(request);
        using var outside = new Scaled("pooler.dense").AttachWhole(request);

        Assert.False(around.IsMergeable);
        Assert.Throws<InvalidOperationException>(() => around.Merge(model));
        Assert.True(outside.IsMergeable);
    }

    private static Dictionary<string, int> Ranks(ViltConfig config, double kappa) =>
        Enumerable.Range(0, config.Layers).SelectMany(block => new (string Name, int In, int Out)[]
        {
            ("attn.qkv", config.Width, 3 * config.Width), ("attn.proj", config.Width, config.Width),
            ("mlp.fc1", config.Width, 4 * config.Width), ("mlp.fc2", 4 * config.Width, config.Width),
        }.Select(layer => (Name: $"transformer.blocks.{block}.{layer.Name}", Rank: LowRank.RankOf(layer.In, layer.Out, kappa))))
        .ToDictionary(layer => layer.Name, layer => layer.Rank);

    // Tokens, width in and width out of each Linear.
    private static IEnumerable<(int Tokens, int In, int Out)> Blocks(int depth, int width, int tokens, bool projects) =>
        Enumerable.Repeat<(int, int, int)[]>([(tokens, width, 3 * width), (tokens, width, 4 * width), (tokens, 4 * width, width), .. projects ? [(tokens, width, width)] : Array.Empty<(int, int, int)>()], depth)
            .SelectMany(static block => block);

    private static (long Parameters, long MultiplyAccumulates) Saved(IEnumerable<(int Tokens, int In, int Out)> layers, double kappa)
    {
        var (parameters, multiplyAccumulates) = (0L, 0L);
        foreach (var (tokens, width, result) in layers)
        {
            var rank = LowRank.RankOf(width, result, kappa);
            parameters += LowRank.Parameters(width, result, null) - LowRank.Parameters(width, result, rank);
            multiplyAccumulates += LowRank.MultiplyAccumulates(tokens, width, result, null) - LowRank.MultiplyAccumulates(tokens, width, result, rank);
        }

        return (parameters, multiplyAccumulates);
    }

    private static IReadOnlyDictionary<string, Tensor> Read(string name) => CheckpointFile.Read(PathOf(name)).Tensors;

    private static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Fixtures", name + ".safetensors");

    private static BackboneInput Inputs(IReadOnlyDictionary<string, Tensor> @case) => new(
        @case["input.ids"], @case["input.mask"].to(ScalarType.Bool), @case["input.images"], @case.GetValueOrDefault("input.pixel_mask")?.to(ScalarType.Bool));

    private static IBackbone Load(string @case) => Load(Read(@case));

    private static IBackbone Load(IReadOnlyDictionary<string, Tensor> tensors)
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".safetensors");
        try
        {
            CheckpointFile.Write(path, tensors, new Dictionary<string, string> { ["heads"] = "4", ["dropout"] = "0" });
            return BackboneTable.BuiltIn.Named("vilt").Load(new BackboneRequest { Input = _input, Checkpoint = path }).Backbone;
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static void AssertClose(Tensor expected, Tensor actual) =>
        Assert.True(actual.allclose(expected, 1e-5, 1e-5), $"differs by {(actual - expected).abs().max().item<float>()}");

    // A projection that can be merged, at one place.
    private sealed class Scaled(string place) : ITransferMethod
    {
        public string Name => "scaled";

        public string Summary => "a test's";

        public AddedCosts Costs(BackboneDescription backbone, TransferSettings settings) => AddedCosts.Nothing(backbone);

        public Attached Attach(AttachRequest request) => new()
        {
            Attachments = new Attachments { Projections = new Dictionary<string, Projection> { [place] = new Twice() } },
        };

        public bool Trains(BackboneDescription backbone, TransferSettings settings, string parameter) => false;

        private sealed class Twice() : Projection(nameof(Twice))
        {
            public override bool IsMergeable => true;

            public override Tensor Apply(Func<Tensor, Tensor> own, Tensor input) => own(input) * 2;
        }
    }
}
