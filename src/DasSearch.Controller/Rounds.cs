using DasSearch.Core;
using DasSearch.Core.Spaces;

namespace DasSearch.Controller;

/// <summary>What every controller checks of the rounds and states that it is given.</summary>
internal static class Rounds
{
    /// <summary>The evaluations that count, in their order: all but the cancelled ones.</summary>
    /// <exception cref="ArgumentException">One is of another number of modules.</exception>
    internal static IReadOnlyList<Evaluation> Counted(IReadOnlyList<Evaluation> round, int modules)
    {
        ArgumentNullException.ThrowIfNull(round);
        foreach (var evaluation in round)
        {
            if (evaluation.Subnetwork.Modules != modules)
            {
                throw new ArgumentException(
                    $"Expected subnetworks of {modules} modules, got one of {evaluation.Subnetwork.Modules}.", nameof(round));
            }
        }

        return [.. round.Where(evaluation => evaluation.Credit is not null)];
    }

    /// <summary>Checks how many subnetworks a round asks for.</summary>
    /// <exception cref="ArgumentOutOfRangeException">None is asked for, or more than there are.</exception>
    internal static void CheckCount(int count, SkipSpace space)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (count > space.Count)
        {
            throw new ArgumentOutOfRangeException(nameof(count), count, $"There are only {space.Count} distinct subnetworks.");
        }
    }

    /// <summary>What a state keeps beside gates.</summary>
    /// <param name="state">The state.</param>
    /// <param name="name">What it calls that.</param>
    /// <param name="count">How many numbers that is; null for any.</param>
    /// <exception cref="ArgumentException">It does not keep that, or another number of numbers.</exception>
    internal static IReadOnlyList<double> Remembered(ControllerState state, string name, int? count = null)
    {
        if (!state.Memory.TryGetValue(name, out var numbers))
        {
            throw new ArgumentException($"The state of {state.Controller} lacks '{name}'.", nameof(state));
        }

        return count is null || numbers.Count == count
            ? numbers
            : throw new ArgumentException($"The state of {state.Controller} has {numbers.Count} numbers of '{name}', expected {count}.", nameof(state));
    }

    /// <exception cref="ArgumentException">The state is another controller's, or of another number of modules.</exception>
    internal static void CheckState(ControllerState state, string name, int modules)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.Controller != name)
        {
            throw new ArgumentException($"Expected a state of {name}, got one of {state.Controller}.", nameof(state));
        }

        if (state.Modules != modules)
        {
            throw new ArgumentException($"Expected a state of {modules} modules, got one of {state.Modules}.", nameof(state));
        }
    }
}

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
