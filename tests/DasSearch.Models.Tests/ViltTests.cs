using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Core.Plans;
using DasSearch.Models.Adapters;
using DasSearch.Models.Attachments;
using DasSearch.Models.Backbones;
using DasSearch.Models.Backbones.Vilt;
using DasSearch.Models.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace DasSearch.Models.Tests;

/// <summary>A tiny ViLT against plain PyTorch (Fixtures/make_vilt.py), and what the search relies on.</summary>
public sealed class ViltTests : IDisposable
{
    private const int Layers = 3;

    private static readonly ViltConfig _tiny = new()
    {
        Vocabulary = 11,
        TextLength = 5,
        Width = 8,
        Layers = Layers,
        Heads = 2,
        PatchSize = 2,
        PositionGrid = 3,
        ImagesPerSample = 2,
    };

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Vilt _model = new(_tiny, new InputShape(11, 5, 6, 8));
    private readonly DasAdapters _adapters;
    private readonly IReadOnlyDictionary<string, Tensor> _fixture;

    public ViltTests()
    {
        _fixture = SafetensorsReader.Read(Path.Combine(AppContext.BaseDirectory, "Fixtures", "vilt.safetensors")).Tensors;
        _adapters = Load(new DasAdapters(DasPlacement.OfSupernet(_model.Description.Parts, _sizes), _model.Description));
        Load(_model, _fixture);
    }

    private static readonly AdapterConfig _sizes = new() { SkipBottleneck = 6, ParallelBottleneck = 4 };

    private VisionLanguageInput Input => new(_fixture["in.ids"], _fixture["in.text_mask"], _fixture["in.images"]);

    public void Dispose()
    {
        _adapters.Dispose();
        _model.Dispose();
        _scope.Dispose();
    }

    [Fact]
    public void Pass_NothingSkippedNothingAttached_IsTheUntouchedModels()
    {
        var finished = Pass(Input, Subnetwork.Whole(Layers), NoAttachments.Instance);

        AssertClose("out.whole", finished.Streams[0]);
        AssertClose("out.whole.summary", _model.Summarise(finished));
    }

    [Fact]
    public void Pass_ModuleSkippedWithoutAdapter_PassesItsInputOn() =>
        AssertClose("out.skip", Pass(Input, new Subnetwork(Layers, [1]), NoAttachments.Instance).Streams[0]);

    [Fact]
    public void Pass_WithDasAdapters_FollowsThePapersEquations()
    {
        var finished = Pass(Input, new Subnetwork(Layers, [2, 0]), _adapters);

        AssertClose("out.adapted", finished.Streams[0]);
        AssertClose("out.adapted.summary", _model.Summarise(finished));
    }

    [Fact]
    public void Pass_OfSubLayers_SkipsAttentionAndFeedForwardEachOnItsOwn()
    {
        var skipped = new Subnetwork(2 * Layers, [1, 2]);
        using var model = SubLayers();
        var placements = DasPlacement.Of(model.Description.Parts, skipped, _sizes);
        using var adapters = Load(new DasAdapters(placements, model.Description));

        var finished = model.Finish(model.Run(model.Embed(Input), 0, 2 * Layers, skipped, adapters));
        var summary = model.Summarise(finished);

        AssertClose("out.parts", finished.Streams[0]);
        AssertClose("out.parts.summary", summary);
    }

    [Fact]
    public void Conclude_OfAnySubLayers_IsTheSummaryOfAWholePass()
    {
        using var unrecorded = no_grad();
        using var model = SubLayers();
        using var adapters = new DasAdapters(DasPlacement.OfSupernet(model.Description.Parts, _sizes), model.Description);
        var modules = 2 * Layers;
        foreach (var skipped in Enumerable.Range(0, modules + 1).SelectMany(skip => Combinations.All(modules, skip)))
        {
            var whole = model.Summarise(model.Finish(model.Run(model.Embed(Input), 0, modules, skipped, adapters)));
            for (var start = 0; start <= modules; start++)
            {
                var summary = model.Conclude(model.Run(model.Embed(Input), 0, start, skipped, adapters), start, skipped, adapters);
                Assert.True(summary.allclose(whole, 1e-5, 1e-6), $"without {skipped} from {start}");
            }
        }
    }

