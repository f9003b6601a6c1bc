using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Models.Backbones;
using DasSearch.Models.Checkpoints;
using DasSearch.Transfer.Tests;
using static TorchSharp.torch;

namespace DasSearch.Models.Tests;

/// <summary>Swin against plain PyTorch (Fixtures/make_swin.py), and what its checkpoints are held to.</summary>
public sealed class SwinTests : IDisposable
{
    private const double Tolerance = 1e-4;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-swin-");

    private static BackboneEntry Entry => BackboneTable.BuiltIn.Named("swin");

    private static string Small => Path.Combine(AppContext.BaseDirectory, "Fixtures", "swin.safetensors");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Run_OfASmallCheckpoint_IsPyTorchs() => AssertIsPyTorchs(Small, side: 16, modules: 5);

    [PyTorchFact]
    public void Run_AtThePapersWidths_IsPyTorchs()
    {
        PyTorch.Run(Path.Combine(AppContext.BaseDirectory, "Fixtures", "make_swin.py"), "full", PathOf("full.safetensors"));
        AssertIsPyTorchs(PathOf("full.safetensors"), side: 224, modules: 6);
    }

    // Names of newer files of timm's, and Hugging Face's.
    [Theory]
    [InlineData("layers.0.downsample=layers.1.downsample", "head.=head.fc.")]
    [InlineData("layers=swin.encoder.layers", "patch_embed.proj=swin.embeddings.patch_embeddings.projection", "patch_embed.norm=swin.embeddings.norm", "norm1=layernorm_before", "norm2=layernorm_after",
        "attn.relative=attention.self.relative", "attn.qkv=attention.self.query", "attn.proj=attention.output.dense", "mlp.fc1=intermediate.dense", "mlp.fc2=output.dense", "head.=classifier.")]
    public void Load_ByOthersNames_IsTheSameNetwork(params string[] names)
    {
        using var scope = NewDisposeScope();
        using var unrecorded = no_grad();
        var own = CheckpointFile.Read(Small).Tensors;
        var theirs = new Dictionary<string, Tensor>();
        var isHuggingFace = names.Length > 2;
        foreach (var (name, tensor) in own.Where(static entry => !entry.Key.StartsWith("in.", StringComparison.Ordinal) && !entry.Key.StartsWith("out.", StringComparison.Ordinal)))
        {
            var other = names.Select(static pair => pair.Split('=')).Aggregate(name, static (text, pair) => text.Replace(pair[0], pair[1], StringComparison.Ordinal));
            if (isHuggingFace && name.Contains("qkv", StringComparison.Ordinal))
            {
                foreach (var (i, part) in new[] { "query", "key", "value" }.Index())
                {
                    theirs[other.Replace("query", part, StringComparison.Ordinal)] = tensor.chunk(3, 0)[i];
                }
            }
            else
            {
                theirs[isHuggingFace && name is "norm.weight" or "norm.bias" ? $"swin.layernorm{name[4..]}" : other] = tensor;
            }
        }

        CheckpointFile.Write(PathOf("theirs.safetensors"), theirs);
        var (loaded, expected) = (Load(PathOf("theirs.safetensors"), 16, []), own["out.logits"]);
        using var backbone = loaded.Backbone;
        AssertClose(expected, Logits(loaded, own["in.images"], 5));
    }

    [Theory]
    [InlineData(1, 16, 14, "reads square images, and the task's are of 16×14 pixels")]
    [InlineData(1, 18, 18, "reads images whose side is so many times 4 pixels, and the task's are of 18")]
    [InlineData(1, 20, 20, "has windows of 2 tokens, which do not divide the 5 of a side that images of 20 pixels come to")]
    [InlineData(0, 0, 0, "reads images, and the task has none")]
    public void Describe_OfImagesThatDoNotFit_SaysWhy(int images, int height, int width, string problem)
    {
        var failure = Assert.Throws<DasSearchException>(() => Entry.Describe(new BackboneRequest { Input = new InputShape(9, 5, height, width, images), Checkpoint = Small }));
        Assert.Contains(problem, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Describe_OfAFreshOne_HasTheLargestWindowsThatDivideIt_AndEightBlocksAtLeast()
    {
        using var swin = (Swin)Entry.Load(new BackboneRequest { Input = new InputShape(9, 5, 64, 64), Sizes = new ModelConfig { Width = 8, Layers = 9 } }).Backbone;
        Assert.Equal((4, 3), (swin.Config.Window, swin.Config.Depths[2]));
        var failure = Assert.Throws<ConfigException>(() => Entry.Describe(new BackboneRequest { Input = new InputShape(9, 5, 64, 64), Sizes = new ModelConfig { Layers = 7 } }));
        Assert.StartsWith("model.layers must be at least 8 for a swin", failure.Message, StringComparison.Ordinal);
    }

    // PELA (arXiv:2310.10700) at κ = 1.5: 25.60 M parameters and 4.53 G multiply-accumulates less.
    [Fact]
    public void DescribeProfiled_HasTheSizesOfSwinB_AndPelasSaving()
    {
        var (full, low) = (Entry.DescribeProfiled(), SwinCosts.Describe(new SwinConfig().Compressed(1.5)));
        Assert.Equal(87_768_224 - (1000 * 1025), Parameters(full));
        Assert.Equal(15.4, Operations(full) / 1e9, 0.1);
        Assert.Equal((25.60, 4.53), (Math.Round((Parameters(full) - Parameters(low)) / 1e6, 2), Math.Round((Operations(full) - Operations(low)) / 1e9, 2)));

        static long Parameters(BackboneDescription description) => description.Parameters.Sum(static parameter => parameter.Count);

        static long Operations(BackboneDescription description) => description.OutsideMultiplyAccumulates + description.Modules.Sum(static module => module.MultiplyAccumulates);
    }

    private static void AssertIsPyTorchs(string path, int side, int modules)
    {
        using var scope = NewDisposeScope();
        using var unrecorded = no_grad();
        var (expected, notes) = (CheckpointFile.Read(path).Tensors, new List<string>());
        var loaded = Load(path, side, notes);
        using var backbone = loaded.Backbone;
        AssertClose(expected["out.tokens"], backbone.Run(Input(expected["in.images"]), Subnetwork.Whole(modules), Attachments.None, FeatureKind.Tokens).Streams[0]);
        AssertClose(expected["out.logits"], Logits(loaded, expected["in.images"], modules));
        Assert.EndsWith("3 names that no Swin has, in.images, out.logits, out.tokens: left out", Assert.Single(notes), StringComparison.Ordinal);
    }

    private static LoadedBackbone Load(string path, int side, List<string> notes)
    {
        var loaded = Entry.Load(new BackboneRequest { Input = new InputShape(9, 5, side, side), Checkpoint = path, Note = notes.Add });
        loaded.Backbone.Network.eval();
        return loaded;
    }

    private static Tensor Logits(LoadedBackbone loaded, Tensor images, int modules) =>
        nn.functional.linear(loaded.Backbone.Run(Input(images), Subnetwork.Whole(modules), Attachments.None).Summary!, loaded.Rest["head.weight"], loaded.Rest["head.bias"]);

    private static void AssertClose(Tensor expected, Tensor found)
    {
        Assert.Equal(expected.shape, found.shape);
        Assert.True(found.allclose(expected, Tolerance, Tolerance), $"it differs by {(found - expected).abs().max().item<float>()}");
    }

    private static BackboneInput Input(Tensor images)
    {
        var ids = zeros(images.size(0), 5, ScalarType.Int64);
        return new BackboneInput(ids, ids.eq(0), images);
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);
}
