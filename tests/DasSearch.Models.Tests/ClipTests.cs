using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Models.Backbones;
using DasSearch.Models.Checkpoints;
using DasSearch.Transfer.Tests;
using static TorchSharp.torch;

namespace DasSearch.Models.Tests;

/// <summary>CLIP against plain PyTorch (Fixtures/make_clip.py), and what its checkpoints are held to.</summary>
public sealed class ClipTests : IDisposable
{
    private const double Tolerance = 1e-4;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-clip-");

    private static BackboneEntry Entry => BackboneTable.BuiltIn.Named("clip");

    private static string Small => FixtureOf("clip.safetensors");

    public void Dispose() => _folder.Delete(recursive: true);

    // Of another side than its positions', by Hugging Face's names and by OpenAI's.
    [Theory]
    [InlineData("clip.safetensors")]
    [InlineData("clip-openai.safetensors")]
    public void Trace_OfASmallCheckpoint_IsPyTorchsAtEveryBoundary(string file)
    {
        var notes = new List<string>();
        AssertIsPyTorchs(FixtureOf(file), new InputShape(11, 5, 8, 8), layers: 2, notes);
        Assert.EndsWith("12 names that no CLIP has, in.ids, in.images, in.mask, out.exact.logits, …: left out", Assert.Single(notes), StringComparison.Ordinal);
    }

    [PyTorchFact]
    public void Trace_AtThePapersWidth_IsPyTorchsAtEveryBoundary()
    {
        PyTorch.Run(FixtureOf("make_clip.py"), "full", PathOf("full.safetensors"));
        var notes = new List<string>();
        AssertIsPyTorchs(PathOf("full.safetensors"), new InputShape(64, 9, 224, 224), layers: 1, notes);
        Assert.Contains(notes, static note => note.Contains("is taken to have, 8 and 12 heads and the quick GELU of OpenAI's models", StringComparison.Ordinal));
    }

    [Fact]
    public void Run_WithoutALayerOfEach_IsPyTorchs()
    {
        using var scope = NewDisposeScope();
        using var unrecorded = no_grad();
        var expected = CheckpointFile.Read(Small).Tensors;
        using var backbone = Load(Small);
        var scores = backbone.Run(Input(expected), new Subnetwork(4, [1, 2]), Attachments.None).Shared!.Scores();
        AssertClose(expected, "out.skipped.logits", scores);
    }

    [Fact]
    public void Run_OfWhatAConfigSays_HasItsGelu()
    {
        using var scope = NewDisposeScope();
        using var unrecorded = no_grad();
        var expected = CheckpointFile.Read(Small).Tensors;
        CheckpointFile.Write(PathOf("model.safetensors"), expected);
        File.WriteAllText(PathOf("config.json"), """{"text_config": {"num_attention_heads": 2, "hidden_act": "gelu", "layer_norm_eps": 1e-05}, "vision_config": {"num_attention_heads": 3, "hidden_act": "gelu"}}""");
        using var backbone = Load(PathOf("model.safetensors"));
        AssertClose(expected, "out.exact.logits", backbone.Run(Input(expected), Subnetwork.Whole(4), Attachments.None).Shared!.Scores());
    }

    [Fact]
    public void Run_OfOtherNumbersOfTextsThanOfImages_ScoresEachWithEach()
    {
        using var scope = NewDisposeScope();
        using var unrecorded = no_grad();
        var expected = CheckpointFile.Read(Small).Tensors;
        using var backbone = Load(Small);
        var (whole, all) = (Input(expected), Subnetwork.Whole(4));
        var scores = expected["out.logits"]; // [images, texts]

        var one = backbone.Run(whole with { Images = whole.Images!.narrow(0, 1, 1) }, all, Attachments.None);
        Assert.Null(one.Summary);
        Assert.True(one.Shared!.Scores().allclose(scores.narrow(0, 1, 1), Tolerance, Tolerance));

        // Each image with texts of its own: 0 and 1, 1 and 0.
        var rows = tensor(new long[] { 0, 1, 1, 0 });
        var own = backbone.Run(whole with { TokenIds = whole.TokenIds.index_select(0, rows), TextMask = whole.TextMask.index_select(0, rows) }, all, Attachments.None).Shared!.OwnScores();
        Assert.True(own.allclose(stack([scores[0], scores[1].flip(0)]), Tolerance, Tolerance));
    }

