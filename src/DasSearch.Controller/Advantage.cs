using DasSearch.Core;

namespace DasSearch.Controller;

/// <summary>A subnetwork's reward beside the others of its round.</summary>
/// <param name="Subnetwork">The subnetwork.</param>
/// <param name="Value">Its reward less the round's mean, which takes out how far the adapters are trained.</param>
internal sealed record Advantage(Subnetwork Subnetwork, double Value)
{
    /// <summary>Those of a round's evaluations that count, in their order.</summary>
    /// <exception cref="ArgumentException">One is of another number of modules.</exception>
    internal static IReadOnlyList<Advantage> Of(IReadOnlyList<Evaluation> round, int modules) => Over(round, modules).Values;

    /// <summary>The same as shares of the round's mean, so that rounds count alike whatever adapters have learnt and however hard a batch is.</summary>
    /// <remarks>For a reward exp(−loss) they are, but for what is small, differences of losses.</remarks>
    /// <exception cref="ArgumentException">One is of another number of modules.</exception>
    internal static IReadOnlyList<Advantage> SharesOf(IReadOnlyList<Evaluation> round, int modules)
    {
        var (values, baseline) = Over(round, modules);
        return baseline > 0 ? [.. values.Select(advantage => advantage with { Value = advantage.Value / baseline })] : values;
    }

    private static (IReadOnlyList<Advantage> Values, double Baseline) Over(IReadOnlyList<Evaluation> round, int modules)
    {
        var counted = Rounds.Counted(round, modules);
        if (counted.Count == 0)
        {
            return ([], 0);
        }

        // As distances from the first, so that equal rewards have exactly that mean and large ones do not overflow.
        var first = counted[0].Credit!.Value;
        var baseline = first + counted.Sum(evaluation => (evaluation.Credit!.Value - first) / counted.Count);
        return ([.. counted.Select(evaluation => new Advantage(evaluation.Subnetwork, evaluation.Credit!.Value - baseline))], baseline);
    }
}