    [Fact]
    public void Pass_OfSubLayersWithNothingSkipped_HasTheBitsOfWholeLayers()
    {
        using var unrecorded = no_grad();
        using var model = SubLayers();
        var parts = model.Finish(model.Run(model.Embed(Input), 0, 2 * Layers, Subnetwork.Whole(2 * Layers), NoAttachments.Instance));
        var layers = Pass(Input, Subnetwork.Whole(Layers), NoAttachments.Instance);
        Assert.Equal(layers.Streams[0].bytes.ToArray(), parts.Streams[0].bytes.ToArray());
    }

    [Fact]
    public void Conclude_OfAnySubnetworkFromAnyModule_IsTheSummaryOfAWholePass_WithItsGradients()
    {
        var embedded = _model.Embed(Input);
        var input = embedded.With(embedded.Streams[0].detach().requires_grad_());
        foreach (var skipped in Enumerable.Range(0, Layers + 1).SelectMany(skip => Combinations.All(Layers, skip)))
        {
            var whole = _model.Summarise(_model.Finish(_model.Run(input, 0, Layers, skipped, _adapters)));
            var expected = Gradients(whole, input.Streams[0], skipped);
            for (var start = 0; start <= Layers; start++)
            {
                var summary = _model.Conclude(_model.Run(input, 0, start, skipped, _adapters), start, skipped, _adapters);
                Assert.Equal(whole.shape, summary.shape);
                Assert.True(summary.allclose(whole, 1e-5, 1e-6), $"without {skipped} from {start}");
                Assert.All(Gradients(summary, input.Streams[0], skipped).Zip(expected), pair =>
                    Assert.True(pair.First.allclose(pair.Second, 1e-4, 1e-6), $"without {skipped} from {start}"));
            }
        }
    }

    // With respect to the input and to the adapters in use.
    private IList<Tensor> Gradients(Tensor summary, Tensor input, Subnetwork skipped)
    {
        var adapters = Enumerable.Range(0, Layers)
            .SelectMany(i => skipped.Contains(i) ? new[] { (i, Site.Replacement) } : [(i, Site.ParallelToAttention), (i, Site.ParallelToFeedForward)])
            .SelectMany(place => _adapters.At(place.Item1, place.Item2)!.parameters());
        return autograd.grad([(summary * arange(summary.size(1), dtype: summary.dtype)).sum()], [input, .. adapters]);
    }

    [Fact]
    public void Pass_ImagesOfDifferentSizes_ResizesPositionsToEachAndHidesPadding()
    {
        var input = Input with { PixelMask = _fixture["in.pixel_mask"], ImageNumber = 2 };
        AssertClose("out.padded.summary", _model.Summarise(Pass(input, Subnetwork.Whole(Layers), NoAttachments.Instance)));
    }