    [Fact]
    public void Summary_OfPairs_SumsUpToTheirScores()
    {
        using var scope = NewDisposeScope();
        using var unrecorded = no_grad();
        var expected = CheckpointFile.Read(Small).Tensors;
        using var backbone = Load(Small);
        var parts = backbone.Run(Input(expected), Subnetwork.Whole(4), Attachments.None).Summary!.chunk(3, 1);
        Assert.True(parts[2].sum([1]).allclose(expected["out.logits"].diagonal(), Tolerance, Tolerance));
        Assert.All(parts.Take(2), part => Assert.True(part.norm(1).allclose(ones(2), Tolerance, Tolerance)));
    }

    [Fact]
    public void Run_OfATextInALongerBatch_IsThatOfItAlone()
    {
        using var scope = NewDisposeScope();
        using var unrecorded = no_grad();
        var expected = CheckpointFile.Read(Small).Tensors;
        using var backbone = Load(Small);
        var (whole, all) = (Input(expected), Subnetwork.Whole(4));
        var alone = whole.Map(static tensor => tensor.narrow(0, 1, 1));
        alone = alone with { TokenIds = alone.TokenIds.narrow(1, 0, 3), TextMask = alone.TextMask.narrow(1, 0, 3) };
        Assert.True(backbone.Run(alone, all, Attachments.None).Summary!.allclose(backbone.Run(whole, all, Attachments.None).Summary!.narrow(0, 1, 1), 1e-5, 1e-6));
    }

    [Fact]
    public void Checkpoint_OfItsOwnWeights_IsTheSameNetwork()
    {
        using var scope = NewDisposeScope();
        using var unrecorded = no_grad();
        manual_seed(1);
        var request = new BackboneRequest { Input = new InputShape(11, 5, 8, 8), Sizes = new ModelConfig { Width = 8, Layers = 2, Heads = 2, PatchSize = 4 } };
        using var fresh = Entry.Load(request).Backbone;
        CheckpointFile.Write(PathOf("own.safetensors"), fresh.Network.state_dict(), fresh.Metadata);
        using var again = Load(PathOf("own.safetensors"));
        Assert.Equal(fresh.Network.state_dict().Keys, again.Network.state_dict().Keys);
        var input = Input(CheckpointFile.Read(Small).Tensors);
        fresh.Network.eval();
        Assert.Equal(Bytes(fresh), Bytes(again));

        byte[] Bytes(IBackbone backbone) => backbone.Run(input, Subnetwork.Whole(4), Attachments.None).Summary!.bytes.ToArray();
    }

    // CLIP-B/16, as its authors' checkpoint has it; 12nd² + 2n²d a layer.
    [Fact]
    public void DescribeProfiled_HasTheSizesOfClipB16()
    {
        var description = Entry.DescribeProfiled();
        Assert.Equal(149_620_737, description.Parameters.Sum(static parameter => parameter.Count));
        Assert.Equal(Enumerable.Repeat((12L * 77 * 512 * 512) + (2L * 77 * 77 * 512), 12), description.Modules.Where(static module => module.Stream == "text").Select(static module => module.MultiplyAccumulates));
        Assert.Equal(Enumerable.Repeat((12L * 197 * 768 * 768) + (2L * 197 * 197 * 768), 12), description.Modules.Where(static module => module.Stream == "image").Select(static module => module.MultiplyAccumulates));
        Assert.Equal("vision_model.encoder.layers.11", description.Modules[23].Name);
    }

