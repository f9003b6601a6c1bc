using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Models.Backbones;
using DasSearch.Models.Checkpoints;
using DasSearch.Transfer.Tests;
using static TorchSharp.torch;

namespace DasSearch.Models.Tests;

/// <summary>ViT and DeiT against plain PyTorch (Fixtures/make_vit.py), and what their checkpoints are held to.</summary>
public sealed class VitTests : IDisposable
{
    private const double Tolerance = 1e-4;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-vit-");

    private static BackboneEntry Entry => BackboneTable.BuiltIn.Named("vit");

    public void Dispose() => _folder.Delete(recursive: true);

    // Of other sides than their positions', in JAX's layout, and with a distillation token and LayerScale.
    [Theory]
    [InlineData("vit.npz", 8)]
    [InlineData("deit.safetensors", 16)]
    public void Run_OfASmallCheckpoint_IsPyTorchs(string file, int summary) =>
        AssertIsPyTorchs(Path.Combine(AppContext.BaseDirectory, "Fixtures", file), side: 8, modules: 2, summary);

    [PyTorchFact]
    public void Run_AtThePapersWidth_IsPyTorchs()
    {
        PyTorch.Run(Path.Combine(AppContext.BaseDirectory, "Fixtures", "make_vit.py"), "full", PathOf("full.safetensors"));
        AssertIsPyTorchs(PathOf("full.safetensors"), side: 224, modules: 2, summary: 768);
    }

    [Fact]
    public void Load_ByHuggingFacesNames_IsTheSameNetwork()
    {
        using var scope = NewDisposeScope();
        using var unrecorded = no_grad();
        var own = CheckpointFile.Read(Path.Combine(AppContext.BaseDirectory, "Fixtures", "deit.safetensors"));
        (string From, string To)[] names =
        [
            ("cls_token", "deit.embeddings.cls_token"), ("dist_token", "deit.embeddings.distillation_token"), ("pos_embed", "deit.embeddings.position_embeddings"),
            ("patch_embed.proj", "deit.embeddings.patch_embeddings.projection"), ("blocks", "deit.encoder.layer"), ("head_dist", "distillation_classifier"), ("head.", "cls_classifier."),
            ("norm1", "layernorm_before"), ("norm2", "layernorm_after"), ("attn.proj", "attention.output.dense"), ("mlp.fc1", "intermediate.dense"), ("mlp.fc2", "output.dense"),
        ];
        var theirs = new Dictionary<string, Tensor>();
        foreach (var (name, tensor) in own.Tensors.Where(static entry => !entry.Key.Contains("gamma", StringComparison.Ordinal)))
        {
            var other = names.Aggregate(name, static (text, pair) => text.Replace(pair.From, pair.To, StringComparison.Ordinal));
            foreach (var (i, part) in new[] { "query", "key", "value" }.Index())
            {
                theirs[name.Contains("qkv", StringComparison.Ordinal) ? other.Replace("attn.qkv", $"attention.attention.{part}", StringComparison.Ordinal) : name is "norm.weight" or "norm.bias" ? $"deit.layernorm{name[4..]}" : other] =
                    name.Contains("qkv", StringComparison.Ordinal) ? tensor.chunk(3, 0)[i] : tensor;
            }
        }

        CheckpointFile.Write(PathOf("theirs.safetensors"), theirs, own.Metadata);
        CheckpointFile.Write(PathOf("ours.safetensors"), own.Tensors.Where(static entry => !entry.Key.Contains("gamma", StringComparison.Ordinal)).ToDictionary(), own.Metadata);
        var (found, expected) = (Summary("theirs.safetensors"), Summary("ours.safetensors"));
        Assert.Equal(expected.bytes.ToArray(), found.bytes.ToArray());

        Tensor Summary(string file)
        {
            using var backbone = Entry.Load(new BackboneRequest { Input = new InputShape(9, 5, 8, 8), Checkpoint = PathOf(file) }).Backbone;
            backbone.Network.eval();
            return backbone.Run(Input(own.Tensors["in.images"]), Subnetwork.Whole(2), Attachments.None).Summary!;
        }
    }

