using DasSearch.Core;

namespace DasSearch.Controller;

/// <summary>Proposes uniformly and never learns: the baseline that any other controller has to beat.</summary>
public sealed class RandomController : IController
{
    /// <summary>Its name in configurations and databases.</summary>
    public const string Name = "random";

    private readonly ControllerSettings _settings;

    /// <summary>A controller that will never know more than now.</summary>
    public RandomController(ControllerSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _settings = settings;
    }

    /// <inheritdoc/>
    public IReadOnlyList<Subnetwork> Propose(int count, Random random) =>
        Proposals.Distinct(_settings.Space, count, _ => _settings.Space.Draw(random));

    /// <inheritdoc/>
    public void Observe(IReadOnlyList<Evaluation> round) => Rounds.Counted(round, _settings.Modules);

    /// <inheritdoc/>
    public ControllerState Snapshot() => new(Name, new double[_settings.Modules], _settings.Space.Shares());

    /// <inheritdoc/>
    public void Restore(ControllerState state) => Rounds.CheckState(state, Name, _settings.Modules);
}
