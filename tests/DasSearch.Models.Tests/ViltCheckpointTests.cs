using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Fuzzing;
using DasSearch.Models.Backbones;
using DasSearch.Models.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace DasSearch.Models.Tests;

/// <summary>A ViLT from a file: sizes read off it, and whatever does not fit named.</summary>
public sealed class ViltCheckpointTests : IDisposable
{
    private static readonly InputShape _input = new(Vocabulary: 11, TextLength: 4, ImageHeight: 6, ImageWidth: 6);

    private static readonly ViltConfig _sizes = new()
    {
        Vocabulary = 11, TextLength = 5, Width = 8, Layers = 3, Heads = 2, PatchSize = 2, PositionGrid = 3,
    };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-vilt-");
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Dictionary<string, Tensor> _state;

    public ViltCheckpointTests()
    {
        using var vilt = new Vilt(_sizes, new BackboneRequest { Input = _input });
        _state = vilt.state_dict().ToDictionary(static entry => entry.Key, static entry => entry.Value.detach().clone());
        _state["itm_score.fc.weight"] = ones(2, 8);
    }

    private string Checkpoint => Path.Combine(_folder.FullName, "vilt.safetensors");

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void Load_SoundFile_HasItsSizesAndWeights_AndHandsOnTheRest()
    {
        var loaded = Load();
        var vilt = Assert.IsType<Vilt>(loaded.Backbone);

        Assert.Equal(_sizes, vilt.Config);
        Assert.All(vilt.named_parameters(), entry => Assert.Equal(_state[entry.name].bytes.ToArray(), entry.parameter.bytes.ToArray()));
        Assert.Equal(["itm_score.fc.weight"], loaded.Rest.Keys);
        Assert.Equal(4 + 1 + 9, loaded.Backbone.Description.Shapes[0].Tokens);
    }

    [Fact]
    public void Load_ForTwoImages_GivesTheSecondTheFirstsModality()
    {
        var vilt = (Vilt)Load(_input with { Images = 2 }).Backbone;
        var table = vilt.state_dict()["token_type_embeddings.weight"];
        Assert.Equal([3L, 8], table.shape);
        Assert.Equal(table[1].data<float>().ToArray(), table[2].data<float>().ToArray());
    }

    [Fact]
    public void Load_WithoutSomeModules_NeitherBuildsNorMissesThem()
    {
        foreach (var name in _state.Keys.Where(name => name.StartsWith("transformer.blocks.1.", StringComparison.Ordinal)).ToList())
        {
            _state[name] = zeros(1);
        }

        var vilt = (Vilt)Load(absent: new Subnetwork(3, [1])).Backbone;
        Assert.DoesNotContain(vilt.named_parameters(), entry => entry.name.StartsWith("transformer.blocks.1.", StringComparison.Ordinal));
        Assert.Equal(3, vilt.Description.Modules.Count);
    }

    [Fact]
    public void Load_WithoutAPartOfABlock_BuildsItsOtherPartAlone()
    {
        foreach (var name in _state.Keys.Where(name => name.StartsWith("transformer.blocks.1.attn.", StringComparison.Ordinal)).ToList())
        {
            _state[name] = zeros(1);
        }

        var vilt = (Vilt)Load(granularity: Granularity.SubLayers, absent: new Subnetwork(6, [2, 5])).Backbone;

        var names = vilt.named_parameters().Select(entry => entry.name).ToList();
        Assert.DoesNotContain(names, name => name.StartsWith("transformer.blocks.1.attn.", StringComparison.Ordinal));
        Assert.DoesNotContain("transformer.blocks.1.norm1.weight", names);
        Assert.Contains("transformer.blocks.1.mlp.fc1.weight", names);
        Assert.Contains("transformer.blocks.2.norm1.weight", names);
        Assert.DoesNotContain("transformer.blocks.2.norm2.weight", names);
        Assert.Equal(6, vilt.Description.Modules.Count);
    }

    [Fact]
    public void Load_WithoutModulesOfAnotherBackbone_SaysHowManyThereAre()
    {
        var error = Assert.Throws<DasSearchException>(() => { Load(absent: new Subnetwork(4, [1])); });
        Assert.Equal("the plan is for 4 modules, but the backbone has 3 at granularity layers: 3 layers", error.Message);
        error = Assert.Throws<DasSearchException>(() => { Load(granularity: Granularity.SubLayers, absent: new Subnetwork(3, [1])); });
        Assert.Equal("the plan is for 3 modules, but the backbone has 6 at granularity sub-layers: 3 layers", error.Message);
    }

