using DasSearch.Core;
using DasSearch.Core.Spaces;

namespace DasSearch.Controller;

/// <summary>Scores every set equally often: what a search with all the time in the world would do.</summary>
/// <remarks>The sets that were scored least come next, of equals by chance. Gates are the modules' mean advantages; the choice is the best set.</remarks>
public sealed class ExhaustiveController : IController
{
    /// <summary>Its name in configurations and databases.</summary>
    public const string Name = "exhaustive";

    private const string Sets = "sets";
    private const string Means = "means";

    // Its memory is stored with every round; C(12, 6) is 924.
    private const int MostSets = 4096;

    private readonly ControllerSettings _settings;
    private readonly ModuleMeans _means;
    private Dictionary<Subnetwork, SetStatistics> _records = [];

    /// <summary>A controller that has scored nothing yet.</summary>
    /// <exception cref="Core.Configuration.ConfigException">There are too many sets.</exception>
    public ExhaustiveController(ControllerSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.Space.Count is > MostSets and var sets)
        {
            throw new Core.Configuration.ConfigException(
                "controller.name", $"cannot be {Name} where {sets} subnetworks may be proposed: at most {MostSets} can be listed");
        }

        _settings = settings;
        _means = new ModuleMeans(settings.Modules);
    }

    /// <inheritdoc/>
    public IReadOnlyList<Subnetwork> Propose(int count, Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        Rounds.CheckCount(count, _settings.Space);
        return
        [
            .. _settings.Space.All()
                .Select(set => (Set: set, Times: _records.GetValueOrDefault(set)?.Count ?? 0, Chance: random.NextDouble()))
                .OrderBy(entry => entry.Times).ThenBy(entry => entry.Chance)
                .Take(count)
                .Select(entry => entry.Set),
        ];
    }

    /// <inheritdoc/>
    public void Observe(IReadOnlyList<Evaluation> round)
    {
        foreach (var advantage in Advantage.Of(round, _settings.Modules))
        {
            _means.Learn(advantage);
            _records[advantage.Subnetwork] =
                (_records.GetValueOrDefault(advantage.Subnetwork) ?? new SetStatistics(advantage.Subnetwork, 0, 0)).With(advantage.Value);
        }
    }

    /// <inheritdoc/>
    public Subnetwork Recommend() => Recommend(_settings.Space);

    /// <inheritdoc/>
    public Subnetwork Recommend(SkipSpace space)
    {
        ArgumentNullException.ThrowIfNull(space);
        return Records().MaxBy(record => record.Worth) is { Subnetwork: var best } && space.Contains(best) ? best : space.Best(_means.Values);
    }

    /// <inheritdoc/>
    public ControllerState Snapshot()
    {
        var memory = new Dictionary<string, IReadOnlyList<double>> { [Sets] = SetStatistics.Save(Records(), _settings), [Means] = _means.Save() };
        return new ControllerState(Name, _means.Values, _settings.Space.Shares(), memory);
    }

    /// <inheritdoc/>
    public void Restore(ControllerState state)
    {
        Rounds.CheckState(state, Name, _settings.Modules);
        _records = SetStatistics.Load(Rounds.Remembered(state, Sets), _settings).ToDictionary(record => record.Subnetwork);
        _means.Load(Rounds.Remembered(state, Means, 2 * _settings.Modules));
    }

    private IReadOnlyList<SetStatistics> Records() => [.. _records.Values.OrderBy(record => record.Subnetwork)];
}
