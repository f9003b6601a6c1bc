using DasSearch.Core;
using DasSearch.Core.Spaces;

namespace DasSearch.Controller;

/// <summary>Successive halving over sets: many are scored once, the better half twice more, its better half four times more, and so on.</summary>
/// <remarks>
/// Karnin, Koren and Somekh (Almost Optimal Exploration in Multi-Armed Bandits, ICML 2013), and Jamieson and Talwalkar (AISTATS 2016).
/// A pool begins with sets drawn evenly and ends with one, the champion, who joins the next pool, since adapters have learnt in
/// the meantime. It is the choice, or before there is one the pool's best; gates are the modules' mean advantages.
/// </remarks>
public sealed class HalvingController : IController
{
    /// <summary>Its name in configurations and databases.</summary>
    public const string Name = "halving";

    private const string PoolName = "pool";
    private const string ChampionName = "champion";
    private const string RungName = "rung";
    private const string Means = "means";

    // 32 sets take 160 evaluations until one is left: a search of the paper's size has four pools.
    private const int Largest = 32;

    private readonly ControllerSettings _settings;
    private readonly ModuleMeans _means;
    private List<SetStatistics> _pool = []; // the counts and sums of this rung
    private List<SetStatistics> _champion = []; // one, or none yet
    private int _rung; // 0 while the pool is filled

    /// <summary>A controller with an empty pool.</summary>
    public HalvingController(ControllerSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _settings = settings;
        _means = new ModuleMeans(settings.Modules);
    }

    /// <inheritdoc/>
    public IReadOnlyList<Subnetwork> Propose(int count, Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        return Proposals.Distinct(_settings.Space, count, round =>
        {
            var waiting = _rung == 0
                ? _champion.Where(champion => _pool.TrueForAll(member => member.Subnetwork != champion.Subnetwork))
                : _pool.OrderBy(member => member.Count);
            return waiting.Select(member => member.Subnetwork).FirstOrDefault(set => !round.Contains(set)) ?? _settings.Space.Draw(random);
        });
    }

    /// <inheritdoc/>
    public void Observe(IReadOnlyList<Evaluation> round)
    {
        var most = (int)Math.Min(Largest, _settings.Space.Count);
        foreach (var advantage in Advantage.Of(round, _settings.Modules))
        {
            _means.Learn(advantage);
            var place = _pool.FindIndex(member => member.Subnetwork == advantage.Subnetwork);
            if (place >= 0)
            {
                _pool[place] = _pool[place].With(advantage.Value);
            }
            else if (_rung == 0 && _pool.Count < most)
            {
                _pool.Add(new SetStatistics(advantage.Subnetwork, 1, advantage.Value));
            }
        }

        if (_pool.Count > 0 && (_rung > 0 || _pool.Count == most) && _pool.TrueForAll(member => member.Count >= 1 << _rung))
        {
            Halve();
        }
    }

    /// <inheritdoc/>
    public Subnetwork Recommend() => Recommend(_settings.Space);

    /// <inheritdoc/>
    public Subnetwork Recommend(SkipSpace space)
    {
        ArgumentNullException.ThrowIfNull(space);
        var best = (_champion.Count > 0 ? _champion : _pool).MaxBy(member => member.Worth)?.Subnetwork;
        return best is not null && space.Contains(best) ? best : space.Best(_means.Values);
    }

    /// <inheritdoc/>
    public ControllerState Snapshot()
    {
        var next = _rung == 0 ? 0 : _pool.Count;
        return new ControllerState(
            Name,
            _means.Values,
            next == 0
                ? _settings.Space.Shares()
                : [.. Enumerable.Range(0, _settings.Modules).Select(i => (double)_pool.Count(member => member.Subnetwork.Contains(i)) / next)],
            new Dictionary<string, IReadOnlyList<double>>
            {
                [PoolName] = SetStatistics.Save(_pool, _settings), [ChampionName] = SetStatistics.Save(_champion, _settings), [RungName] = [_rung], [Means] = _means.Save(),
            });
    }

    /// <inheritdoc/>
    public void Restore(ControllerState state)
    {
        Rounds.CheckState(state, Name, _settings.Modules);
        _pool = SetStatistics.Load(Rounds.Remembered(state, PoolName), _settings);
        _champion = SetStatistics.Load(Rounds.Remembered(state, ChampionName), _settings);
        _rung = (int)Rounds.Remembered(state, RungName, 1)[0];
        _means.Load(Rounds.Remembered(state, Means, 2 * _settings.Modules));
    }

    // Of equals the one that came first stays.
    private void Halve()
    {
        var better = _pool.OrderByDescending(member => member.Worth).Take((_pool.Count + 1) / 2).ToList();
        if (better.Count == 1)
        {
            (_champion, _pool, _rung) = (better, [], 0);
        }
        else
        {
            (_pool, _rung) = (better.ConvertAll(member => new SetStatistics(member.Subnetwork, 0, 0)), _rung + 1);
        }
    }
}