    [Fact]
    public void Load_WithoutACheckpoint_HasTheSizesAskedForAndThePapersOtherwise()
    {
        var sizes = new ModelConfig { Width = 16, Layers = 2, Heads = 4, PatchSize = 3 };
        var vilt = (Vilt)BackboneTable.BuiltIn.Named("vilt").Load(new BackboneRequest { Input = _input, Sizes = sizes }).Backbone;
        Assert.Equal((11, 16, 2, 4, 3, 0.1), (vilt.Config.Vocabulary, vilt.Config.Width, vilt.Config.Layers, vilt.Config.Heads, vilt.Config.PatchSize, vilt.Config.Dropout));
    }

    [Theory]
    [InlineData("transformer.norm.weight", "lacks transformer.norm.weight")]
    [InlineData("transformer.pos_embed", "lacks transformer.pos_embed: it is no ViLT's")]
    [InlineData("transformer.blocks.0.attn.qkv.weight", "lacks transformer.blocks.0.attn.qkv.weight")]
    [InlineData("transformer.blocks.2.mlp.fc2.bias", "lacks transformer.blocks.2.mlp.fc2.bias")]
    [InlineData("transformer.blocks.1.mlp.fc1.weight", "lacks transformer.blocks.1.mlp.fc1.weight")]
    public void Load_TensorMissing_NamesIt(string name, string expected)
    {
        _state.Remove(name);
        var error = Assert.Throws<DasSearchException>(() => { Load(); });
        Assert.Equal($"checkpoint {Checkpoint} {expected}", error.Message);
    }

