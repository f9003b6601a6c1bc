using DasSearch.Core;
using DasSearch.Core.Configuration;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace DasSearch.Worker.Distillation;

/// <summary>The two terms of PELA's loss (arXiv:2310.10700, eq. 4 to 6).</summary>
internal static class PelaLoss
{
    /// <summary>L_fd of one pass: a scalar.</summary>
    /// <param name="student">What each layer gave, [batch, tokens, width].</param>
    /// <param name="teacher">The same of the original, without a graph.</param>
    internal static Tensor Features(FeatureForm form, IReadOnlyList<Tensor> student, IReadOnlyList<Tensor> teacher)
    {
        using var scope = NewDisposeScope();
        var layers = student.Zip(teacher, (own, other) => form == FeatureForm.Code
            ? F.mse_loss(own, other)
            : (own - other).square().sum([1L, 2]).mean() / 2);
        return stack(layers.ToList()).mean().MoveToOuterDisposeScope();
    }

    /// <summary>L_rwp: a scalar.</summary>
    /// <param name="epsilon">ε, the perturbation that is allowed.</param>
    /// <param name="layers">The factors of each Linear, and its weight as it was.</param>
    internal static Tensor Perturbation(PerturbationForm form, double epsilon, IEnumerable<FactorisedWeight> layers)
    {
        using var scope = NewDisposeScope();
        var over = stack(layers.Select(static layer => (layer.Second.matmul(layer.First) - layer.Original).abs().max()).ToList()) - epsilon;
        var loss = form switch
        {
            PerturbationForm.Code => over.square().mean(),
            PerturbationForm.Paper => over.sum(),
            PerturbationForm.Hinge => over.relu().square().mean(),
            _ => throw new DasSearchException($"there is no {form} form of the perturbation's loss"),
        };
        return loss.MoveToOuterDisposeScope();
    }
}

/// <summary>A Linear's weight as two factors.</summary>
/// <param name="First">[rank, in].</param>
/// <param name="Second">[out, rank].</param>
/// <param name="Original">[out, in], what their product is to be near.</param>
internal sealed record FactorisedWeight(Tensor First, Tensor Second, Tensor Original);
