using static TorchSharp.torch;

namespace TorchSharp.Tests.Random;

/// <summary>Seeds, states and independence of generators.</summary>
public sealed class GeneratorTests
{
    /// <summary>Every draw that takes a generator.</summary>
    private static readonly Dictionary<string, Func<Generator?, Tensor>> _draws = new(StringComparer.Ordinal)
    {
        ["rand"] = g => rand(5, generator: g),
        ["rand 2"] = g => rand(2, 3, generator: g),
        ["rand 3"] = g => rand(1, 2, 3, generator: g),
        ["rand 4"] = g => rand(1, 2, 3, 1, generator: g),
        ["rand long[]"] = g => rand(new long[] { 5 }, generator: g),
        ["randn"] = g => randn(5, generator: g),
        ["randn long[]"] = g => randn(new long[] { 2, 20 }, generator: g),
        ["randint"] = g => randint(1000, new long[] { 5 }, generator: g),
        ["randint low"] = g => randint(10, 1000, new long[] { 5 }, generator: g),
        ["randperm"] = g => randperm(20, generator: g),
        ["normal"] = g => normal(zeros(5), ones(5), g),
        ["normal_"] = g => zeros(5).normal_(generator: g),
        ["uniform_"] = g => zeros(5).uniform_(0, 1, g),
        ["random_"] = g => zeros(5).random_(0, 1000, g),
        ["exponential_"] = g => zeros(5).exponential_(generator: g),
        ["bernoulli"] = g => full(50, 0.5).bernoulli(g),
        ["torch.bernoulli"] = g => bernoulli(full(50, 0.5), g),
        ["bernoulli_"] = g => zeros(50).bernoulli_(0.5, g),
        ["bernoulli_ tensor"] = g => zeros(50).bernoulli_(full(50, 0.5), g),
        ["multinomial"] = g => ones(20).multinomial(10, generator: g),
        ["torch.multinomial"] = g => multinomial(ones(20), 10, true, g),
    };

    public static TheoryData<string> Names() => [.. _draws.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Draw_UnderOneSeed_RepeatsAndThenGoesOn(string name)
    {
        using var scope = NewDisposeScope();
        manual_seed(5);
        var (first, second) = (_draws[name](null), _draws[name](null));
        manual_seed(5);
        Assert.Equal(first.bytes.ToArray(), _draws[name](null).bytes.ToArray());
        Assert.NotEqual(first.bytes.ToArray(), second.bytes.ToArray());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Draw_FromAGenerator_NeitherReadsNorMovesTheGlobalOne(string name)
    {
        using var scope = NewDisposeScope();
        using var one = new Generator(9);
        using var two = new Generator(9);
        manual_seed(1);
        var global = get_rng_state();
        var drawn = _draws[name](one);
        Assert.Equal(global.bytes.ToArray(), get_rng_state().bytes.ToArray());
        manual_seed(2);
        Assert.Equal(drawn.bytes.ToArray(), _draws[name](two).bytes.ToArray());
    }

    [Fact]
    public void GetState_SetBack_RepeatsFromThere()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        rand(7, generator: generator);
        var state = generator.get_state();
        var first = randn(20, generator: generator);
        generator.set_state(state);
        Assert.Equal(first.bytes.ToArray(), randn(20, generator: generator).bytes.ToArray());
        using var other = new Generator(77);
        other.set_state(state);
        Assert.Equal(first.bytes.ToArray(), randn(20, generator: other).bytes.ToArray());
    }

    [Fact]
    public void RngState_OfTheGlobalOne_RoundTrips()
    {
        using var scope = NewDisposeScope();
        var state = get_rng_state();
        var first = rand(4);
        set_rng_state(state);
        Assert.Equal(first.bytes.ToArray(), rand(4).bytes.ToArray());
        random.set_rng_state(state);
        Assert.Equal(first.bytes.ToArray(), rand(4).bytes.ToArray());
        Assert.Equal(state.shape, random.get_rng_state().shape);
    }

    [Fact]
    public void Seeds_AreRemembered()
    {
        using var generator = new Generator(12);
        Assert.Equal(12, generator.initial_seed());
        Assert.Same(generator, generator.manual_seed(13));
        Assert.Equal(13, generator.initial_seed());
        Assert.Equal(generator.seed(), generator.initial_seed());
        Assert.Equal(DeviceType.CPU, generator.device.type);
        manual_seed(21);
        Assert.Equal(21, initial_seed());
        random.manual_seed(22);
        Assert.Equal(22, random.initial_seed());
        Assert.Equal(seed(), initial_seed());
    }

    [Fact]
    public void ManualSeed_ReturnsTheDefaultGenerator()
    {
        using var scope = NewDisposeScope();
        var generator = manual_seed(4);
        var first = rand(3);
        generator.manual_seed(4);
        Assert.Equal(first.bytes.ToArray(), rand(3).bytes.ToArray());
        Assert.Equal(4, Generator.Default.initial_seed());
    }

    [Fact]
    public void LikeDraws_TakeShapeAndType()
    {
        using var scope = NewDisposeScope();
        var model = zeros(2, 3, float64);
        Assert.Equal([2L, 3L], rand_like(model).shape);
        Assert.Equal(float64, rand_like(model).dtype);
        Assert.Equal(float32, randn_like(model, float32).dtype);
        Assert.InRange(randn_like(zeros(4000)).std().item<float>(), 0.95f, 1.05f);
        Assert.InRange(rand_like(zeros(4000)).max().item<float>(), 0.99f, 1f);
        Assert.InRange(normal(3, 0.5, new long[] { 4000 }).mean().item<float>(), 2.95f, 3.05f);
    }
}
