using DasSearch.Core;
using DasSearch.Core.Spaces;

namespace DasSearch.Controller;

/// <summary>Proposes uniformly, whatever the rewards: the baseline that any other controller has to beat.</summary>
/// <remarks>Its choice are the modules whose absence went with the best mean advantage; proposals never heed that.</remarks>
public sealed class RandomController : IController
{
    /// <summary>Its name in configurations and databases.</summary>
    public const string Name = "random";

    private const string Means = "means";

    private readonly ControllerSettings _settings;
    private readonly ModuleMeans _means;

    /// <summary>A controller that has seen nothing yet.</summary>
    public RandomController(ControllerSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _settings = settings;
        _means = new ModuleMeans(settings.Modules);
    }

    /// <inheritdoc/>
    public IReadOnlyList<Subnetwork> Propose(int count, Random random) =>
        Proposals.Distinct(_settings.Space, count, _ => _settings.Space.Draw(random));

    /// <inheritdoc/>
    public void Observe(IReadOnlyList<Evaluation> round)
    {
        foreach (var advantage in Advantage.Of(round, _settings.Modules))
        {
            _means.Learn(advantage);
        }
    }

    /// <inheritdoc/>
    public Subnetwork Recommend() => Recommend(_settings.Space);

    /// <inheritdoc/>
    public Subnetwork Recommend(SkipSpace space)
    {
        ArgumentNullException.ThrowIfNull(space);
        return space.Best(_means.Values);
    }

    /// <inheritdoc/>
    public ControllerState Snapshot() => new(
        Name,
        _means.Values,
        _settings.Space.Shares(),
        new Dictionary<string, IReadOnlyList<double>> { [Means] = _means.Save() });

    /// <inheritdoc/>
    public void Restore(ControllerState state)
    {
        Rounds.CheckState(state, Name, _settings.Modules);
        _means.Load(Rounds.Remembered(state, Means, 2 * _settings.Modules));
    }
}
