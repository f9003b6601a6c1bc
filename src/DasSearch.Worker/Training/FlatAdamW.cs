using DasSearch.Worker.Networks;

namespace DasSearch.Worker.Training;

/// <summary>AdamW: Loshchilov and Hutter, arXiv:1711.05101, algorithm 2, as in PyTorch's.</summary>
/// <param name="groups">What is trained; no parameter twice.</param>
/// <param name="beta1">β₁.</param>
/// <param name="beta2">β₂.</param>
/// <param name="epsilon">ε, added to the root of the second moment.</param>
/// <param name="addsUp">Whether gradients of several batches are added up for a step.</param>
internal sealed class FlatAdamW(IEnumerable<ParameterGroup> groups, double beta1, double beta2, double epsilon, bool addsUp = false)
    : FlatOptimizer(groups, ["exp_avg", "exp_avg_sq"], addsUp)
{
    private protected override void Change(Buffers group, double rate, long steps, HeldScalars numbers)
    {
        var (mean, square) = (group.Moments[0], group.Moments[1]);
        if (group.Of.WeightDecay != 0)
        {
            group.Weight.mul_(numbers.Of(1 - (rate * group.Of.WeightDecay)));
        }

        mean.mul_(numbers.Of(beta1)).add_(group.Gradient, numbers.Of(1 - beta1));
        square.mul_(numbers.Of(beta2)).addcmul_(group.Gradient, group.Gradient, numbers.Of(1 - beta2));
        var root = square.sqrt().div_(numbers.Of(Math.Sqrt(1 - Math.Pow(beta2, steps)))).add_(numbers.Of(epsilon));
        group.Weight.addcdiv_(mean, root, numbers.Of(-rate / (1 - Math.Pow(beta1, steps))));
    }
}
