using DasSearch.Models.Heads;
using TorchSharp;
using static TorchSharp.torch;

namespace DasSearch.Models.Tests;

/// <summary>The heads against PyTorch's modules, under the names that official checkpoints give their weights.</summary>
public sealed class HeadTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public static TheoryData<string> Names => ["classifier", "masked_language", "matching"];

    public void Dispose() => _scope.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void Forward_OfOfficialWeights_AgreesWithPyTorch(string name)
    {
        var expected = Fixture.Case("heads").GetProperty(name);
        var weights = expected.GetProperty("state");
        using var head = Make(name);

        Assert.Equal(weights.EnumerateObject().Select(entry => entry.Name).Order(), head.state_dict().Keys.Order());
        head.load_state_dict(weights.EnumerateObject().ToDictionary(
            entry => entry.Name, entry => weights.Read(entry.Name).type(ScalarType.Float32)));
        var logits = head.call(expected.Read("x").type(ScalarType.Float32));

        Assert.Equal(expected.Read("out").shape, logits.shape);
        Assert.True(logits.type(ScalarType.Float64).allclose(expected.Read("out"), 1e-5, 1e-5));
    }

    [Theory]
    [InlineData(null, 0.5)]
    [InlineData(0.01, 0.01)]
    public void New_AnswersAreAsLikelyAsThePriorSays(double? prior, double expected)
    {
        using var scope = NewDisposeScope();
        using var head = new ClassifierHead(6, 8, 3, prior: prior);
        Assert.All(head.call(randn(5, 6)).sigmoid().mean([0L]).data<float>().ToArray(), chance => Assert.Equal(expected, chance, 0.4 * expected)); // ten deviations of what random weights add
    }

    [Fact]
    public void New_SizesNotPositive_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ClassifierHead(6, 8, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MaskedLanguageHead(6, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MatchingHead(0));
    }

    private static nn.Module<Tensor, Tensor> Make(string name) => name switch
    {
        "classifier" => new ClassifierHead(6, 8, 3),
        "masked_language" => new MaskedLanguageHead(6, 9),
        _ => new MatchingHead(6),
    };
}
