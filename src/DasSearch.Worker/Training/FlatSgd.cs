using DasSearch.Worker.Networks;

namespace DasSearch.Worker.Training;

/// <summary>Gradient descent with momentum and decay of weights, as in PyTorch's SGD: v ← μ v + g + λ w, w ← w − η v.</summary>
/// <param name="groups">What is trained; no parameter twice.</param>
/// <param name="momentum">μ.</param>
/// <param name="addsUp">Whether gradients of several batches are added up for a step.</param>
internal sealed class FlatSgd(IEnumerable<ParameterGroup> groups, double momentum, bool addsUp = false)
    : FlatOptimizer(groups, ["momentum_buffer"], addsUp)
{
    private protected override void Change(Buffers group, double rate, long steps, HeldScalars numbers)
    {
        var velocity = group.Moments[0].mul_(numbers.Of(momentum)).add_(group.Gradient);
        if (group.Of.WeightDecay != 0)
        {
            velocity.add_(group.Weight, numbers.Of(group.Of.WeightDecay));
        }

        group.Weight.add_(velocity, numbers.Of(-rate));
    }
}
