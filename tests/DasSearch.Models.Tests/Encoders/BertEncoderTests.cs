using DasSearch.Models.Backbones.Encoders;
using DasSearch.Worker.Tests.Support;
using static TorchSharp.torch;

namespace DasSearch.Models.Tests.Encoders;

public sealed class BertEncoderTests
{
    private static readonly BertConfig _tiny = new()
    {
        Vocabulary = 20, Positions = 9, Segments = 1, FirstPosition = 2, Width = 8, Layers = 2, Heads = 2, InnerWidth = 16, Eps = 1e-5,
    };

    [Fact]
    public void Parameters_NameEveryParameter_WithItsShape()
    {
        var encoder = _tiny.Create(CPU);
        using var network = encoder.Network;
        var real = encoder.Network.named_parameters().Select(entry => $"{entry.name} {string.Join("×", entry.parameter.shape)}");
        var said = _tiny.Parameters.Select(parameter => $"{parameter.Name} {string.Join("×", parameter.Shape)}");
        Assert.Equal(real.Order(StringComparer.Ordinal), said.Order(StringComparer.Ordinal));
        Assert.All(encoder.Network.parameters(), parameter => Assert.False(parameter.requires_grad));
    }

    [Fact]
    public void Parameters_OfRealSizes_HaveThePublishedTotals()
    {
        Assert.Equal(124_645_632, Total(BertConfig.RobertaBase));
        Assert.Equal(22_713_216, Total(BertConfig.MiniLm));
    }

    [Fact]
    public void Encode_Padding_ChangesNothing_AndLeavesNoTensorBehind()
    {
        var encoder = _tiny.Create(CPU);
        using var network = encoder.Network;
        using var scope = NewDisposeScope();
        var ids = tensor(new long[] { 3, 4, 5, 6 }).unsqueeze(0);
        var padded = cat([ids, ones(1, 3, ScalarType.Int64)], 1);
        var mask = ones(1, 4, ScalarType.Bool);
        var filledMask = cat([mask, zeros(1, 3, ScalarType.Bool)], 1);
        var before = LiveTensors.Count();
        using (var alone = encoder.Encode(ids, mask))
        using (var filled = encoder.Encode(padded, filledMask))
        {
            Assert.True(filled.narrow(1, 0, 4).allclose(alone, rtol: 0, atol: 1e-5));
            Assert.False(alone.requires_grad);
        }

        Assert.Throws<ArgumentException>(() => encoder.Encode(ones(1, 8, ScalarType.Int64), ones(1, 8, ScalarType.Bool)));
        Assert.Equal(before + 3, LiveTensors.Count()); // the part compared, and the two of the text that was too long
    }

    private static long Total(BertConfig config) => config.Parameters.Sum(parameter => parameter.Shape.Aggregate(1L, (product, size) => product * size));
}
