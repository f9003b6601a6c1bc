using DasSearch.Worker.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasSearch.Worker.Tests.Training;

public sealed class FlatOptimizerTests : IDisposable
{
    private const double LearningRate = 1e-2;

    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Step_TwoHundredTimes_EqualsTorchSharpsAdamW()
    {
        var (mine, theirs) = (Parameters(), Parameters());
        using var flat = Flat(mine, isAdamW: true);
        using var reference = optim.AdamW(
            [
                new AdamW.ParamGroup(theirs[..2], LearningRate, 0.9, 0.98, 1e-8, weight_decay: 0.1),
                new AdamW.ParamGroup(theirs[2..], 10 * LearningRate, 0.9, 0.98, 1e-8, weight_decay: 0),
            ]);
        AssertAlike(flat, mine, reference, theirs);
    }

    [Fact]
    public void Step_TwoHundredTimes_EqualsTorchSharpsSgd()
    {
        var (mine, theirs) = (Parameters(), Parameters());
        using var flat = Flat(mine, isAdamW: false);
        using var reference = optim.SGD(
            [
                new SGD.ParamGroup(theirs[..2], LearningRate, momentum: 0.9, weight_decay: 0.1),
                new SGD.ParamGroup(theirs[2..], 10 * LearningRate, momentum: 0.9, weight_decay: 0),
            ],
            LearningRate);
        AssertAlike(flat, mine, reference, theirs);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void State_CopiedAfterSomeSteps_GoesOnBitForBit(bool isAdamW)
    {
        var (whole, resumed) = (Parameters(), Parameters());
        using var first = Flat(whole, isAdamW);
        Learn(first, whole, 0, 7);
        using (var interrupted = Flat(resumed, isAdamW))
        {
            Learn(interrupted, resumed, 0, 4);
            var anew = Parameters();
            using var second = Flat(anew, isAdamW);
            using (no_grad())
            {
                foreach (var (to, from) in anew.Zip(resumed))
                {
                    to.copy_(from);
                }

                foreach (var (name, from) in interrupted.State())
                {
                    second.State()[name].copy_(from);
                }
            }

            Learn(second, anew, 4, 7);
            Assert.All(whole.Zip(anew), pair => Assert.Equal(pair.First.bytes.ToArray(), pair.Second.bytes.ToArray()));
        }
    }

    [Fact]
    public void Step_OfAParameterThatIsNotUsed_MovesItByMomentumOnceItWas()
    {
        var parameters = Parameters();
        using var flat = Flat(parameters, isAdamW: true);
        var start = parameters[2].detach().clone();
        flat.Step(LearningRate);
        Assert.Equal(start.bytes.ToArray(), parameters[2].bytes.ToArray()); // no gradient yet, no decay

        flat.ZeroGradients();
        parameters[2].sum().backward();
        flat.Step(LearningRate);
        var used = parameters[2].detach().clone();
        flat.ZeroGradients();
        parameters[3].sum().backward();
        flat.Step(LearningRate);
        Assert.False(parameters[2].allclose(used, atol: 1e-4));
    }

    private static void AssertAlike(FlatOptimizer flat, Parameter[] mine, optim.Optimizer reference, Parameter[] theirs)
    {
        foreach (var parameter in theirs)
        {
            parameter.grad = zeros_like(parameter);
        }

        for (var step = 0; step < 200; step++)
        {
            var rate = LearningRate * (200 - step) / 200;
            foreach (var (group, multiplier) in reference.ParamGroups.Zip([1, 10]))
            {
                group.LearningRate = rate * multiplier;
            }

            foreach (var parameter in theirs)
            {
                parameter.grad!.zero_();
            }

            flat.ZeroGradients();
            Loss(mine, step).backward();
            Loss(theirs, step).backward();
            flat.ClipGradients(0.5);
            nn.utils.clip_grad_norm_(theirs, 0.5);
            flat.Step(rate);
            reference.step();
        }

        Assert.All(mine.Zip(theirs), pair => Assert.True(pair.First.allclose(pair.Second, rtol: 0, atol: 1e-6)));
        Assert.False(mine[0].allclose(Parameters()[0], atol: 1e-2));
    }

    private static void Learn(FlatOptimizer optimizer, Parameter[] parameters, int from, int until)
    {
        for (var step = from; step < until; step++)
        {
            optimizer.ZeroGradients();
            Loss(parameters, step).backward();
            optimizer.Step(LearningRate);
        }
    }

    private static FlatOptimizer Flat(Parameter[] parameters, bool isAdamW)
    {
        ParameterGroup[] groups = [new(parameters[..2], 1, 0.1), new(parameters[2..], 10, 0)];
        return isAdamW ? new FlatAdamW(groups, 0.9, 0.98, 1e-8) : new FlatSgd(groups, momentum: 0.9);
    }

    // In every third step the last one has no part.
    private static Tensor Loss(Parameter[] parameters, int step)
    {
        var hidden = (parameters[0] + parameters[1]).tanh().mv(parameters[2]);
        return (hidden - step % 5).square().mean() + (step % 3 == 0 ? 0 : parameters[3].square().sum());
    }

    private static Parameter[] Parameters()
    {
        manual_seed(3);
        return [new Parameter(randn(6, 4)), new Parameter(randn(4)), new Parameter(randn(4)), new Parameter(randn(2, 3))];
    }
}
