using TorchSharp.Tests.Support;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.Random;

/// <summary>After manual_seed(7) the CPU generator draws what PyTorch's draws.</summary>
public sealed class StoredDrawTests
{
    private static readonly SafetensorsFile _fixtures = SafetensorsFile.Open("random.safetensors");

    /// <summary>Draws that are bits of the generator, scaled: equal bit for bit.</summary>
    private static readonly Dictionary<string, Func<Tensor>> _exact = new(StringComparer.Ordinal)
    {
        ["rand"] = () => rand(20),
        ["rand_double"] = () => rand(4, dtype: float64),
        ["rand_second"] = () =>
        {
            rand(3);
            return rand(3);
        },
        ["randint"] = () => randint(3, 100, new long[] { 4, 5 }),
        ["randint_wide"] = () => randint(0, 1L << 40, new long[] { 6 }),
        ["randperm"] = () => randperm(17),
        ["uniform_"] = () => empty(20).uniform_(-1, 3),
        ["random_"] = () => empty(20).random_(2, 9),
    };

    /// <summary>Draws that pass through logarithms, roots and sines, whose last bit is the processor's.</summary>
    private static readonly Dictionary<string, Func<Tensor>> _rounded = new(StringComparer.Ordinal)
    {
        ["randn_few"] = () => randn(7),
        ["randn_many"] = () => randn(37),
        ["randn_double_few"] = () => randn(7, dtype: float64),
        ["randn_double_many"] = () => randn(37, dtype: float64),
        ["normal_"] = () => empty(20).normal_(1, 2),
        ["normal_tensors"] = () => normal(linspace(-1, 1, 5), linspace(0.5, 1, 5)),
        ["xavier_uniform_"] = () => init.xavier_uniform_(empty(5, 7)),
        ["xavier_normal_"] = () => init.xavier_normal_(empty(5, 7)),
        ["kaiming_uniform_"] = () => init.kaiming_uniform_(empty(5, 7), Math.Sqrt(5)),
        ["kaiming_normal_"] = () => init.kaiming_normal_(empty(5, 7), mode: init.FanInOut.FanOut, nonlinearity: init.NonlinearityType.ReLU),
        ["trunc_normal_"] = () => init.trunc_normal_(empty(5, 7), std: 0.5, a: -0.75, b: 0.5),
        ["linear_weight"] = () => Linear(6, 4).weight,
        ["linear_bias"] = () => Linear(6, 4).bias!,
        ["embedding_weight"] = () => Embedding(5, 4).weight,
    };

    public static TheoryData<string> ExactNames() => [.. _exact.Keys];

    public static TheoryData<string> RoundedNames() => [.. _rounded.Keys];

    [Theory]
    [MemberData(nameof(ExactNames))]
    public void Draw_AfterSeeding_IsPyTorchsBitForBit(string name)
    {
        using var scope = NewDisposeScope();
        manual_seed(7);
        Assert.Equal(_fixtures.Get(name).Bytes.ToArray(), _exact[name]().bytes.ToArray());
    }

    [Theory]
    [MemberData(nameof(RoundedNames))]
    public void Draw_ThroughAFunction_IsPyTorchsToTheLastDigits(string name)
    {
        using var scope = NewDisposeScope();
        manual_seed(7);
        Assert.InRange(Closeness.Error(name, _fixtures.Get(name), _rounded[name]()), 0, 1e-6);
    }

    [Fact]
    public void Generator_OfItsOwn_DrawsPyTorchsNumbersWhateverTheGlobalSeed()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator();
        generator.manual_seed(7);
        manual_seed(1);
        Assert.Equal(_fixtures.Floats("generator"), rand(5, generator: generator).data<float>().ToArray());
    }
}
