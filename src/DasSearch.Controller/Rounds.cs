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
