using DasSearch.Core;

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
