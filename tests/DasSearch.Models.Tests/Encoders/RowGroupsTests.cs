using DasSearch.Models.Backbones.Encoders;
using static TorchSharp.torch;

namespace DasSearch.Models.Tests.Encoders;

/// <summary>What a row gets is the same to the bit, whatever it is encoded with, and is what the encoder gives for it alone.</summary>
public sealed class RowGroupsTests
{
    private static readonly ResNet18Config _pictures = new() { Side = 64 };

    [Fact]
    public void OfTexts_WhateverTheOthersAre_GivesTheSame()
    {
        using var scope = NewDisposeScope();
        using var unrecorded = no_grad();
        var encoder = MiniLm.Load(CPU);
        var most = BertConfig.MiniLm.Length;
        long[] lengths = [3, 8, 9, 3, 16, 17, 20, 5, 6, 7, 30];
        var texts = lengths.Select(static (length, i) => randint(1000, 30_000, [1, length], generator: Seeded(i))).ToList();
        AreTheSame(texts, rows => RowGroups.OfTexts(rows, most, encoder.Encode), text => encoder.Encode(text, ones_like(text, ScalarType.Bool)));
    }

    [Fact]
    public void OfTexts_AsLongAsTheEncoderReads_AreNotMadeLonger()
    {
        using var scope = NewDisposeScope();
        var read = new List<long>();
        RowGroups.OfTexts([ones([1, 5], ScalarType.Int64), ones([1, 3], ScalarType.Int64)], 6, (ids, mask) =>
        {
            read.Add(ids.size(1));
            Assert.Equal(ids.to(ScalarType.Bool).data<bool>().ToArray(), mask.data<bool>().ToArray());
            return ids.unsqueeze(-1);
        });
        Assert.Equal([6], read);
    }

    [Fact]
    public void OfImages_WhateverTheOthersAre_GivesTheSame()
    {
        using var scope = NewDisposeScope();
        using var unrecorded = no_grad();
        var encoder = ResNet18Weights.Load(_pictures, CPU);
        var images = Enumerable.Range(0, 11).Select(static i => 255 * rand([1, 3, _pictures.Side, _pictures.Side], generator: Seeded(i))).ToList();
        AreTheSame(images, rows => RowGroups.OfImages(rows, encoder.Encode), encoder.Encode);
    }

    private static void AreTheSame(List<Tensor> rows, Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> encode, Func<Tensor, Tensor> alone)
    {
        var expected = encode(rows).Select(static row => row.contiguous().bytes.ToArray()).ToList();
        var random = new Random(1);
        for (var again = 0; again < 5; again++)
        {
            var drawn = Enumerable.Range(0, rows.Count).OrderBy(_ => random.Next()).Take(random.Next(1, rows.Count)).ToList();
            var encoded = encode([.. drawn.Select(row => rows[row])]);
            Assert.All(drawn.Zip(encoded), pair => Assert.Equal(expected[pair.First], pair.Second.contiguous().bytes.ToArray()));
            Assert.All(drawn.Zip(encoded), pair =>
            {
                var own = alone(rows[pair.First]);
                Assert.Equal(own.shape, pair.Second.shape);
                Assert.True(((own - pair.Second).abs().max() / own.abs().max()).item<float>() < 1e-5);
            });
        }
    }

    private static Generator Seeded(int seed) => new((ulong)seed, CPU);
}