    [Theory]
    [InlineData(0, 0, 0, "reads images, and the task has none")]
    [InlineData(1, 8, 6, "reads square images, and the task's are of 8×6 pixels")]
    [InlineData(1, 9, 9, "has patches of 2 pixels, which do not divide images of 9")]
    public void Describe_OfImagesThatDoNotFit_SaysWhy(int images, int height, int width, string problem)
    {
        var request = new BackboneRequest
        {
            Input = new InputShape(9, 5, height, width, images), Checkpoint = Path.Combine(AppContext.BaseDirectory, "Fixtures", "deit.safetensors"),
        };
        Assert.Contains(problem, Assert.Throws<DasSearchException>(() => Entry.Describe(request)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Describe_OfAJaxFileWithATensorTwice_SaysWhich()
    {
        var path = PathOf("twice.safetensors");
        using var scope = NewDisposeScope();
        CheckpointFile.Write(path, new Dictionary<string, Tensor>
        {
            ["embedding/kernel"] = zeros(2, 2, 3, 8), ["patch_embed.proj.weight"] = zeros(8, 3, 2, 2), ["pos_embed"] = zeros(1, 10, 8), ["blocks.0.norm1.weight"] = ones(8),
        });
        var failure = Assert.Throws<DasSearchException>(() => Entry.Describe(new BackboneRequest { Input = new InputShape(9, 5, 8, 8), Checkpoint = path, Sizes = new ModelConfig { Heads = 2 } }));
        Assert.Contains("patch_embed.proj.weight", failure.Message, StringComparison.Ordinal);
    }

    // ViT-B/16 without a classifier, 12nd² + 2n²d a block.
    [Fact]
    public void DescribeProfiled_HasTheSizesOfVitB16()
    {
        var description = Entry.DescribeProfiled();
        Assert.Equal(85_798_656, description.Parameters.Sum(static parameter => parameter.Count));
        Assert.All(description.Modules, static module => Assert.Equal((12L * 197 * 768 * 768) + (2L * 197 * 197 * 768), module.MultiplyAccumulates));
        Assert.Equal(86_567_656, 1000 * 769 + description.Parameters.Sum(static parameter => parameter.Count)); // DeiT-B with its classifier
    }

    private static void AssertIsPyTorchs(string path, int side, int modules, int summary)
    {
        using var scope = NewDisposeScope();
        using var unrecorded = no_grad();
        var expected = CheckpointFile.Read(path).Tensors;
        var notes = new List<string>();
        var loaded = Entry.Load(new BackboneRequest { Input = new InputShape(9, 5, side, side), Checkpoint = path, Note = notes.Add });
        using var backbone = loaded.Backbone;
        backbone.Network.eval();
        var input = Input(expected["in.images"]);
        AssertClose("out.tokens", backbone.Run(input, Subnetwork.Whole(modules), Attachments.None, FeatureKind.Tokens).Streams[0]);
        var found = backbone.Run(input, Subnetwork.Whole(modules), Attachments.None).Summary!;
        Assert.Equal([expected["in.images"].size(0), summary], found.shape);
        AssertClose("out.logits", nn.functional.linear(found, loaded.Rest["head.weight"], loaded.Rest["head.bias"]));
        Assert.Contains(notes, static note => note.EndsWith("3 names that no ViT has, in.images, out.logits, out.tokens: left out", StringComparison.Ordinal));

        void AssertClose(string name, Tensor result)
        {
            Assert.Equal(expected[name].shape, result.shape);
            Assert.True(result.allclose(expected[name], Tolerance, Tolerance), $"{name} differs by {(result - expected[name]).abs().max().item<float>()}");
        }
    }

    private static BackboneInput Input(Tensor images)
    {
        var ids = zeros(images.size(0), 5, ScalarType.Int64);
        return new BackboneInput(ids, ids.eq(0), images);
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);
}
