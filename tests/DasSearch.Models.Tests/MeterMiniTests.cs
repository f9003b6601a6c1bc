using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Models.Backbones;
using DasSearch.Models.Checkpoints;
using static TorchSharp.torch;

namespace DasSearch.Models.Tests;

/// <summary>What MiniLM's training is worth is measured beside one of random weights, which no file has.</summary>
public sealed class MeterMiniTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-meter-mini-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void EncodersOf_Fresh_HaveTheSameRandomWeightsEachTime_AndTheSizeThatTheySay()
    {
        using var scope = NewDisposeScope();
        var kind = MeterMini.EncodersOf(StartingWeights.Fresh).Text;
        manual_seed(1);
        var one = kind.Create(CPU);
        manual_seed(2);
        var other = kind.Create(CPU);
        var trained = MeterMini.EncodersOf(StartingWeights.Trained).Text.Create(CPU);
        Assert.Equal(Bytes(one.Network), Bytes(other.Network));
        Assert.NotEqual(Bytes(one.Network), Bytes(trained.Network));
        Assert.Equal(Names(trained.Network), Names(one.Network));
        Assert.All(one.Network.parameters(), static parameter => Assert.False(parameter.requires_grad));

        var ids = tensor([2L, 7, 30_000, 11]).unsqueeze(0);
        var size = one.Encode(ids, ids.ne(0)).square().mean().sqrt().item<float>();
        Assert.Equal(kind.Scale!.Value, size, 0.1);

        static IEnumerable<byte[]> Bytes(nn.Module network) => network.parameters().Select(static parameter => parameter.bytes.ToArray());
        static IEnumerable<string> Names(nn.Module network) => network.named_parameters().Select(static entry => entry.name);
    }

    [Theory]
    [InlineData(StartingWeights.Trained)]
    [InlineData(StartingWeights.Fresh)]
    public void Load_OfACheckpoint_IsOverTheEncodersItWasMadeOver(StartingWeights weights)
    {
        using var scope = NewDisposeScope();
        using var made = (Meter)Load(Small(weights)).Backbone;
        var path = Write(made, made.Metadata);

        using var read = (Meter)Load(new ModelConfig(), path).Backbone;
        Assert.Equal(made.Config.Encoders, read.Config.Encoders);
        Assert.Equal(
            weights == StartingWeights.Fresh,
            read.Title.Contains("a MiniLM of random weights, which nobody trained", StringComparison.Ordinal));
        var (one, other) = (made.Embed(Input(), Attachments.None), read.Embed(Input(), Attachments.None));
        Assert.Equal(one.Frozen[0].bytes.ToArray(), other.Frozen[0].bytes.ToArray());
    }

    [Fact]
    public void Load_OfACheckpointThatDoesNotSay_IsOverWhatOthersTrained()
    {
        using var scope = NewDisposeScope();
        using var made = (Meter)Load(Small(StartingWeights.Trained)).Backbone;
        using var read = (Meter)Load(new ModelConfig(), Write(made, new Dictionary<string, string> { ["heads"] = "2" })).Backbone;
        Assert.Equal("minilm", read.Config.Encoders.Text.Name);
    }

    [Fact]
    public void Load_OfOtherEncodersThanTheCheckpoints_IsRefused()
    {
        using var scope = NewDisposeScope();
        using var made = (Meter)Load(Small(StartingWeights.Fresh)).Backbone;
        var path = Write(made, made.Metadata);
        var failure = Assert.Throws<ConfigException>(() => Load(new ModelConfig { Weights = StartingWeights.Trained }, path));
        Assert.Equal($"model.weights is trained, but checkpoint {path} was made over fresh ones of its encoder of texts", failure.Message);

        var unknown = Write(made, new Dictionary<string, string> { ["heads"] = "2", ["text_encoder"] = "gpt" });
        var other = Assert.Throws<DasSearchException>(() => Load(new ModelConfig(), unknown));
        Assert.Equal($"checkpoint {unknown} says in its metadata that its text_encoder is 'gpt', expected minilm or fresh-minilm", other.Message);
    }

    private static ModelConfig Small(StartingWeights weights) => new() { Width = 8, Layers = 1, Heads = 2, Weights = weights };

    private static BackboneInput Input() => new(
        tensor([2L, 7, 30_000, 11, 0]).unsqueeze(0), tensor([true, true, true, true, false]).unsqueeze(0), zeros(1, 3, 128, 128));

    private static LoadedBackbone Load(ModelConfig sizes, string? checkpoint = null) => BackboneTable.BuiltIn.Named("meter-mini").Load(
        new BackboneRequest { Input = new InputShape(30_522, 5, 128, 128), Sizes = sizes, Checkpoint = checkpoint });

    private string Write(Meter made, IReadOnlyDictionary<string, string> metadata)
    {
        var path = Path.Combine(_folder.FullName, $"{metadata.Count}.safetensors");
        var own = made.named_parameters().Where(entry => MeterCheckpoint.IsOfCheckpoint(made.Config, entry.name));
        CheckpointFile.Write(path, own.ToDictionary(static entry => entry.name, static entry => (Tensor)entry.parameter), metadata);
        return path;
    }
}
