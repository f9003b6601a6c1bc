using DasSearch.Core;
using DasSearch.Formats;
using DasSearch.Formats.Onnx;
using DasSearch.Models.Backbones.Encoders;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using static TorchSharp.torch;

namespace DasSearch.Models.Tests.Encoders;

public sealed class ResNet18Tests
{
    [Theory]
    [InlineData(56, 4, 4, 512)]
    [InlineData(112, 4, 16, 512)]
    [InlineData(112, 3, 49, 256)]
    public void Parameters_AndTokens_AreThoseOfTheNetwork(int side, int stage, int tokens, int width)
    {
        var config = new ResNet18Config { Side = side, Stage = stage };
        var encoder = config.Create(CPU);
        using var network = encoder.Network;
        network.train();
        using var cells = encoder.Encode(zeros(2, 3, side, side));

        Assert.Equal([2, tokens, width], cells.shape);
        Assert.Equal((tokens, width, width), (config.Tokens, config.Width, encoder.Width));
        Assert.Equal(
            network.named_parameters().Select(entry => $"{entry.name} {string.Join("×", entry.parameter.shape)}").Order(StringComparer.Ordinal),
            config.Parameters.Select(parameter => $"{parameter.Name} {string.Join("×", parameter.Shape)}").Order(StringComparer.Ordinal));
    }

    // torchvision's ResNet-18, 11,689,512 parameters and 1.814 G, without its classifier, and with a third block in the last stage.
    [Fact]
    public void Costs_OfTheRealSize_AreThePublishedOnes()
    {
        const long Weight = 512 * 512 * 9;
        const long Block = 2 * (Weight + (2 * 512));
        var config = new ResNet18Config();
        Assert.Equal(11_689_512 - 513_000 + Block, config.Parameters.Sum(parameter => parameter.Shape.Aggregate(1L, (product, size) => product * size)));
        Assert.Equal(1_814_073_344 - 512_000 + (2 * 49 * Weight), config.MultiplyAccumulates);
    }

    // The file's own result is the mean over the last grid; what messages repeat is merged, so that some bytes more name the grid as a result, too.
    [Theory]
    [InlineData(4, "ReLU393_Output_0")]
    [InlineData(3, "ReLU347_Output_0")]
    public void Encode_AgreesWithOnnxRuntime(int stage, string layer)
    {
        var config = new ResNet18Config { Stage = stage };
        var encoder = ResNet18Weights.Load(config, CPU);
        using var network = encoder.Network;
        using var scope = NewDisposeScope();
        var images = (rand(1, 3, config.Side, config.Side, generator: new Generator(3)) * 255) - 120;
        byte[] name = [0x0a, (byte)layer.Length, .. System.Text.Encoding.ASCII.GetBytes(layer)];
        byte[] output = [0x62, (byte)name.Length, .. name];
        using var session = new InferenceSession([.. File.ReadAllBytes(PackagedWeights.PathOf(PackagedWeights.ResNet18)), 0x3a, (byte)output.Length, .. output]);
        var reversed = images.flip(1).contiguous().data<float>().ToArray(); // it reads blue first
        using var results = session.Run(
            [NamedOnnxValue.CreateFromTensor(session.InputNames[0], new DenseTensor<float>(reversed, [1, 3, config.Side, config.Side]))], [layer]);
        var expected = tensor(results[0].AsTensor<float>().ToArray()).reshape(1, config.Width, config.Tokens).transpose(1, 2);

        Assert.True(expected.max().item<float>() > 1);
        Assert.True((encoder.Encode(images) - expected).abs().max().item<float>() < 1e-4);
    }

    [Fact]
    public void Read_AnotherModel_SaysWhy() => Assert.Contains(
        "is no ResNet-18",
        Assert.Throws<DasSearchException>(() => ResNet18Weights.Read(OnnxModel.Read(EmbeddedResource.Find(PackagedWeights.PathOf(PackagedWeights.MiniLm), ".model.onnx")))).Message,
        StringComparison.Ordinal);
}
