using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.ModuleSystem;

/// <summary>Initialisers: bounds, moments, exact patterns, and repetition by seed.</summary>
public sealed class InitTests
{
    [Fact]
    public void Constants_FillAsTheirNamesSay()
    {
        using var scope = NewDisposeScope();
        Assert.Equal([0f, 0f], init.zeros_(ones(2)).data<float>().ToArray());
        Assert.Equal([1f, 1f], init.ones_(zeros(2)).data<float>().ToArray());
        Assert.Equal([2.5f, 2.5f], init.constant_(zeros(2), 2.5).data<float>().ToArray());
        Assert.Equal([1f, 0f, 0f, 0f, 1f, 0f], init.eye_(ones(2, 3)).data<float>().ToArray());
    }

    [Fact]
    public void Uniform_Draws_FillTheirInterval()
    {
        using var scope = NewDisposeScope();
        Between(init.uniform_(empty(4000), -2, 3), -2, 3);
        Between(init.xavier_uniform_(empty(100, 60), 2.0), -2 * Math.Sqrt(6.0 / 160), 2 * Math.Sqrt(6.0 / 160));
        Between(init.glorot_uniform_(empty(100, 60)), -Math.Sqrt(6.0 / 160), Math.Sqrt(6.0 / 160));
        Between(init.kaiming_uniform_(empty(100, 60), a: 1), -Math.Sqrt(3.0 / 60), Math.Sqrt(3.0 / 60));
        Between(init.kaiming_uniform_(empty(100, 60), mode: init.FanInOut.FanOut, nonlinearity: init.NonlinearityType.ReLU), -Math.Sqrt(6.0 / 100), Math.Sqrt(6.0 / 100));
    }

    [Fact]
    public void Normal_Draws_HaveTheirMoments()
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        Moments(init.normal_(empty(20_000), 1, 2), 1, 2);
        Moments(init.xavier_normal_(empty(200, 100)), 0, Math.Sqrt(2.0 / 300));
        Moments(init.glorot_normal_(empty(200, 100), 3), 0, 3 * Math.Sqrt(2.0 / 300));
        Moments(init.kaiming_normal_(empty(200, 100)), 0, Math.Sqrt(2.0 / 100));
        Between(init.trunc_normal_(empty(4000), 0, 1, -1, 0.5), -1, 0.5);
    }

    [Fact]
    public void Draws_UnderOneSeed_Repeat()
    {
        using var scope = NewDisposeScope();
        foreach (var draw in (Func<Tensor, Tensor>[])[
            x => init.uniform_(x), x => init.normal_(x), x => init.xavier_uniform_(x), x => init.xavier_normal_(x), x => init.kaiming_uniform_(x),
            x => init.kaiming_normal_(x), x => init.trunc_normal_(x)])
        {
            manual_seed(11);
            var first = draw(zeros(6, 4));
            var second = draw(zeros(6, 4));
            manual_seed(11);
            Assert.Equal(first.data<float>().ToArray(), draw(zeros(6, 4)).data<float>().ToArray());
            Assert.NotEqual(first.data<float>().ToArray(), second.data<float>().ToArray());
        }
    }

    [Fact]
    public void Draws_FromAGenerator_LeaveTheGlobalOneAlone()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(5);
        manual_seed(1);
        var expected = rand(3);
        manual_seed(1);
        var first = init.normal_(zeros(5), generator: generator);
        init.uniform_(zeros(5), generator: generator);
        init.trunc_normal_(zeros(5), generator: generator);
        Assert.Equal(expected.data<float>().ToArray(), rand(3).data<float>().ToArray());
        using var again = new Generator(5);
        Assert.Equal(first.data<float>().ToArray(), init.normal_(zeros(5), generator: again).data<float>().ToArray());
    }

    [Theory]
    [InlineData(init.NonlinearityType.Linear, 0, 1)]
    [InlineData(init.NonlinearityType.Conv2D, 0, 1)]
    [InlineData(init.NonlinearityType.Sigmoid, 0, 1)]
    [InlineData(init.NonlinearityType.Tanh, 0, 5.0 / 3)]
    [InlineData(init.NonlinearityType.ReLU, 0, 1.4142135623730951)]
    [InlineData(init.NonlinearityType.LeakyReLU, 0.2, 1.3867504905630728)]
    public void CalculateGain_OfANonlinearity_IsPyTorchs(init.NonlinearityType nonlinearity, double param, double gain) =>
        Assert.Equal(gain, init.calculate_gain(nonlinearity, param), 1e-12);

    [Fact]
    public void CalculateFan_OfMatrixAndKernel_CountsConnections()
    {
        using var scope = NewDisposeScope();
        Assert.Equal((3L, 5L), init.CalculateFanInAndFanOut(empty(5, 3)));
        Assert.Equal((2L * 3 * 4, 5L * 3 * 4), init.CalculateFanInAndFanOut(empty(5, 2, 3, 4)));
    }

    [Fact]
    public void Modules_AtBirth_AreDrawnAsPyTorchs()
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        using var linear = Linear(100, 50);
        Between(linear.weight, -0.1, 0.1);
        Between(linear.bias!, -0.1, 0.1);
        Assert.True(linear.weight.requires_grad && linear.bias!.requires_grad);
        using var embedding = Embedding(300, 60, padding_idx: 2);
        Moments(embedding.weight, 0, 1);
        Assert.Equal(0f, embedding.weight[2].abs().sum().item<float>());
        using var plain = Linear(3, 2, hasBias: false, dtype: float64);
        Assert.Null(plain.bias);
        Assert.Equal(float64, plain.weight.dtype);
    }

    /// <summary>Within the bounds, and near enough to them that they are the ones meant.</summary>
    private static void Between(Tensor values, double low, double high)
    {
        using var scope = NewDisposeScope();
        var (min, max) = (values.min().item<float>(), values.max().item<float>());
        var slack = 0.1 * (high - low);
        Assert.InRange(min, low - 1e-6, low + slack);
        Assert.InRange(max, high - slack, high + 1e-6);
    }

    private static void Moments(Tensor values, double mean, double deviation)
    {
        using var scope = NewDisposeScope();
        var error = 4 * deviation / Math.Sqrt(values.numel());
        Assert.InRange(values.mean().item<float>(), mean - error, mean + error);
        Assert.InRange(values.std().item<float>(), deviation - error, deviation + error);
    }
}