    [Theory]
    [InlineData(12, 5, 1, 8, 8, "has 11 words, the task's tokenizer has 12: data.tokenizer names CLIP's")]
    [InlineData(11, 8, 1, 8, 8, "reads texts of at most 7 tokens, the task's have 8")]
    [InlineData(11, 5, 0, 0, 0, "reads images beside texts, and the task has none")]
    [InlineData(11, 5, 1, 8, 6, "reads square images, and the task's are of 8×6 pixels")]
    [InlineData(11, 5, 1, 9, 9, "has patches of 2 pixels, which do not divide images of 9")]
    public void Describe_OfATaskThatDoesNotFit_SaysWhy(int words, int length, int images, int height, int width, string problem)
    {
        var request = new BackboneRequest { Input = new InputShape(words, length, height, width, images), Checkpoint = Small };
        Assert.Contains(problem, Assert.Throws<DasSearchException>(() => Entry.Describe(request)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"text_config": {"num_attention_heads": 2, "hidden_act": "relu"}}""", "says that hidden_act is 'relu', expected quick_gelu or gelu")]
    [InlineData("""{"text_config": {"num_attention_heads": 2}, "vision_config": {"layer_norm_eps": 1e-06}}""", "says that layer_norm_eps is 1E-06, expected 1E-05")]
    [InlineData("""{"text_config": {"num_attention_heads": 3}}""", "has a width of 8, which its 3 heads do not divide")]
    [InlineData("[]", "is no object of settings")]
    public void Describe_OfAConfigThatDoesNotFit_SaysWhy(string config, string problem)
    {
        using (NewDisposeScope())
        {
            var own = CheckpointFile.Read(Small);
            CheckpointFile.Write(PathOf("model.safetensors"), own.Tensors, own.Metadata.Where(entry => entry.Key == "heads").ToDictionary());
        }

        File.WriteAllText(PathOf("config.json"), config);
        var request = new BackboneRequest { Input = new InputShape(11, 5, 8, 8), Checkpoint = PathOf("model.safetensors"), Sizes = new ModelConfig { Heads = 3 } };
        Assert.Contains(problem, Assert.Throws<DasSearchException>(() => Entry.Describe(request)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Describe_OfNoClip_SaysWhatIsMissing()
    {
        var request = new BackboneRequest { Input = new InputShape(11, 5, 8, 8), Checkpoint = FixtureOf("deit.safetensors") };
        Assert.Contains("lacks text_model.embeddings.token_embedding.weight: it is no CLIP's", Assert.Throws<DasSearchException>(() => Entry.Describe(request)).Message, StringComparison.Ordinal);
    }

    private static void AssertIsPyTorchs(string path, InputShape shape, int layers, List<string> notes)
    {
        using var scope = NewDisposeScope();
        using var unrecorded = no_grad();
        var expected = CheckpointFile.Read(path).Tensors;
        using var backbone = Load(path, shape, notes.Add);
        var traced = backbone.Trace(Input(expected), Subnetwork.Whole(2 * layers), Attachments.None, FeatureKind.Both);
        for (var i = 0; i < layers; i++)
        {
            AssertClose(expected, $"out.text.{i}", traced.Modules[i].Stream);
            AssertClose(expected, $"out.image.{i}", traced.Modules[layers + i].Stream);
        }

        AssertClose(expected, "out.texts", traced.Features.Streams[0]);
        AssertClose(expected, "out.images", traced.Features.Streams[1]);
        AssertClose(expected, "out.logits", traced.Features.Shared!.Scores());
    }

    private static void AssertClose(IReadOnlyDictionary<string, Tensor> expected, string name, Tensor result)
    {
        Assert.Equal(expected[name].shape, result.shape);
        Assert.True(result.allclose(expected[name], Tolerance, Tolerance), $"{name} differs by {(result - expected[name]).abs().max().item<float>()}");
    }

    private static IBackbone Load(string path, InputShape? shape = null, Action<string>? note = null)
    {
        var backbone = Entry.Load(new BackboneRequest { Input = shape ?? new InputShape(11, 5, 8, 8), Checkpoint = path, Note = note ?? (static _ => { }) }).Backbone;
        backbone.Network.eval();
        return backbone;
    }

    private static BackboneInput Input(IReadOnlyDictionary<string, Tensor> fixture) => new(fixture["in.ids"], fixture["in.mask"], fixture["in.images"]);

    private static string FixtureOf(string name) => Path.Combine(AppContext.BaseDirectory, "Fixtures", name);

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);
}
