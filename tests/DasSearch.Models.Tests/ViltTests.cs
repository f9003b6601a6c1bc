using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Core.Plans;
using DasSearch.Models.Backbones;
using DasSearch.Models.Checkpoints;
using DasSearch.Transfer;
using DasSearch.Worker.Tests.Support;
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

    private static readonly BackboneRequest _request = new() { Input = new InputShape(11, 5, 6, 8) };

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Vilt _model = new(_tiny, _request);
    private readonly Attached _adapters;
    private readonly IReadOnlyDictionary<string, Tensor> _fixture;

    public ViltTests()
    {
        _fixture = CheckpointFile.Read(Path.Combine(AppContext.BaseDirectory, "Fixtures", "vilt.safetensors")).Tensors;
        _adapters = Load(Attach(_model));
        Load(_model, _fixture);
    }

    private static readonly AdapterConfig _sizes = new() { SkipBottleneck = 6, ParallelBottleneck = 4 };

    private BackboneInput Input => new(_fixture["in.ids"], _fixture["in.text_mask"], _fixture["in.images"]);

    public void Dispose()
    {
        _adapters.Dispose();
        _model.Dispose();
        _scope.Dispose();
    }

    [Fact]
    public void Pass_NothingSkippedNothingAttached_IsTheUntouchedModels()
    {
        var finished = Pass(Input, Subnetwork.Whole(Layers), Attachments.None);

        AssertClose("out.whole", finished.Streams[0]);
        AssertClose("out.whole.summary", Summary(Input, Subnetwork.Whole(Layers), Attachments.None));
    }

    [Fact]
    public void Pass_ModuleSkippedWithoutAdapter_PassesItsInputOn() =>
        AssertClose("out.skip", Pass(Input, new Subnetwork(Layers, [1]), Attachments.None).Streams[0]);

    [Fact]
    public void Pass_WithDasAdapters_FollowsThePapersEquations()
    {
        var skipped = new Subnetwork(Layers, [2, 0]);
        AssertClose("out.adapted", Pass(Input, skipped, _adapters.Attachments).Streams[0]);
        AssertClose("out.adapted.summary", Summary(Input, skipped, _adapters.Attachments));
    }

    [Fact]
    public void Pass_OfSubLayers_SkipsAttentionAndFeedForwardEachOnItsOwn()
    {
        var skipped = new Subnetwork(2 * Layers, [1, 2]);
        using var model = SubLayers();
        using var adapters = Load(Attach(model, DasPlacement.Of(model.Description.Parts, skipped, _sizes)));

        AssertClose("out.parts", model.Run(Input, skipped, adapters.Attachments, FeatureKind.Tokens).Streams[0]);
        AssertClose("out.parts.summary", model.Run(Input, skipped, adapters.Attachments).Summary!);
    }

    [Fact]
    public void Conclude_OfAnySubLayers_IsTheSummaryOfAWholePass()
    {
        using var unrecorded = no_grad();
        using var model = SubLayers();
        using var adapters = Attach(model);
        var modules = 2 * Layers;
        foreach (var skipped in Enumerable.Range(0, modules + 1).SelectMany(skip => Combinations.All(modules, skip)))
        {
            var whole = Summary(model, States(model, Input, skipped, adapters.Attachments)[^1]);
            var states = States(model, Input, skipped, adapters.Attachments);
            for (var start = 0; start <= modules; start++)
            {
                var summary = model.Conclude(states[start], start, skipped, adapters.Attachments).Summary!;
                Assert.True(summary.allclose(whole, 1e-5, 1e-6), $"without {skipped} from {start}");
            }
        }
    }

    [Fact]
    public void Pass_OfSubLayersWithNothingSkipped_HasTheBitsOfWholeLayers()
    {
        using var unrecorded = no_grad();
        using var model = SubLayers();
        var parts = model.Run(Input, Subnetwork.Whole(2 * Layers), Attachments.None, FeatureKind.Tokens);
        var layers = Pass(Input, Subnetwork.Whole(Layers), Attachments.None);
        Assert.Equal(layers.Streams[0].bytes.ToArray(), parts.Streams[0].bytes.ToArray());
    }

    [Fact]
    public void Conclude_OfAnySubnetworkFromAnyModule_IsTheSummaryOfAWholePass_WithItsGradients()
    {
        var embedded = _model.Embed(Input, Attachments.None).State();
        var input = embedded.With(embedded.Streams[0].detach().requires_grad_());
        foreach (var skipped in Enumerable.Range(0, Layers + 1).SelectMany(skip => Combinations.All(Layers, skip)))
        {
            var whole = Summary(_model, States(_model, input, skipped, _adapters.Attachments)[^1]);
            var expected = Gradients(whole, input.Streams[0], skipped);
            for (var start = 0; start <= Layers; start++)
            {
                var state = States(_model, input, skipped, _adapters.Attachments)[start];
                var summary = _model.Conclude(state, start, skipped, _adapters.Attachments).Summary!;
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
        var adapters = Enumerable.Range(0, Layers).SelectMany(i => skipped.Contains(i)
            ? _adapters.Attachments.Replacements[$"transformer.blocks.{i}"].parameters()
            : [.. _adapters.Attachments.Branches[$"transformer.blocks.{i}.attn"].parameters(), .. _adapters.Attachments.Branches[$"transformer.blocks.{i}.mlp"].parameters()]);
        return autograd.grad([(summary * arange(summary.size(1), dtype: summary.dtype)).sum()], [input, .. adapters]);
    }

    [Fact]
    public void Pass_ImagesOfDifferentSizes_ResizesPositionsToEachAndHidesPadding()
    {
        var input = Input with { PixelMask = _fixture["in.pixel_mask"], ImageNumber = 2 };
        AssertClose("out.padded.summary", Summary(input, Subnetwork.Whole(Layers), Attachments.None));
    }

    [Fact]
    public void Pass_PaddedTokensChanged_SummaryStaysTheSame()
    {
        var ids = Input.TokenIds.clone();
        ids.masked_fill_(Input.TextMask.logical_not(), 10);
        AssertClose("out.whole.summary", Summary(Input with { TokenIds = ids }, Subnetwork.Whole(Layers), Attachments.None));
    }

    [Fact]
    public void Embed_OfWhatIsFrozen_DependsOnNoParameterThatIsAlwaysTrained_AndHasTheBits()
    {
        using var unrecorded = no_grad();
        var kept = _model.Embed(Input, Attachments.None);
        var before = kept.State().Streams[0];
        foreach (var (name, parameter) in _model.named_parameters().Where(entry => _model.Description.IsAlwaysTrained(entry.name)))
        {
            parameter.add_(randn_like(parameter));
        }

        var (whole, prepared) = (_model.Embed(Input, Attachments.None).State(), kept.State());
        Assert.NotEqual(before.bytes.ToArray(), whole.Streams[0].bytes.ToArray());
        Assert.Equal(whole.Streams[0].bytes.ToArray(), prepared.Streams[0].bytes.ToArray());
        Assert.Equal(whole.KeyBiases[0].bytes.ToArray(), prepared.KeyBiases[0].bytes.ToArray());
    }

    [Fact]
    public void Embed_OfWhatIsFrozenInTraining_LeavesDropoutItsNumbers()
    {
        using var model = new Vilt(_tiny with { Dropout = 0.5 }, _request);
        var kept = model.Embed(Input, Attachments.None);
        manual_seed(1);
        var whole = model.Embed(Input, Attachments.None).State().Streams[0];
        manual_seed(1);
        Assert.Equal(whole.bytes.ToArray(), kept.State().Streams[0].bytes.ToArray());
    }

    [Fact]
    public void Run_OneSample_AgreesWithItsRowInABatch()
    {
        var one = Input with
        {
            TokenIds = Input.TokenIds[TensorIndex.Slice(1, 2)],
            TextMask = Input.TextMask[TensorIndex.Slice(1, 2)],
            Images = Input.Images![TensorIndex.Slice(1, 2)],
        };
        var alone = Pass(one, Subnetwork.Whole(Layers), Attachments.None).Streams[0];
        Assert.True(alone.allclose(_fixture["out.whole"][TensorIndex.Slice(1, 2)], 1e-5, 1e-5));
    }

    [Fact]
    public void Pass_LeavesNothingBehindButItsResults()
    {
        using var unrecorded = no_grad();
        var input = Input;
        var before = LiveTensors.Count();
        using (NewDisposeScope())
        {
            Pass(input, new Subnetwork(Layers, [0]), _adapters.Attachments);
            Summary(input, new Subnetwork(Layers, [0]), _adapters.Attachments);
        }

        Assert.Equal(before, LiveTensors.Count());
    }

    [Fact]
    public void Backward_SkippedModule_GetsNoGradientAndItsAdapterDoes()
    {
        var loss = Pass(Input, new Subnetwork(Layers, [1]), _adapters.Attachments).Streams[0].sum();
        var asked = new[]
        {
            _model.get_parameter("transformer.blocks.1.attn.qkv.weight")!,
            _adapters.Parameters["adapter_list.1.0.down_proj.weight"],
            _adapters.Parameters["adapter_list.0.0.down_proj.weight"],
            _model.get_parameter("transformer.blocks.0.attn.qkv.weight")!,
        };

        var gradients = autograd.grad([loss], asked, allow_unused: true);
        Assert.Equal([false, true, false, true], gradients.Select(gradient => gradient is not null && !gradient.IsInvalid));
    }

    [Fact]
    public void Run_SubnetworkOfAnotherBackbone_SaysWhich()
    {
        var error = Assert.Throws<ArgumentException>(() => Pass(Input, Subnetwork.Whole(12), Attachments.None));
        Assert.Contains("12", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Embed_TextTooLong_SaysHowLongItMayBe()
    {
        var input = Input with { TokenIds = zeros(2, 6, int64), TextMask = ones(2, 6, ScalarType.Bool) };
        var error = Assert.Throws<ArgumentException>(() => _model.Embed(input, Attachments.None));
        Assert.Contains("at most 5", error.Message, StringComparison.Ordinal);
    }

    private static Vilt Load(Vilt model, IReadOnlyDictionary<string, Tensor> fixture)
    {
        var names = model.named_parameters().Select(entry => entry.name).ToHashSet();
        model.load_state_dict(fixture.Where(entry => names.Contains(entry.Key)).ToDictionary());
        model.eval();
        return model;
    }

    private Attached Load(Attached adapters)
    {
        using var unrecorded = no_grad();
        foreach (var (name, target) in adapters.Parameters)
        {
            target.copy_(_fixture[name]);
        }

        return adapters;
    }

    private static Attached Attach(Vilt model, IReadOnlyList<AdapterPlacement>? planned = null) =>
        new DasTransfer().AttachWhole(new AttachRequest(model, planned is null ? new TransferSettings { Adapters = _sizes } : new TransferSettings().At(planned), CPU, []));

    private Vilt SubLayers() => Load(new Vilt(_tiny, _request with { Granularity = Granularity.SubLayers }), _fixture);

    private Features Pass(BackboneInput input, Subnetwork skipped, Attachments attached) =>
        _model.Run(input, skipped, attached, FeatureKind.Tokens);

    private Tensor Summary(BackboneInput input, Subnetwork skipped, Attachments attached) => _model.Run(input, skipped, attached).Summary!;

    private static Tensor Summary(Vilt model, HiddenState last) => model.Finish(last, FeatureKind.Summary, Attachments.None).Summary!;

    private static List<HiddenState> States(Vilt model, BackboneInput input, Subnetwork skipped, Attachments attached) =>
        States(model, model.Embed(input, attached).State(), skipped, attached);

    // Before the first module, after it, and so on, all tokens.
    private static List<HiddenState> States(Vilt model, HiddenState first, Subnetwork skipped, Attachments attached)
    {
        List<HiddenState> states = [first];
        for (var i = 0; i < skipped.Modules; i++)
        {
            states.Add(model.Next(states[i], i, skipped, attached));
        }

        return states;
    }

    private void AssertClose(string name, Tensor found)
    {
        var expected = _fixture[name];
        Assert.Equal(expected.shape, found.shape);
        Assert.True(found.allclose(expected, 1e-5, 2e-6), $"{name} differs by {(found - expected).abs().max().item<float>()}");
    }
}