    [Fact]
    public void Pass_PaddedTokensChanged_SummaryStaysTheSame()
    {
        var ids = Input.TokenIds.clone();
        ids.masked_fill_(Input.TextMask.logical_not(), 10);
        var changed = Pass(Input with { TokenIds = ids }, Subnetwork.Whole(Layers), NoAttachments.Instance);
        AssertClose("out.whole.summary", _model.Summarise(changed));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Run_InTwoParts_GivesTheSameBits(int boundary)
    {
        using var unrecorded = no_grad();
        var skipped = new Subnetwork(Layers, [1]);
        var embedded = _model.Embed(Input);
        var whole = _model.Run(embedded, 0, Layers, skipped, _adapters).Streams[0];
        var prefix = _model.Run(embedded, 0, boundary, skipped, _adapters);
        var parts = _model.Run(prefix, boundary, Layers, skipped, _adapters).Streams[0];

        Assert.Equal(whole.bytes.ToArray(), parts.bytes.ToArray());
    }

    [Fact]
    public void EmbedFrozen_DependsOnNoTransferredParameter_AndGivesEmbedItsBits()
    {
        using var unrecorded = no_grad();
        var frozen = _model.EmbedFrozen(Input);
        var before = _model.Embed(Input).Streams[0];
        foreach (var (name, parameter) in _model.named_parameters())
        {
            if (_model.IsTransferred(name))
            {
                parameter.add_(randn_like(parameter));
            }
        }

        var (whole, prepared) = (_model.Embed(Input), _model.Embed(Input, frozen));
        Assert.NotEqual(before.bytes.ToArray(), whole.Streams[0].bytes.ToArray());
        Assert.Equal(whole.Streams[0].bytes.ToArray(), prepared.Streams[0].bytes.ToArray());
        Assert.Equal(whole.KeyBiases[0].bytes.ToArray(), prepared.KeyBiases[0].bytes.ToArray());
    }

    [Fact]
    public void EmbedFrozen_InTraining_LeavesDropoutItsNumbers()
    {
        using var model = new Vilt(_tiny with { Dropout = 0.5 }, new InputShape(11, 5, 6, 8));
        var frozen = model.EmbedFrozen(Input);
        manual_seed(1);
        var whole = model.Embed(Input).Streams[0];
        manual_seed(1);
        Assert.Equal(whole.bytes.ToArray(), model.Embed(Input, frozen).Streams[0].bytes.ToArray());
    }

    [Fact]
    public void Run_OneSample_AgreesWithItsRowInABatch()
    {
        var one = Input with
        {
            TokenIds = Input.TokenIds[TensorIndex.Slice(1, 2)],
            TextMask = Input.TextMask[TensorIndex.Slice(1, 2)],
            Images = Input.Images[TensorIndex.Slice(1, 2)],
        };
        var alone = Pass(one, Subnetwork.Whole(Layers), NoAttachments.Instance).Streams[0];
        Assert.True(alone.allclose(_fixture["out.whole"][TensorIndex.Slice(1, 2)], 1e-5, 1e-5));
    }

    [Fact]
    public void Pass_LeavesNothingBehindButItsResults()
    {
        using var unrecorded = no_grad();
        var input = Input;
        var before = Tensor.TotalCount;
        using (NewDisposeScope())
        {
            Pass(input, new Subnetwork(Layers, [0]), _adapters);
        }

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void Backward_SkippedModule_GetsNoGradientAndItsAdapterDoes()
    {
        var loss = Pass(Input, new Subnetwork(Layers, [1]), _adapters).Streams[0].sum();
        var replaced = (BottleneckAdapter)_adapters.At(1, Site.Replacement)!;
        var unused = (BottleneckAdapter)_adapters.At(0, Site.Replacement)!;
        var asked = new[]
        {
            _model.get_parameter("transformer.blocks.1.attn.qkv.weight")!,
            replaced.get_parameter("down_proj.weight")!,
            unused.get_parameter("down_proj.weight")!,
            _model.get_parameter("transformer.blocks.0.attn.qkv.weight")!,
        };

        var gradients = autograd.grad([loss], asked, allow_unused: true);
        Assert.Equal([false, true, false, true], gradients.Select(gradient => gradient is not null && !gradient.IsInvalid));
    }

    [Fact]
    public void Run_SubnetworkOfAnotherBackbone_SaysWhich()
    {
        var error = Assert.Throws<ArgumentException>(() => Pass(Input, Subnetwork.Whole(12), NoAttachments.Instance));
        Assert.Contains("12", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Embed_TextTooLong_SaysHowLongItMayBe()
    {
        var input = Input with { TokenIds = zeros(2, 6, int64), TextMask = ones(2, 6, ScalarType.Bool) };
        var error = Assert.Throws<ArgumentException>(() => _model.Embed(input));
        Assert.Contains("at most 5", error.Message, StringComparison.Ordinal);
    }

    private static Vilt Load(Vilt model, IReadOnlyDictionary<string, Tensor> fixture)
    {
        var names = model.named_parameters().Select(entry => entry.name).ToHashSet();
        model.load_state_dict(fixture.Where(entry => names.Contains(entry.Key)).ToDictionary());
        model.eval();
        return model;
    }

    private DasAdapters Load(DasAdapters adapters)
    {
        using var unrecorded = no_grad();
        foreach (var (name, target) in adapters.OfficialState())
        {
            target.copy_(_fixture[name]);
        }

        return adapters;
    }

    private Vilt SubLayers() => Load(new Vilt(_tiny, new InputShape(11, 5, 6, 8), granularity: Granularity.SubLayers), _fixture);

    private HiddenState Pass(VisionLanguageInput input, Subnetwork skipped, IAttachments attachments) =>
        _model.Finish(_model.Run(_model.Embed(input), 0, Layers, skipped, attachments));

    private void AssertClose(string name, Tensor found)
    {
        var expected = _fixture[name];
        Assert.Equal(expected.shape, found.shape);
        Assert.True(found.allclose(expected, 1e-5, 2e-6), $"{name} differs by {(found - expected).abs().max().item<float>()}");
    }
}
