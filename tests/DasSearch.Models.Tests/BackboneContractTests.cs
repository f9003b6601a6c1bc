using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Models.Backbones;
using DasSearch.Models.Backbones.Encoders;
using DasSearch.Models.Checkpoints;
using DasSearch.Transfer;
using DasSearch.Worker.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace DasSearch.Models.Tests;

/// <summary>What search, training and plans rely on of any backbone, at either granularity.</summary>
public sealed class BackboneContractTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    /// <summary>Backbones with a small checkpoint, and what they are to read.</summary>
    public static TheoryData<string, Granularity> Backbones
    {
        get
        {
            var all = new TheoryData<string, Granularity>();
            foreach (var granularity in Enum.GetValues<Granularity>())
            {
                foreach (var name in _checkpoints.Keys.Order(StringComparer.Ordinal))
                {
                    all.Add(name, granularity);
                }
            }

            return all;
        }
    }

    private static readonly Dictionary<string, (string File, InputShape Input)> _checkpoints = new()
    {
        ["clip"] = ("clip.safetensors", new InputShape(11, 5, 8, 8)),
        ["lavin"] = ("lavin.safetensors", new InputShape(11, 10, 8, 8)),
        ["llama"] = ("llama.safetensors", new InputShape(11, 5, 0, 0, Images: 0)),
        ["meter"] = ("meter.safetensors", new InputShape(11, 5, 8, 8)),
        ["meter-mini"] = ("meter-mini.safetensors", new InputShape(30_522, 5, 128, 128)),
        ["minilm"] = ("minilm.safetensors", new InputShape(11, 5, 0, 0, Images: 0)),
        ["swin"] = ("swin.safetensors", new InputShape(11, 5, 16, 16)),
        ["vilt"] = ("vilt.safetensors", new InputShape(11, 5, 6, 8, Images: 2)),
        ["vit"] = ("vit.npz", new InputShape(11, 5, 8, 8)),
    };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-backbones-");

    public BackboneContractTests()
    {
        manual_seed(5);
        var config = new BertConfig { Vocabulary = 11, Positions = 6, Width = 8, Layers = 3, Heads = 2, InnerWidth = 12 };
        using var small = new Bert(config, new BackboneRequest { Input = _checkpoints["minilm"].Input });
        CheckpointFile.Write(
            Path.Combine(_folder.FullName, "minilm.safetensors"), small.Network.state_dict(), new Dictionary<string, string> { ["heads"] = "2" });
    }

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [MemberData(nameof(Backbones))]
    public void Description_CountsTheNetworksParameters_AndNamesItsParts(string name, Granularity granularity)
    {
        using var backbone = Load(name, granularity);
        var own = backbone.Network.named_parameters().ToDictionary(static entry => entry.name, static entry => entry.parameter.numel());
        var description = backbone.Description;
        Assert.Equal(
            own.OrderBy(static entry => entry.Key, StringComparer.Ordinal),
            description.Parameters.Select(static parameter => KeyValuePair.Create(parameter.Name, parameter.Count)).OrderBy(static entry => entry.Key, StringComparer.Ordinal));
        Assert.All(description.Modules, module => Assert.Equal(
            description.Parameters.Where(parameter => parameter.Module == module.Index).Sum(static parameter => parameter.Count), module.Parameters));
        Assert.All(description.Projections, place => Assert.Contains(place.Name + ".weight", own.Keys));
        Assert.All(description.SubLayers, place => Assert.Contains(Core.Plans.Site.Of(place.Kind), Core.Plans.Site.Within(description.Modules[place.Module].Part)));
        Assert.Equal(granularity == Granularity.Layers, description.Modules.All(static module => module.Kind.IsLayer()));
        Assert.Equal(description.Modules.Count, description.Modules.Select(static module => module.Name).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Backbones))]
    public void Run_OfNothingSkipped_HasTheBitsOfTheOtherGranularity(string name, Granularity granularity)
    {
        using var unrecorded = no_grad();
        using var one = Load(name, granularity);
        using var other = Load(name, granularity == Granularity.Layers ? Granularity.SubLayers : Granularity.Layers);
        var (found, expected) = (Whole(one, FeatureKind.Tokens), Whole(other, FeatureKind.Tokens));
        Assert.Equal(expected.Streams.Select(static stream => stream.bytes.ToArray()), found.Streams.Select(static stream => stream.bytes.ToArray()));

        var (both, summary) = (Whole(one, FeatureKind.Both), Whole(one, FeatureKind.Summary).Summary!);
        Assert.Equal(expected.Streams.Select(static stream => stream.bytes.ToArray()), both.Streams.Select(static stream => stream.bytes.ToArray()));
        Assert.True(both.Summary!.allclose(summary, 1e-5, 1e-6)); // other tokens need not go to the end for it

        Features Whole(IBackbone backbone, FeatureKind wanted) =>
            backbone.Run(Input(name), Subnetwork.Whole(backbone.Description.Modules.Count), Attachments.None, wanted);
    }

    [Theory]
    [MemberData(nameof(Backbones))]
    public void Conclude_OfSubnetworksFromAnyModule_IsTheSummaryOfAWholePass(string name, Granularity granularity)
    {
        using var unrecorded = no_grad();
        using var backbone = Load(name, granularity);
        using var adapters = Attach(backbone);
        foreach (var skipped in Subnetworks(backbone.Description.Modules.Count))
        {
            using var scope = NewDisposeScope();
            List<HiddenState> states = [backbone.Embed(Input(name), adapters.Attachments).State()];
            for (var i = 0; i < skipped.Modules; i++)
            {
                states.Add(backbone.Next(states[i], i, skipped, adapters.Attachments));
            }

            var whole = backbone.Finish(states[^1], FeatureKind.Summary, adapters.Attachments).Summary!;
            for (var start = 0; start < states.Count; start++)
            {
                var summary = backbone.Conclude(states[start], start, skipped, adapters.Attachments).Summary!;
                Assert.True(summary.allclose(whole, 1e-5, 1e-6), $"without {skipped} from {start}");
            }

            // What comes after the first tokens is not computed to the end; sharing a prefix changes no bit.
            var (first, second) = (backbone.Conclude(states[1], 1, skipped, adapters.Attachments).Summary!, backbone.Conclude(states[1], 1, skipped, adapters.Attachments).Summary!);
            Assert.Equal(first.bytes.ToArray(), second.bytes.ToArray());
        }
    }

    [Theory]
    [MemberData(nameof(Backbones))]
    public void Run_WithoutSkippedModules_IsTheSupernets(string name, Granularity granularity)
    {
        using var unrecorded = no_grad();
        using var supernet = Load(name, granularity);
        foreach (var skipped in Subnetworks(supernet.Description.Modules.Count))
        {
            using var scope = NewDisposeScope();
            using var planned = Load(name, granularity, skipped);
            var (found, expected) = (planned.Run(Input(name), skipped, Attachments.None).Summary!, supernet.Run(Input(name), skipped, Attachments.None).Summary!);
            Assert.Equal(expected.bytes.ToArray(), found.bytes.ToArray());
            var gone = supernet.Description.Modules.Where(module => skipped.Contains(module.Index)).Sum(static module => module.Parameters);
            Assert.Equal(
                supernet.Network.parameters().Sum(static parameter => parameter.numel()) - gone, planned.Network.parameters().Sum(static parameter => parameter.numel()));
        }
    }

    [Theory]
    [MemberData(nameof(Backbones))]
    public void Backward_ReachesWhatIsKept_AndNeverWhatIsSkippedOrFrozen(string name, Granularity granularity)
    {
        using var backbone = Load(name, granularity);
        var description = backbone.Description;
        foreach (var skipped in Subnetworks(description.Modules.Count))
        {
            using var scope = NewDisposeScope();
            var parameters = backbone.Network.named_parameters().ToList();
            foreach (var (own, parameter) in parameters)
            {
                parameter.requires_grad = !description.IsNeverTrained(own);
            }

            var trained = parameters.Where(static entry => entry.parameter.requires_grad).ToList();
            var tokens = backbone.Run(Input(name), skipped, Attachments.None, FeatureKind.Tokens).Streams;
            var loss = tokens.Select(static stream => stream.square().sum()).Aggregate(static (sum, one) => sum + one);
            var gradients = autograd.grad([loss], [.. trained.Select(static entry => entry.parameter)], allow_unused: true);
            foreach (var ((own, _), gradient) in trained.Zip(gradients))
            {
                var module = description.Parameters.Single(parameter => parameter.Name == own).Module;
                if (module is { } index)
                {
                    Assert.True(skipped.Contains(index) == (gradient is null || gradient.IsInvalid), $"{own} without {skipped}");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Backbones))]
    public void Run_LeavesNothingBehindButItsResults(string name, Granularity granularity)
    {
        using var unrecorded = no_grad();
        using var backbone = Load(name, granularity);
        using var adapters = Attach(backbone);
        var (input, skipped) = (Input(name), Subnetworks(backbone.Description.Modules.Count)[1]);
        Pass(); // what is made once is made
        var before = LiveTensors.Count();
        Pass();
        Assert.Equal(before, LiveTensors.Count());

        void Pass()
        {
            using var scope = NewDisposeScope();
            _ = backbone.Run(input, skipped, adapters.Attachments);
            _ = backbone.Trace(input, skipped, adapters.Attachments, FeatureKind.Tokens);
        }
    }

    [Theory]
    [MemberData(nameof(Backbones))]
    public void Embed_OfWhatIsFrozen_DependsOnNoParameterThatIsAlwaysTrained(string name, Granularity granularity)
    {
        using var unrecorded = no_grad();
        using var backbone = Load(name, granularity);
        var kept = backbone.Embed(Input(name), Attachments.None);
        var before = kept.State().Streams.Select(static stream => stream.bytes.ToArray()).ToList();
        foreach (var (own, parameter) in backbone.Network.named_parameters().Where(entry => backbone.Description.IsAlwaysTrained(entry.name)))
        {
            parameter.add_(randn_like(parameter));
        }

        var whole = backbone.Embed(Input(name), Attachments.None).State().Streams.Select(static stream => stream.bytes.ToArray()).ToList();
        Assert.Equal(backbone.Description.AlwaysTrained.Count > 0, !before.SelectMany(static bytes => bytes).SequenceEqual(whole.SelectMany(static bytes => bytes)));
        Assert.Equal(whole, kept.State().Streams.Select(static stream => stream.bytes.ToArray()));
    }

    private IBackbone Load(string name, Granularity granularity, Subnetwork? absent = null)
    {
        var input = _checkpoints[name].Input;
        var loaded = BackboneTable.BuiltIn.Named(name).Load(new BackboneRequest
        {
            Input = input,
            Checkpoint = PathOf(name),
            Sizes = new ModelConfig { Heads = name == "vilt" ? 2 : null },
            Granularity = granularity,
            Absent = absent,
        });
        loaded.Backbone.Network.eval();
        return loaded.Backbone;
    }

    private string PathOf(string name)
    {
        if (name is "clip" or "lavin" or "llama" or "meter" or "vilt" or "vit" or "swin")
        {
            return Path.Combine(AppContext.BaseDirectory, "Fixtures", _checkpoints[name].File);
        }

        var path = Path.Combine(_folder.FullName, _checkpoints[name].File);
        if (name == "meter-mini" && !File.Exists(path))
        {
            // One layer of each stream: the encoders take a second for each network, and what is between them has more of them in the small METER.
            manual_seed(5);
            using var fresh = BackboneTable.BuiltIn.Named(name).Load(
                new BackboneRequest { Input = _checkpoints[name].Input, Sizes = new ModelConfig { Width = 16, Layers = 1, Heads = 2 } }).Backbone;
            CheckpointFile.Write(
                path, fresh.Network.state_dict().Where(entry => !fresh.Description.IsPackaged(entry.Key)).ToDictionary(), fresh.Metadata);
        }

        return path;
    }

    private BackboneInput Input(string name)
    {
        if (name is "minilm" or "meter-mini")
        {
            var ids = tensor(new long[] { 2, 7, 3, 0, 0, 2, 9, 4, 8, 3 }).reshape(2, 5);
            manual_seed(6);
            return new BackboneInput(ids, ids.ne(0), name == "minilm" ? null : 100 * randn(2, 3, 128, 128));
        }

        var fixture = CheckpointFile.Read(PathOf(name)).Tensors;
        return name switch
        {
            "clip" or "lavin" => new BackboneInput(fixture["in.ids"], fixture["in.mask"], fixture["in.images"]),
            "vilt" => new BackboneInput(fixture["in.ids"], fixture["in.text_mask"], fixture["in.images"]),
            "llama" => new BackboneInput(fixture["in.ids"], fixture["in.mask"]),
            "vit" or "swin" => new BackboneInput(zeros(2, 5, ScalarType.Int64), ones(2, 5, ScalarType.Bool), fixture["in.images"]),
            _ => new BackboneInput(fixture["in.ids"], fixture["in.mask"], fixture["in.image"]),
        };
    }

    private static Attached Attach(IBackbone backbone)
    {
        manual_seed(1);
        return new DasTransfer().AttachWhole(
            new AttachRequest(backbone, new TransferSettings { Adapters = new AdapterConfig { SkipBottleneck = 4, ParallelBottleneck = 2 } }, CPU, []));
    }

    // Nothing, one, all but one, and all modules.
    private static List<Subnetwork> Subnetworks(int modules)
    {
        IEnumerable<Subnetwork> all =
        [
            Subnetwork.Whole(modules),
            .. Enumerable.Range(0, modules).Select(one => new Subnetwork(modules, [one])),
            .. Enumerable.Range(0, modules).Select(kept => new Subnetwork(modules, Enumerable.Range(0, modules).Where(module => module != kept))),
            new Subnetwork(modules, Enumerable.Range(0, modules)),
        ];
        return [.. all.Distinct()];
    }
}
