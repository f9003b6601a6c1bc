using DasSearch.Core.Configuration;

namespace DasSearch.Controller;

/// <summary>The controllers by name: a new one is one file and one line here.</summary>
public static class ControllerTable
{
    private static readonly (string Name, Func<ControllerSettings, IController> Create)[] All =
    [
        (DasController.Name, settings => new DasController(settings)),
        (RandomController.Name, settings => new RandomController(settings)),
        (GreedyController.Name, settings => new GreedyController(settings)),
        (EvolutionController.Name, settings => new EvolutionController(settings)),
        (ThompsonController.Name, settings => new ThompsonController(settings)),
        (ComboUcbController.Name, settings => new ComboUcbController(settings)),
        (HalvingController.Name, settings => new HalvingController(settings)),
        (ExhaustiveController.Name, settings => new ExhaustiveController(settings)),
    ];

    /// <summary>The names that <c>controller.name</c> may have.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(entry => entry.Name)];

    /// <summary>A fresh controller.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="settings">What it is built from.</param>
    /// <exception cref="ConfigException">There is no controller of that name; the message lists those there are.</exception>
    public static IController Create(string name, ControllerSettings settings)
    {
        foreach (var entry in All)
        {
            if (entry.Name == name)
            {
                return entry.Create(settings);
            }
        }

        throw new ConfigException("controller.name", $"must be one of {string.Join(", ", Names)}, not '{name}'");
    }

    /// <summary>A fresh controller that is to learn from rounds of so many candidates.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="settings">What it is built from.</param>
    /// <param name="candidates">How many subnetworks a round scores.</param>
    /// <exception cref="ConfigException">There is no controller of that name, or it can learn nothing from such rounds.</exception>
    public static IController Create(string name, ControllerSettings settings, int candidates)
    {
        var controller = Create(name, settings);
        return candidates >= controller.LeastCandidates
            ? controller
            : throw new ConfigException(
                "controller.candidates",
                $"must be at least {controller.LeastCandidates} for {name}, which compares the candidates of a round with each other, not {candidates}"
                + (settings.Space.Count < controller.LeastCandidates ? "; there is but one subnetwork to choose, and so nothing to search" : ""));
    }
}
