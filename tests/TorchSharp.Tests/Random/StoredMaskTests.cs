using TorchSharp.Tests.Support;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.Random;

/// <summary>Masks and samples of a libtorch without MKL, as the system's is: one with MKL draws them from MKL's streams.</summary>
public sealed class StoredMaskTests
{
    private static readonly SafetensorsFile _fixtures = SafetensorsFile.Open("random.safetensors");

    private static readonly Dictionary<string, Func<Tensor>> _draws = new(StringComparer.Ordinal)
    {
        ["bernoulli_"] = () => empty(30).bernoulli_(0.3),
        ["bernoulli_tensor"] = () => empty(6).bernoulli_(linspace(0.1, 0.9, 6)),
        ["bernoulli"] = () => linspace(0.1, 0.9, 6).bernoulli(),
        ["multinomial"] = () => multinomial(Weights(), 4),
        ["multinomial_replacement"] = () => Weights().multinomial(12, replacement: true),
        ["dropout"] = () => functional.dropout(ones(40), 0.4),
        ["exponential_"] = () => empty(8).exponential_(0.5),
    };

    public static TheoryData<string> Names() => [.. _draws.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Draw_AfterSeeding_IsPyTorchs(string name)
    {
        using var scope = NewDisposeScope();
        manual_seed(7);
        Assert.InRange(Closeness.Error(name, _fixtures.Get(name), _draws[name]()), 0, name == "exponential_" ? 1e-6 : 0);
    }

    [Fact]
    public void Dropout_AsModuleAndFunction_DrawTheSameMask()
    {
        using var scope = NewDisposeScope();
        manual_seed(7);
        using var module = Dropout(0.4);
        Assert.Equal(_fixtures.Floats("dropout"), module.call(ones(40)).data<float>().ToArray());
        manual_seed(7);
        Assert.Equal(_fixtures.Floats("dropout"), functional.dropout(ones(40), 0.4, inplace: true).data<float>().ToArray());
    }

    private static Tensor Weights() => tensor(new[] { 0.1f, 2f, 0.5f, 1f, 0.25f, 3f });
}
