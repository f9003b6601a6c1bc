using System.Diagnostics.CodeAnalysis;
using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Core.Plans;
using DasSearch.Models.Backbones;
using DasSearch.Models.Backbones.Encoders;
using TorchSharp;
using static TorchSharp.torch;

namespace DasSearch.Transfer.Tests;

/// <summary>A small backbone, 16 wide, that methods are put on.</summary>
public interface IContractCase
{
    /// <summary>Its whole layers.</summary>
    static virtual int Layers => 3;

    /// <summary>Whether a method is put on it.</summary>
    static virtual bool Covers(string method, Granularity granularity) => true;

    /// <summary>The backbone, which knows 20 words and may see images of 4 by 4 pixels.</summary>
    static abstract IBackbone Create(BackboneRequest request);
}

/// <summary>What every method keeps to on a backbone: on whole layers and on their parts, whatever is skipped.</summary>
/// <typeparam name="TCase">The backbone.</typeparam>
public abstract class ContractTests<TCase> : IDisposable
    where TCase : IContractCase
{

    // Sizes that fit a width of 16; a method has some of them.
    private static readonly Dictionary<string, string> _sizes = new(StringComparer.Ordinal)
    {
        ["tokens"] = "3", ["rank"] = "2", ["bottleneck"] = "4", ["channels"] = "4",
    };

    private readonly DisposeScope _scope = NewDisposeScope();

    [SuppressMessage("Design", "CA1000", Justification = "xUnit asks the class of the tests for their cases.")]
    public static TheoryData<string, Granularity> Methods
    {
        get
        {
            var data = new TheoryData<string, Granularity>();
            foreach (var (name, granularity) in TransferTable.BuiltIn.All.SelectMany(static method => Enum.GetValues<Granularity>().Select(granularity => (method.Name, granularity))))
            {
                if (TCase.Covers(name, granularity))
                {
                    data.Add(name, granularity);
                }
            }

            return data;
        }
    }

    public void Dispose()
    {
        _scope.Dispose();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Costs_OfEveryPlan_AreWhatItsNetworkHas(string name, Granularity granularity)
    {
        foreach (var (skipped, replacement) in Plans(granularity))
        {
            using var network = new Network(name, granularity, skipped, replacement, isPlanned: true);
            var account = network.Costs.Of(skipped);
            Assert.Equal(network.All.Sum(entry => entry.Value.numel()), account.TotalParameters);
            Assert.Equal(network.Trained.Sum(entry => entry.Value.numel()), account.TrainableParameters);
            Assert.Equal(network.Trained.Count, network.Trained.Keys.Distinct().Count());
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Summary_OfEveryPlan_IsThatOfAllTokens(string name, Granularity granularity)
    {
        using var unrecorded = no_grad();
        foreach (var (skipped, replacement) in Plans(granularity))
        {
            using var network = new Network(name, granularity, skipped, replacement, isPlanned: true);
            network.Disturb();
            var state = network.Backbone.Embed(network.Input, network.Attached.Attachments).State();
            for (var i = 0; i < skipped.Modules; i++)
            {
                state = network.Backbone.Next(state, i, skipped, network.Attached.Attachments);
            }

            var whole = network.Backbone.Finish(state, FeatureKind.Summary, network.Attached.Attachments).Summary!;
            Assert.True(network.Summary().allclose(whole, 1e-5, 1e-6), $"without {skipped} with {replacement}");
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Supernet_HasWhatItsPlansHave(string name, Granularity granularity)
    {
        using var unrecorded = no_grad();
        using var supernet = new Network(name, granularity, Subnetwork.Whole(Modules(granularity)), "das", isPlanned: false);
        supernet.Disturb();
        foreach (var (skipped, _) in Plans(granularity).Where(static plan => plan.Replacement == "das"))
        {
            using var planned = new Network(name, granularity, skipped, "das", isPlanned: true);
            Assert.Subset(supernet.Saved.Keys.ToHashSet(), planned.Saved.Keys.ToHashSet());
            Network.Load(supernet.Everything, planned.Everything);
            Assert.True(planned.Summary().allclose(supernet.Summary(skipped), 1e-5, 1e-6), $"without {skipped}");
            Assert.Equal(supernet.Costs.Of(skipped), planned.Costs.Of(skipped));
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void TenSteps_ChangeWhatIsTrained_AndNoBitOfTheRest(string name, Granularity granularity)
    {
        var skipped = new Subnetwork(Modules(granularity), [1]);
        using var network = new Network(name, granularity, skipped, "das", isPlanned: true);
        var before = network.All.ToDictionary(static entry => entry.Key, static entry => entry.Value.detach().clone());
        network.TrainSteps(10);

        Assert.All(network.All, entry =>
        {
            var isSame = before[entry.Key].allclose(entry.Value, 0, 0);
            Assert.True(isSame != network.Trained.ContainsKey(entry.Key), entry.Key);
        });
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void SavedAndLoaded_GivesTheSameBits(string name, Granularity granularity)
    {
        var skipped = new Subnetwork(Modules(granularity), [0, 2]);
        using var network = new Network(name, granularity, skipped, "das", isPlanned: true);
        network.TrainSteps(2);
        using var again = new Network(name, granularity, skipped, "das", isPlanned: true);
        using var unrecorded = no_grad();
        Network.Load(network.Saved, again.Saved);
        Assert.True(again.Summary().allclose(network.Summary(), 0, 0));
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Merged_WithModulesSkipped_GivesTheSame(string name, Granularity granularity)
    {
        foreach (var (skipped, replacement) in Plans(granularity))
        {
            using var network = new Network(name, granularity, skipped, replacement, isPlanned: true);
            network.TrainSteps(2);
            using var unrecorded = no_grad();
            network.Backbone.Network.eval();
            var attached = network.Attached.Attachments;
            if (attached.Projections.Count + attached.Branches.Count + attached.Sequences.Count > 0)
            {
                Assert.Equal(TransferTable.BuiltIn.Named(name).Merges(network.Settings), network.Attached.IsMergeable);
            }

            if (!network.Attached.IsMergeable)
            {
                return;
            }

            var with = network.Summary();
            var left = network.Attached.Merge(network.Backbone);
            Assert.Equal((0, 0, 0), (left.Projections.Count, left.Branches.Count, left.Sequences.Count));
            Assert.True(network.Backbone.Run(network.Input, skipped, left).Summary!.allclose(with, 1e-5, 1e-5), $"without {skipped}");
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Plans_KeepSizesOfTheirOwn(string name, Granularity granularity)
    {
        var (method, skipped) = (TransferTable.BuiltIn.Named(name), new Subnetwork(Modules(granularity), [1]));
        using var network = new Network(name, granularity, skipped, "das", isPlanned: true);
        var listed = method.Layout(network.Backbone.Description.Parts, skipped, network.Settings);
        Assert.Equal(listed, network.Attached.Placements);
        var sized = listed.Select(placement => placement.WithBottleneck(2)).ToList();
        using var smaller = new Network(name, granularity, skipped, "das", isPlanned: true, sized);
        Assert.Equal(sized, smaller.Attached.Placements);
        Assert.Equal(smaller.All.Sum(entry => entry.Value.numel()), smaller.Costs.Of(skipped).TotalParameters);
        Assert.All(smaller.Attached.Units, units => Assert.All(units.Weights, weights => Assert.Equal(2, weights.size(units.Dimension))));
        var own = smaller.Attached.Placements.Where(static placement => placement.Placement != Placement.Replace).ToList();
        Assert.All(own, static placement => Assert.Equal(2, placement.Bottleneck));
    }

    private static int Modules(Granularity granularity) => granularity == Granularity.Layers ? TCase.Layers : 2 * TCase.Layers;

    // Nothing skipped, one module, all but one, all; with DAS's adapters in place, with PIA's if there are any, and with nothing.
    private static IEnumerable<(Subnetwork Skipped, string Replacement)> Plans(Granularity granularity)
    {
        var n = Modules(granularity);
        Subnetwork[] skipping = [new(n, [1]), new(n, Enumerable.Range(1, n - 1)), new(n, Enumerable.Range(0, n))];
        return [(Subnetwork.Whole(n), "das"), .. skipping.SelectMany(static _ => ReplacementTable.Names, static (skipped, replacement) => (skipped, replacement))];
    }

    private sealed class Network : IDisposable
    {
        private readonly ITransferMethod _method;
        private readonly Subnetwork _skipped;

        internal Network(string name, Granularity granularity, Subnetwork skipped, string replacement, bool isPlanned, IReadOnlyList<AdapterPlacement>? sized = null)
        {
            manual_seed(3);
            (_method, _skipped) = (TransferTable.BuiltIn.Named(name), skipped);
            Backbone = TCase.Create(new BackboneRequest
            {
                Input = new InputShape(20, 5, 4, 4), Granularity = granularity, Absent = isPlanned ? skipped : null,
            });
            Settings = new TransferSettings
            {
                Adapters = new AdapterConfig { SkipBottleneck = 4, ParallelBottleneck = 4, Replacement = replacement },
                Options = _sizes.Where(size => _method.Options.Any(option => option.Name == size.Key)).ToDictionary(StringComparer.Ordinal),
                Absent = isPlanned ? skipped : null,
            };
            Settings = sized is null ? Settings : Settings.At(sized);
            manual_seed(4); // the same whatever was built
            Input = new BackboneInput(
                randint(1, 20, [4, 5]), tensor(new[] { true, true, true, true, true, true, true, true, false, false, true, true, true, true, false, true, true, true, true, true }, [4, 5]), randn(4, 3, 4, 4));
            Input = Backbone.Description.EncoderNorms.Count == 0 ? Input : WithImagesBefore(Input);
            Attached = _method.AttachWhole(new AttachRequest(Backbone, Settings, CPU, Enumerable.Repeat(Input, 2)));
            Attached.Attachments.CheckAgainst(Backbone.Description);
            foreach (var (own, parameter) in Backbone.Network.named_parameters())
            {
                parameter.requires_grad = _method.Trains(Backbone.Description, Settings, own);
            }

            Train(false);
        }

        internal IBackbone Backbone { get; }

        internal Attached Attached { get; }

        internal TransferSettings Settings { get; }

        internal BackboneInput Input { get; }

        internal NetworkCosts Costs => _method.NetworkCosts(Backbone.Description, Settings);

        internal IReadOnlyDictionary<string, Tensor> All => Backbone.Network.named_parameters().Select(static entry => (entry.name, (Tensor)entry.parameter))
            .Concat(Attached.Parameters.Select(static entry => (entry.Key, (Tensor)entry.Value))).ToDictionary(static entry => entry.Item1, static entry => entry.Item2);

        internal IReadOnlyDictionary<string, Tensor> Trained => All.Where(static entry => entry.Value.requires_grad).ToDictionary();

        internal IReadOnlyDictionary<string, Tensor> Saved => Trained.Concat(Attached.Constants).ToDictionary();

        internal Tensor Summary(Subnetwork? skipped = null) => Backbone.Run(Input, skipped ?? _skipped, Attached.Attachments).Summary!;

        internal IReadOnlyDictionary<string, Tensor> Everything => All.Concat(Attached.Constants).ToDictionary();

        internal static void Load(IReadOnlyDictionary<string, Tensor> saved, IReadOnlyDictionary<string, Tensor> into)
        {
            foreach (var (name, tensor) in into)
            {
                tensor.copy_(saved[name]);
            }
        }

        /// <summary>Moves what is trained away from where it starts.</summary>
        internal void Disturb()
        {
            foreach (var parameter in Trained.Values)
            {
                parameter.add_(0.1 * randn_like(parameter));
            }
        }

        internal void TrainSteps(int steps)
        {
            Train(true);
            using var head = new TorchSharp.Modules.Parameter(zeros(1)); // there always is one, and all of some networks that is trained
            using var optimizer = optim.AdamW(Trained.Values.Append(head).Cast<TorchSharp.Modules.Parameter>(), 1e-2, weight_decay: 0.1);
            for (var step = 0; step < steps; step++)
            {
                using var scope = NewDisposeScope();
                optimizer.zero_grad();
                var tokens = Backbone.Run(Input, _skipped, Attached.Attachments, FeatureKind.Tokens).Streams[0];
                ((Summary() + head).square().mean() + (tokens * tokens).mean()).backward();
                optimizer.step();
            }

            Train(false);
        }

        public void Dispose()
        {
            Attached.Dispose();
            Backbone.Dispose();
        }

        // Two of the texts: the others have words there.
        private static BackboneInput WithImagesBefore(BackboneInput input)
        {
            var (image, words) = (full([2, 6], ImageStyle.Token, ScalarType.Int64), full([2, 6], 7, ScalarType.Int64));
            return input with { TokenIds = cat([cat([image, words]), input.TokenIds], 1), TextMask = cat([ones(4, 6, ScalarType.Bool), input.TextMask], 1) };
        }

        private void Train(bool training)
        {
            Backbone.Network.train(training);
            Attached.Module?.train(training);
        }
    }
}

/// <summary>On ViLT.</summary>
public sealed class ViltContractTests : ContractTests<ViltCase>;

/// <inheritdoc cref="ViltContractTests"/>
public sealed class ViltCase : IContractCase
{
    private static readonly ViltConfig _config = new()
    {
        Vocabulary = 20, TextLength = 5, Width = 16, Layers = 3, Heads = 2, FeedForwardRatio = 2, PatchSize = 2, PositionGrid = 2, Dropout = 0.1,
    };

    public static IBackbone Create(BackboneRequest request) => new Vilt(_config, request);
}

/// <summary>On a distilled DeiT, whose summary is that of two tokens, and which has LayerScale.</summary>
public sealed class VitContractTests : ContractTests<VitCase>;

/// <inheritdoc cref="VitContractTests"/>
public sealed class VitCase : IContractCase
{
    private static readonly VitConfig _config = new()
    {
        Width = 16, Layers = 3, Heads = 2, InnerWidth = 32, PatchSize = 2, Side = 4, HasDistillation = true, HasLayerScale = true, Dropout = 0.1,
    };

    public static IBackbone Create(BackboneRequest request) => new Vit(_config, request);
}

/// <summary>On Swin, whose tokens attend within windows, and become fewer and wider behind the second block: a method of each way to be attached, and to train what is there.</summary>
public sealed class SwinContractTests : ContractTests<SwinCase>
{
    [Theory]
    [InlineData("prompt-deep")]
    [InlineData("prompt-shallow")]
    public void Prompts_AreRefused(string method) => Assert.Equal(
        $"{method} cannot be put on this backbone: prompts are tokens without a place in the grid of patches, by which the backbone's attend",
        Assert.Throws<DasSearchException>(() => TransferTable.BuiltIn.Named(method).NetworkCosts(SwinCosts.Describe(SwinCase.Config), new TransferSettings())).Message);
}

/// <inheritdoc cref="SwinContractTests"/>
public sealed class SwinCase : IContractCase
{
    internal static SwinConfig Config { get; } = new() { Width = 16, Depths = [2, 1], Heads = [2, 4], Window = 2, PatchSize = 1, Side = 4, Dropout = 0.1 };

    public static bool Covers(string method, Granularity granularity) => method is "das" or "lora" or "ttc" or "full";

    public static IBackbone Create(BackboneRequest request) => new Swin(Config, request);
}

/// <summary>On BERT, whose norms come after the residual, and whose queries, keys and values are Linears of their own.</summary>
public sealed class BertContractTests : ContractTests<BertCase>;

/// <inheritdoc cref="BertContractTests"/>
public sealed class BertCase : IContractCase
{
    private static readonly BertConfig _config = new() { Vocabulary = 20, Positions = 5, Width = 16, Layers = 3, Heads = 2, InnerWidth = 32 };

    public static IBackbone Create(BackboneRequest request) => new Bert(_config, request);
}

/// <summary>On METER, whose two streams attend to each other over frozen encoders, and whose feed-forward parts are no modules of their own.</summary>
public sealed class MeterContractTests : ContractTests<MeterCase>
{
    [Fact]
    public void Methods_WithoutAPlace_AreRefused() => Assert.Equal(
        "ttc cannot be put on this backbone: it stands at parts that none of its modules has, such as cross_modal_text_layers.0.attention",
        Assert.Throws<DasSearchException>(() => TransferTable.BuiltIn.Named("ttc").NetworkCosts(
            MeterCosts.Describe(MeterCase.Config, new InputShape(20, 5, 4, 4), Granularity.SubLayers), new TransferSettings())).Message);
}

/// <inheritdoc cref="MeterContractTests"/>
public sealed class MeterCase : IContractCase
{
    public static int Layers => 2 * Config.Layers;

    internal static MeterConfig Config { get; } = new()
    {
        Encoders = new EncoderPair(
            BertConfig.RobertaBase with { Vocabulary = 20, Positions = 7, Width = 16, Layers = 1, Heads = 2, InnerWidth = 32 },
            new ClipVisionConfig { Side = 4, PatchSize = 2, Width = 16, Layers = 1, Heads = 2 }),
        Width = 16, Layers = 2, Heads = 2, FeedForwardRatio = 2, Dropout = 0.1,
    };

    public static bool Covers(string method, Granularity granularity) => method != "ttc" || granularity == Granularity.Layers;

    public static IBackbone Create(BackboneRequest request) => new Meter(Config, request);
}

/// <summary>
/// On CLIP, whose streams are of two widths and see nothing of each other, whose texts' tokens see those before them alone, and whose patches have no bias: a method
/// of each way to be attached, and to train what is there.
/// </summary>
public sealed class ClipContractTests : ContractTests<ClipCase>;

/// <inheritdoc cref="ClipContractTests"/>
public sealed class ClipCase : IContractCase
{
    private static readonly ClipConfig _config = new()
    {
        Text = new ClipTower(Width: 16, Layers: 2, Heads: 2, InnerWidth: 32), Image = new ClipTower(Width: 24, Layers: 1, Heads: 2, InnerWidth: 32),
        Shared = 8, Vocabulary = 20, TextLength = 5, PatchSize = 2, Side = 4, Dropout = 0.1,
    };

    public static bool Covers(string method, Granularity granularity) => method is "das" or "lora" or "apt" or "prompt-deep" or "prompt-shallow" or "ssf" or "full";

    public static IBackbone Create(BackboneRequest request) => new Clip(_config, request);
}

/// <summary>On LLaMA, whose tokens see those before them alone, whose queries share keys and values, and whose Linears and norms have no biases.</summary>
public sealed class LlamaContractTests : ContractTests<LlamaCase>;

/// <inheritdoc cref="LlamaContractTests"/>
public sealed class LlamaCase : IContractCase
{
    private static readonly LlamaConfig _config = new()
    {
        Vocabulary = 20, Width = 16, Layers = 3, Heads = 4, KeyValueHeads = 2, HeadWidth = 4, InnerWidth = 24, IsTied = true,
    };

    public static IBackbone Create(BackboneRequest request) => new Llama(_config, request);
}

/// <summary>On a LLaMA that a CLIP's tower shows images, which a method may adapt: a method of each way to be attached, and to train what is there.</summary>
public sealed class LavinContractTests : ContractTests<LavinCase>;

/// <inheritdoc cref="LavinContractTests"/>
public sealed class LavinCase : IContractCase
{
    private static readonly LlamaConfig _config = new()
    {
        Vocabulary = 20, Width = 16, Layers = 3, Heads = 4, KeyValueHeads = 2, HeadWidth = 4, InnerWidth = 24, IsTied = true,
        Lavin = new LavinConfig { Clip = new ClipConfig { Image = new ClipTower(Width: 8, Layers: 1, Heads: 2, InnerWidth: 16), PatchSize = 2, Side = 4 }, InnerWidth = 3 },
    };

    public static bool Covers(string method, Granularity granularity) => method is "das" or "lavin" or "lora" or "apt" or "layer-norm" or "full";

    public static IBackbone Create(BackboneRequest request) => new Llama(_config, request);
}