    // Case 14.
    [Theory]
    [InlineData(0, "has transformer.blocks.1, but lacks transformer.blocks.0: ")]
    [InlineData(1, "has transformer.blocks.2, but lacks transformer.blocks.1: ")]
    public void Load_ABackboneWithAHole_NamesWhatIsMissing(int block, string expected)
    {
        foreach (var name in _state.Keys.Where(name => name.StartsWith($"transformer.blocks.{block}.", StringComparison.Ordinal)).ToList())
        {
            _state.Remove(name);
        }

        Assert.StartsWith($"checkpoint {Checkpoint} {expected}", Assert.Throws<DasSearchException>(() => { Load(); }).Message, StringComparison.Ordinal);
        Assert.StartsWith($"checkpoint {Checkpoint} {expected}", Assert.Throws<DasSearchException>(() => { Describe(); }).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_BlocksOfAnyNumbers_CountsOnlyWithoutHoles()
    {
        _state["transformer.blocks.2147483647.norm1.weight"] = ones(8);
        Assert.Contains(
            "has transformer.blocks.2147483647, but lacks transformer.blocks.3: ", Assert.Throws<DasSearchException>(() => { Load(); }).Message, StringComparison.Ordinal);
        _state.Remove("transformer.blocks.2147483647.norm1.weight");
        foreach (var name in _state.Keys.Where(name => name.StartsWith("transformer.blocks.", StringComparison.Ordinal)).ToList())
        {
            _state.Remove(name);
        }

        Assert.EndsWith("lacks transformer.blocks.0: it is no ViLT's", Assert.Throws<DasSearchException>(() => { Load(); }).Message, StringComparison.Ordinal);
    }

    // Case 13: every tensor that the network uses.
    [Fact]
    public void Load_AnyTensorOfIntegersOrNotFinite_IsNamedWithItsType()
    {
        var parameters = ((Vilt)Load().Backbone).named_parameters().Select(entry => entry.name).ToList();
        Assert.Equal(_state.Count - 1, parameters.Count);
        foreach (var name in parameters)
        {
            var sound = _state[name];
            _state[name] = sound.to(int8);
            Assert.StartsWith(
                $"checkpoint {Checkpoint} has {name} of type I8, expected floating numbers", Assert.Throws<DasSearchException>(() => { Load(); }).Message, StringComparison.Ordinal);
            _state[name] = sound.clone();
            _state[name].flatten()[^1] = double.NaN;
            Assert.StartsWith(
                $"checkpoint {Checkpoint} has NaN in {name}, of type F32, ", Assert.Throws<DasSearchException>(() => { Load(); }).Message, StringComparison.Ordinal);
            _state[name] = sound;
        }

        // What is not used may be what it likes.
        _state["itm_score.fc.weight"] = ones(2, 8, int8);
        Load();
    }

    [Fact]
    public void Load_SizesThatOneTensorClaims_AreCheckedBeforeAnythingIsBuilt()
    {
        // A width that the others do not have: a pooler of that width squared would be 40 GB.
        _state["text_embeddings.word_embeddings.weight"] = zeros(11, 100_000);
        _state["transformer.blocks.0.mlp.fc1.weight"] = zeros(400_000, 1);
        Assert.Contains("of shape [5, 8], expected [5, 100000]", Assert.Throws<DasSearchException>(() => { Load(); }).Message, StringComparison.Ordinal);
    }

    // Case 15.
    [Fact]
    public void Load_HeadsThatNobodySays_AsksForThem_OrTakesTheUsualAndSaysSo()
    {
        var error = Assert.Throws<ConfigException>(() => { Load(heads: null); });
        Assert.Equal("model.heads", error.Key);
        Assert.StartsWith(
            $"model.heads must be set: checkpoint {Checkpoint} does not say how many heads it has, and its width, 8, is not so many times 64; ", error.Message, StringComparison.Ordinal);

        var notes = new List<string>();
        Assert.Equal((4, 0.25), Taken(new ModelConfig { Heads = 4, Dropout = 0.25 }));
        Assert.Empty(notes);
        Assert.Equal((4, 0.1), Taken(new ModelConfig { Heads = 4 }));
        Assert.Equal([$"checkpoint {Checkpoint} does not say, and so is taken to have, dropout 0.1 (model.dropout says otherwise)"], notes);

        (int, double) Taken(ModelConfig sizes)
        {
            var config = ((Vilt)Load(sizes: sizes, heads: null, note: notes.Add).Backbone).Config;
            return (config.Heads, config.Dropout);
        }
    }

    [Fact]
    public void Load_AWidthOfSoManyTimes64_TakesSoManyHeadsAndSaysSo()
    {
        var sizes = _sizes with { Width = 128, Layers = 1 };
        using var vilt = new Vilt(sizes, new BackboneRequest { Input = _input });
        foreach (var (name, parameter) in vilt.state_dict())
        {
            _state[name] = parameter;
        }

        foreach (var name in _state.Keys.Where(name => name.StartsWith("transformer.blocks.1.", StringComparison.Ordinal) || name.StartsWith("transformer.blocks.2.", StringComparison.Ordinal)).ToList())
        {
            _state.Remove(name);
        }

        var notes = new List<string>();
        Assert.Equal(2, ((Vilt)Load(heads: null, note: notes.Add).Backbone).Config.Heads);
        Assert.Equal(
            [$"checkpoint {Checkpoint} does not say, and so is taken to have, 2 heads, each 64 wide (model.heads says otherwise) and dropout 0.1 (model.dropout says otherwise)"],
            notes);
    }

    [Fact]
    public void Load_DropoutOrHeadsOtherThanTheCheckpoints_NamesTheKeyAndBoth()
    {
        Assert.Equal(
            $"model.heads is 4, but checkpoint {Checkpoint} has 2", Assert.Throws<ConfigException>(() => { Load(sizes: new ModelConfig { Heads = 4 }); }).Message);
        Assert.Equal(
            $"model.dropout is 0.2, but checkpoint {Checkpoint} has 0.1", Assert.Throws<ConfigException>(() => { Load(sizes: new ModelConfig { Dropout = 0.2 }); }).Message);
    }

    [Fact]
    public void Load_FreshWeightsOfAnUnusualWidth_AsksForHeads()
    {
        var request = new BackboneRequest { Input = _input, Sizes = new ModelConfig { Width = 96, Layers = 1, PatchSize = 2 } };
        Assert.Equal(
            "model.heads must be set, since model.width, 96, is not so many times 64, the usual width of a head",
            Assert.Throws<ConfigException>(() => { BackboneTable.BuiltIn.Named("vilt").Load(request); }).Message);
    }

    [Fact]
    public void Load_AnyBytes_LoadsOrRefusesInASentence()
    {
        Load();
        Fuzz.Check("backbone", 150, [File.ReadAllBytes(Checkpoint)], file =>
        {
            File.WriteAllBytes(Checkpoint, file);
            using var scope = NewDisposeScope();
            BackboneTable.BuiltIn.Named("vilt").Load(Request(null, null, Granularity.Layers, null, null)).Backbone.Dispose();
        });
    }

    [Fact]
    public void Load_TensorOfAnotherShape_NamesBothShapes()
    {
        _state["transformer.blocks.2.attn.proj.weight"] = zeros(8, 9);
        var error = Assert.Throws<DasSearchException>(() => { Load(); });
        Assert.Equal($"checkpoint {Checkpoint} has transformer.blocks.2.attn.proj.weight of shape [8, 9], expected [8, 8]", error.Message);
    }

    [Fact]
    public void Load_MuchThatDoesNotFit_IsToldAtOnce()
    {
        _state.Remove("transformer.norm.weight");
        _state.Remove("pooler.dense.bias");
        _state["transformer.blocks.2.attn.proj.weight"] = zeros(8, 9);
        foreach (var name in new[] { "a", "b", "c", "d", "e" })
        {
            _state[name] = ones(1);
        }

        _state["vilt.layernorm.bias"] = ones(8);
        Assert.Equal(
            $"checkpoint {Checkpoint} lacks 2 names, transformer.norm.weight, pooler.dense.bias; has transformer.blocks.2.attn.proj.weight of shape [8, 9], expected [8, 8]; "
            + "has transformer.norm.bias twice, under this name and another one; has 5 names that no ViLT has, a, b, c, d, …",
            Assert.Throws<DasSearchException>(() => { Load(); }).Message);
    }

    [Fact]
    public void Load_NamesThatNoViltHas_SaysThatTheyAreLeftOut()
    {
        _state["ema.decay"] = ones(1);
        var notes = new List<string>();
        Load(note: notes.Add);
        Assert.Equal([$"checkpoint {Checkpoint} has ema.decay, which no ViLT has: left out"], notes);
    }

    [Theory]
    [InlineData("vilt.")]
    [InlineData("")]
    public void Load_HuggingFacesNames_AreTheSameNetwork(string prefix)
    {
        var official = ((Vilt)Load().Backbone).state_dict().ToDictionary(static entry => entry.Key, static entry => entry.Value.bytes.ToArray());
        foreach (var (name, tensor) in _state.ToList())
        {
            _state.Remove(name);
            foreach (var (other, part) in HuggingFace(name, tensor))
            {
                _state[other.StartsWith("itm_score", StringComparison.Ordinal) ? other : prefix + other] = part;
            }
        }

        var notes = new List<string>();
        Assert.All(((Vilt)Load(note: notes.Add).Backbone).state_dict(), entry => Assert.Equal(official[entry.Key], entry.Value.bytes.ToArray()));
        Assert.Empty(notes);

        _state.Remove($"{prefix}encoder.layer.1.attention.attention.key.bias");
        Assert.Equal(
            $"checkpoint {Checkpoint} lacks transformer.blocks.1.attn.qkv.bias; has 2 names that no ViLT has, "
            + $"{prefix}encoder.layer.1.attention.attention.query.bias, {prefix}encoder.layer.1.attention.attention.value.bias",
            Assert.Throws<DasSearchException>(() => { Load(); }).Message);
    }

    [Theory]
    [InlineData(1, "vqa_classifier")]
    [InlineData(2, "nlvr2_classifier")]
    public void Load_HuggingFacesClassifier_IsHandedOnUnderTheTasksName(int summaries, string name)
    {
        var width = _state["pooler.dense.weight"].size(0);
        _state["classifier.0.weight"] = ones(2 * width, summaries * width);
        _state["classifier.1.bias"] = ones(2 * width);
        _state["classifier.3.weight"] = ones(2, 2 * width);
        var notes = new List<string>();
        Assert.Equal([$"{name}.0.weight", $"{name}.1.bias", $"{name}.3.weight"], Load(note: notes.Add).Rest.Keys.Where(static key => key.Contains("classifier", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Empty(notes);
    }

    // As HF's modeling_vilt names them.
    private static IEnumerable<(string, Tensor)> HuggingFace(string name, Tensor tensor)
    {
        if (name.Contains(".attn.qkv.", StringComparison.Ordinal))
        {
            var layer = name.Replace("transformer.blocks.", "encoder.layer.", StringComparison.Ordinal);
            return new[] { "query", "key", "value" }.Zip(tensor.chunk(3), (part, rows) => (layer.Replace(".attn.qkv.", $".attention.attention.{part}.", StringComparison.Ordinal), rows));
        }

        (string, string)[] changes =
        [
            ("transformer.blocks.", "encoder.layer."), (".norm1.", ".layernorm_before."), (".norm2.", ".layernorm_after."), (".attn.proj.", ".attention.output.dense."),
            (".mlp.fc1.", ".intermediate.dense."), (".mlp.fc2.", ".output.dense."), ("transformer.norm.", "layernorm."), ("transformer.cls_token", "embeddings.cls_token"),
            ("transformer.pos_embed", "embeddings.position_embeddings"), ("transformer.patch_embed.proj.", "embeddings.patch_embeddings.projection."),
        ];
        var renamed = changes.Aggregate(name, static (text, change) => text.Replace(change.Item1, change.Item2, StringComparison.Ordinal));
        return [(renamed.StartsWith("text_embeddings", StringComparison.Ordinal) || renamed.StartsWith("token_type", StringComparison.Ordinal) ? "embeddings." + renamed : renamed, tensor)];
    }

    [Fact]
    public void Load_PositionsThatAreNoSquare_SaysSo()
    {
        _state["transformer.pos_embed"] = zeros(1, 9, 8);
        Assert.Contains("expected one and a square number", Assert.Throws<DasSearchException>(() => { Load(); }).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("two")]
    [InlineData("-1")]
    [InlineData("0")]
    [InlineData("2.5")]
    [InlineData("NaN")]
    public void Load_HeadsThatAreNoNumber_SaysSo(string heads)
    {
        var error = Assert.Throws<DasSearchException>(() => { Load(heads: heads); });
        Assert.Contains($"heads is '{heads}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_FeedForwardOfNoWholeRatio_SaysSo()
    {
        _state["transformer.blocks.0.mlp.fc1.weight"] = zeros(12, 8);
        Assert.Contains("a multiple of the width, 8", Assert.Throws<DasSearchException>(() => { Load(); }).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_TaskThatDoesNotFit_SaysWhatDoesNot()
    {
        Assert.Contains("has 11 words, the task's tokenizer has 12", Problem(_input with { Vocabulary = 12 }), StringComparison.Ordinal);
        Assert.Contains("at most 5 tokens, the task's have 6", Problem(_input with { TextLength = 6 }), StringComparison.Ordinal);
        Assert.Contains("do not divide images of 7×6", Problem(_input with { ImageHeight = 7 }), StringComparison.Ordinal);

        string Problem(InputShape input) => Assert.Throws<DasSearchException>(() => { Load(input); }).Message;
    }

    [Fact]
    public void Load_SizeOtherThanTheCheckpoints_NamesTheKeyAndBoth()
    {
        var error = Assert.Throws<ConfigException>(() => { Load(sizes: new ModelConfig { Width = 96 }); });
        Assert.Equal($"model.width is 96, but checkpoint {Checkpoint} has 8", error.Message);
    }

    private LoadedBackbone Load(
        InputShape? input = null,
        ModelConfig? sizes = null,
        Granularity granularity = Granularity.Layers,
        Subnetwork? absent = null,
        string? heads = "2",
        Action<string>? note = null)
    {
        CheckpointFile.Write(Checkpoint, _state, heads is null ? null : new Dictionary<string, string> { ["heads"] = heads, ["dropout"] = "0.1" });
        return BackboneTable.BuiltIn.Named("vilt").Load(Request(input, sizes, granularity, absent, note));
    }

    private void Describe()
    {
        CheckpointFile.Write(Checkpoint, _state, new Dictionary<string, string> { ["heads"] = "2", ["dropout"] = "0.1" });
        BackboneTable.BuiltIn.Named("vilt").Describe(Request(null, null, Granularity.Layers, null, null));
    }

    private BackboneRequest Request(InputShape? input, ModelConfig? sizes, Granularity granularity, Subnetwork? absent, Action<string>? note) => new()
    {
        Input = input ?? _input,
        Sizes = sizes ?? new ModelConfig(),
        Checkpoint = Checkpoint,
        Granularity = granularity,
        Absent = absent,
        Note = note ?? (static _ => { }),
    };
}
