using DasSearch.Core;
using DasSearch.Core.Configuration;
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
        _state = new Vilt(_sizes, new BackboneRequest { Input = _input }).state_dict();
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
    [InlineData("transformer.blocks.0.attn.qkv.weight", "has no transformer.blocks.0.attn.qkv.weight: it is no ViLT's")]
    [InlineData("transformer.blocks.1.mlp.fc1.weight", "lacks transformer.blocks.1.mlp.fc1.weight")]
    public void Load_TensorMissing_NamesIt(string name, string expected)
    {
        _state.Remove(name);
        var error = Assert.Throws<DasSearchException>(() => { Load(); });
        Assert.Equal($"checkpoint {Checkpoint} {expected}", error.Message);
    }

    [Fact]
    public void Load_TensorOfAnotherShape_NamesBothShapes()
    {
        _state["transformer.blocks.2.attn.proj.weight"] = zeros(8, 9);
        var error = Assert.Throws<DasSearchException>(() => { Load(); });
        Assert.Equal($"checkpoint {Checkpoint} has transformer.blocks.2.attn.proj.weight of shape [8, 9], expected [8, 8]", error.Message);
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
        string heads = "2")
    {
        CheckpointFile.Write(Checkpoint, _state, new Dictionary<string, string> { ["heads"] = heads, ["dropout"] = "0.1" });
        return BackboneTable.BuiltIn.Named("vilt").Load(new BackboneRequest
        {
            Input = input ?? _input,
            Sizes = sizes ?? new ModelConfig(),
            Checkpoint = Checkpoint,
            Granularity = granularity,
            Absent = absent,
        });
    }
}
