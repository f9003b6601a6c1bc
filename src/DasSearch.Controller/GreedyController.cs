using DasSearch.Core;
using DasSearch.Core.Spaces;

namespace DasSearch.Controller;

/// <summary>Backward elimination: settles for the module that is missed least, then for the next one in its absence, and so on.</summary>
/// <remarks>
/// While some modules are settled, every subnetwork skips these and as many others as it takes, in turn; once each of the others
/// has been skipped often enough, the one with the best mean advantage is settled. With m settled it begins anew, since
/// adapters have learnt in the meantime; what the last pass settled on is the choice until the next one is through. Gates are the
/// modules' mean advantages ever. This is the
/// stepwise selection of regression (Efroymson 1960), with subnetworks always of the size that is asked for.
/// </remarks>
public sealed class GreedyController : IController
{
    /// <summary>Its name in configurations and databases.</summary>
    public const string Name = "greedy";

    private const string SettledNow = "settled";
    private const string SettledLast = "last";
    private const string Means = "means";
    private const string MeansEver = "ever";

    // So many evaluations each before one is settled: with 3 candidates, 4 of 12 are settled after some 60 rounds.
    private const int Enough = 12;

    private readonly ControllerSettings _settings;
    private List<int> _settled = [];
    private List<int> _last = [];
    private ModuleMeans _means; // since the last one was settled
    private ModuleMeans _ever;

    /// <summary>A controller that has settled for nothing yet.</summary>
    public GreedyController(ControllerSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _settings = settings;
        _means = new ModuleMeans(settings.Modules);
        _ever = new ModuleMeans(settings.Modules);
    }

    /// <inheritdoc/>
    public IReadOnlyList<Subnetwork> Propose(int count, Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        return Proposals.Distinct(_settings.Space, count, round =>
        {
            // Those that were skipped least, in this round, too; of equals by chance.
            var order = Enumerable.Range(0, _settings.Modules)
                .Select(i => (Module: i, Times: _means.Counts[i] + round.Count(set => set.Contains(i)), Chance: random.NextDouble()))
                .OrderBy(entry => entry.Times).ThenBy(entry => entry.Chance)
                .Select(entry => entry.Module)
                .ToList();
            var chosen = _settled.ToList();
            while (order.FindIndex(Others(chosen).Contains) is >= 0 and var place)
            {
                chosen.Add(order[place]);
            }

            return new Subnetwork(_settings.Modules, chosen);
        });
    }

    /// <inheritdoc/>
    public void Observe(IReadOnlyList<Evaluation> round)
    {
        foreach (var advantage in Advantage.Of(round, _settings.Modules))
        {
            _means.Learn(advantage);
            _ever.Learn(advantage);
        }

        var others = Others(_settled);
        if (others.Count > 0 && others.All(i => _means.Counts[i] >= Enough))
        {
            var values = _means.Values;
            _settled.Add(others.OrderByDescending(i => values[i]).ThenByDescending(i => i).First());
            _means = new ModuleMeans(_settings.Modules);
            if (Others(_settled).Count == 0)
            {
                (_last, _settled) = (_settled, []);
            }
        }
    }

    /// <inheritdoc/>
    public Subnetwork Recommend() => Recommend(_settings.Space);

    /// <inheritdoc/>
    public Subnetwork Recommend(SkipSpace space)
    {
        ArgumentNullException.ThrowIfNull(space);
        var (settled, worth, skipped) = (_last.Count > 0 ? _last : _settled, _ever.Values, new bool[_settings.Modules]);

        // The sooner settled, the more redundant; the rest by all that was ever seen of them, as far as the space lets them come together.
        var rest = Enumerable.Range(0, _settings.Modules).Except(settled).OrderByDescending(i => worth[i]).ThenByDescending(i => i);
        foreach (var i in settled.Concat(rest))
        {
            skipped[i] = space.Growable(skipped)[i];
        }

        return new Subnetwork(_settings.Modules, Enumerable.Range(0, _settings.Modules).Where(i => skipped[i]));
    }

    /// <inheritdoc/>
    public ControllerState Snapshot()
    {
        var others = Others(_settled);
        var share = others.Count > 0 ? (double)Math.Max(_settings.Space.MostSkipped - _settled.Count, 1) / others.Count : 0;
        return new ControllerState(
            Name,
            _ever.Values,
            [.. Enumerable.Range(0, _settings.Modules).Select(i => _settled.Contains(i) ? 1 : others.Contains(i) ? Math.Min(share, 1) : 0)],
            new Dictionary<string, IReadOnlyList<double>>
            {
                [SettledNow] = [.. _settled.Select(i => (double)i)],
                [SettledLast] = [.. _last.Select(i => (double)i)],
                [Means] = _means.Save(),
                [MeansEver] = _ever.Save(),
            });
    }

    /// <inheritdoc/>
    public void Restore(ControllerState state)
    {
        Rounds.CheckState(state, Name, _settings.Modules);
        var (means, ever) = (new ModuleMeans(_settings.Modules), new ModuleMeans(_settings.Modules));
        means.Load(Rounds.Remembered(state, Means, 2 * _settings.Modules));
        ever.Load(Rounds.Remembered(state, MeansEver, 2 * _settings.Modules));
        (_settled, _last, _means, _ever) = (Modules(SettledNow), Modules(SettledLast), means, ever);

        List<int> Modules(string name) => [.. Rounds.Remembered(state, name).Select(i => (int)i)];
    }

    // What can be skipped beside some others.
    private List<int> Others(List<int> skipped)
    {
        var grows = _settings.Space.Growable([.. Enumerable.Range(0, _settings.Modules).Select(skipped.Contains)]);
        return [.. Enumerable.Range(0, _settings.Modules).Where(i => grows[i])];
    }
}
