using DasSearch.Core;
using DasSearch.Core.Spaces;

namespace DasSearch.Controller;

/// <summary>Regularised evolution: children of good sets replace the oldest ones, however good these were.</summary>
/// <remarks>
/// Real, Aggarwal, Huang and Le (Regularized Evolution for Image Classifier Architecture Search, AAAI 2019): a parent is the
/// best of a sample of the population, its child swaps one skipped module for a kept one, or as many as the space asks for. Fitness is the advantage within the round,
/// so that what was scored early, with raw adapters, can be compared with what came late. A module's gate is the share of the
/// population's better half that skips it, beyond what chance would give.
/// </remarks>
public sealed class EvolutionController : IController
{
    /// <summary>Its name in configurations and databases.</summary>
    public const string Name = "evolution";

    private const string Members = "population";

    // Real et al. have 100 and 25, of networks that take hours; a population turns over in 17 rounds of three.
    private const int Population = 50;
    private const int Sample = 10;

    private readonly ControllerSettings _settings;
    private List<SetStatistics> _population = [];

    /// <summary>A controller without a population.</summary>
    public EvolutionController(ControllerSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _settings = settings;
    }

    /// <inheritdoc/>
    public IReadOnlyList<Subnetwork> Propose(int count, Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        return Proposals.Distinct(
            _settings.Space, count, _ => _population.Count < Population ? _settings.Space.Draw(random) : Child(random));
    }

    /// <inheritdoc/>
    public void Observe(IReadOnlyList<Evaluation> round)
    {
        _population.AddRange(Advantage.Of(round, _settings.Modules).Select(entry => new SetStatistics(entry.Subnetwork, 1, entry.Value)));
        _population.RemoveRange(0, Math.Max(_population.Count - Population, 0));
    }

    /// <inheritdoc/>
    public Subnetwork Recommend() => Recommend(_settings.Space);

    /// <inheritdoc/>
    public Subnetwork Recommend(SkipSpace space)
    {
        ArgumentNullException.ThrowIfNull(space);
        return space.Best(Preferences());
    }

    /// <inheritdoc/>
    public ControllerState Snapshot()
    {
        var memory = new Dictionary<string, IReadOnlyList<double>> { [Members] = SetStatistics.Save(_population, _settings) };
        return new ControllerState(Name, Preferences(), SharesOfBetter(), memory);
    }

    /// <inheritdoc/>
    public void Restore(ControllerState state)
    {
        Rounds.CheckState(state, Name, _settings.Modules);
        _population = SetStatistics.Load(Rounds.Remembered(state, Members), _settings);
    }

    // By how much more of the population's better half than by chance each module is skipped.
    private IReadOnlyList<double> Preferences() =>
        [.. SharesOfBetter().Zip(_settings.Space.Shares(), (share, chance) => share - chance)];

    private IReadOnlyList<double> SharesOfBetter()
    {
        var better = _population.OrderByDescending(member => member.Sum).Take((_population.Count + 1) / 2).ToList();
        return better.Count == 0
            ? _settings.Space.Shares()
            : [.. Enumerable.Range(0, _settings.Modules).Select(i => (double)better.Count(member => member.Subnetwork.Contains(i)) / better.Count)];
    }

    private Subnetwork Child(Random random)
    {
        var parent = Enumerable.Range(0, Sample).Select(_ => _population[random.Next(_population.Count)]).MaxBy(member => member.Sum)!.Subnetwork;
        if (parent.Count == 0)
        {
            return parent;
        }

        // What takes the place of the one that is kept again, as long as the space has something else.
        var gone = parent.Skipped[random.Next(parent.Count)];
        var skipped = Enumerable.Range(0, parent.Modules).Select(i => i != gone && parent.Contains(i)).ToArray();
        while (true)
        {
            var grows = _settings.Space.Growable(skipped);
            var others = Enumerable.Range(0, skipped.Length).Where(i => grows[i] && i != gone).ToList();
            if (others.Count == 0)
            {
                break;
            }

            skipped[others[random.Next(others.Count)]] = true;
        }

        var child = new Subnetwork(parent.Modules, Enumerable.Range(0, skipped.Length).Where(i => skipped[i]));
        return _settings.Space.Contains(child) ? child : parent;
    }
}
