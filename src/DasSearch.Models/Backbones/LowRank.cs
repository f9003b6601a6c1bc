using DasSearch.Models.Checkpoints;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasSearch.Models.Backbones;

/// <summary>A Linear as two of a low rank, the first without bias: W₁ (W₀ x) + b; [*, in] to [*, out].</summary>
/// <remarks>PELA (arXiv:2310.10700, eq. 1 to 3). Named 0 and 1 within the Linear's own name, as in the authors' code.</remarks>
internal sealed class LowRankLinear : nn.Module<Tensor, Tensor>
{
    private readonly Linear[] _layers; // in an array, they have no other names than those that they are registered by

    internal LowRankLinear(long width, long result, long rank, Device device)
        : base(nameof(LowRankLinear))
    {
        _layers = [nn.Linear(width, rank, hasBias: false, device: device), nn.Linear(rank, result, device: device)];
        register_module("0", _layers[0]);
        register_module("1", _layers[1]);
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return Layers.Apply(_layers[1], Layers.Apply(_layers[0], input)).MoveToOuterDisposeScope();
    }

    /// <summary>Some rows of the result alone.</summary>
    internal Tensor Rows(Tensor input, long from, long count)
    {
        using var scope = NewDisposeScope();
        return Layers.ApplyRows(_layers[1], Layers.Apply(_layers[0], input), from, count).MoveToOuterDisposeScope();
    }
}

/// <summary>What Linears of a low rank have, cost and approximate: PELA's factors (arXiv:2310.10700, section 3.1).</summary>
public static class LowRank
{
    internal const string First = ".0.weight";
    internal const string Second = ".1.weight";

    /// <summary>⌊in · out / (κ (in + out))⌋: the rank at which a Linear's parameters and multiply-accumulates are a κth.</summary>
    public static int RankOf(long width, long result, double kappa) => (int)Math.Floor(width * result / (kappa * (width + result)));

    /// <summary>Parameters of a Linear with its bias.</summary>
    /// <param name="rank">Its rank; null for a full one.</param>
    public static long Parameters(long width, long result, int? rank) => MultiplyAccumulates(1, width, result, rank) + result;

    /// <summary>Multiply-accumulates of a Linear on so many tokens: n · in · out, or n · r · (in + out).</summary>
    /// <param name="rank">Its rank; null for a full one.</param>
    public static long MultiplyAccumulates(long tokens, long width, long result, int? rank) =>
        tokens * (rank is { } low ? low * (width + result) : width * result);

    /// <summary>Its parameters by their names in checkpoints.</summary>
    /// <param name="rank">Its rank; null for a full one.</param>
    internal static IEnumerable<ParameterShape> Shapes(string name, long width, long result, int? rank) => rank is { } low
        ? [new(name + First, [low, width]), new(name + Second, [result, low]), new(BiasOf(name, rank), [result])]
        : [new(name + ".weight", [result, width]), new(BiasOf(name, rank), [result])];

    /// <summary>What its bias is called.</summary>
    internal static string BiasOf(string name, int? rank) => name + (rank is null ? ".bias" : ".1.bias");

    /// <summary>The ranks of those Linears that a checkpoint has as two, by name.</summary>
    internal static IReadOnlyDictionary<string, int> RanksOf(CheckpointSource source, IEnumerable<string> linears)
    {
        var ranks = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var name in linears.Where(name => source.Shapes.ContainsKey(name + First)))
        {
            ranks[name] = !source.Shapes.ContainsKey(name + ".weight")
                ? (int)source.Shape(name + First, 2)[0]
                : throw source.Wrong($"has both {name}.weight and {name}{First}, expected a Linear or its two factors");
        }

        return ranks;
    }

    /// <summary>The best approximation of a rank, as two factors whose norms are alike: W ≈ W₁ W₀.</summary>
    /// <remarks>Wᵀ = U Σ Vᵀ; W₀ = (U Σ^½)ᵀ and W₁ = (Σ^½ Vᵀ)ᵀ, of the largest singular values. Computed in float64 whatever the weight's type.</remarks>
    /// <param name="weight">[out, in].</param>
    public static LowRankFactors Factorise(Tensor weight, int rank)
    {
        ArgumentNullException.ThrowIfNull(weight);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rank);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rank, Math.Min(weight.size(0), weight.size(1)));
        using var unrecorded = no_grad();
        using var scope = NewDisposeScope();
        var (u, values, v) = linalg.svd(weight.detach().to(ScalarType.Float64).t(), fullMatrices: false);
        var root = values.narrow(0, 0, rank).sqrt();
        var first = (u.narrow(1, 0, rank) * root).t().to(weight.dtype).contiguous();
        var second = (root.unsqueeze(1) * v.narrow(0, 0, rank)).t().to(weight.dtype).contiguous();
        return new LowRankFactors(first.MoveToOuterDisposeScope(), second.MoveToOuterDisposeScope());
    }
}

/// <summary>The factors of a Linear's weight.</summary>
/// <param name="First">[rank, in].</param>
/// <param name="Second">[out, rank].</param>
public sealed record LowRankFactors(Tensor First, Tensor Second);
