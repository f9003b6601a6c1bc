using DasSearch.Core;
using DasSearch.Core.Spaces;

namespace DasSearch.Controller;

/// <summary>Combinatorial UCB: skips the modules whose rewards could be the best, as far as what is known of each allows.</summary>
/// <remarks>
/// CUCB of Chen, Wang and Yuan (Combinatorial Multi-Armed Bandit, ICML 2013): a module's index is the mean advantage of the
/// subnetworks that skipped it plus √(3 ln t / 2 T), with t evaluations, T of which skipped it; their bound is for rewards between 0
/// and 1, here it is in units of the advantages' standard deviation. A round takes the best sets by the sum of indices; modules
/// that were never skipped come first, in an order by chance. Gates are the mean advantages.
/// </remarks>
public sealed class ComboUcbController : IController
{
    /// <summary>Its name in configurations and databases.</summary>
    public const string Name = "combucb";

    private const string Means = "means";
    private const string Totals = "totals";

    private readonly ControllerSettings _settings;
    private readonly ModuleMeans _means;
    private double _evaluations;
    private double _squares;

    /// <summary>A controller that has learnt nothing yet.</summary>
    public ComboUcbController(ControllerSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _settings = settings;
        _means = new ModuleMeans(settings.Modules);
    }

    /// <inheritdoc/>
    public IReadOnlyList<Subnetwork> Propose(int count, Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        Rounds.CheckCount(count, _settings.Space);
        var order = Enumerable.Range(0, _settings.Modules).Select(_ => random.NextDouble()).ToArray();
        var known = Indices();
        var top = known.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max();

        // A new module outweighs all known ones together.
        var scores = known.Select((index, i) => double.IsFinite(index) ? index : ((top + 1) * 2 * _settings.Modules) + order[i]).ToArray();
        return [.. _settings.Space.ByScore(scores).Take(count)];
    }

    /// <inheritdoc/>
    public void Observe(IReadOnlyList<Evaluation> round)
    {
        foreach (var advantage in Advantage.Of(round, _settings.Modules))
        {
            _evaluations++;
            _squares += advantage.Value * advantage.Value;
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
    public ControllerState Snapshot()
    {
        var scores = Indices().Select(index => double.IsFinite(index) ? index : double.MaxValue).ToArray();
        var next = _settings.Space.Best(scores);
        return new ControllerState(
            Name,
            _means.Values,
            [.. Enumerable.Range(0, _settings.Modules).Select(i => next.Contains(i) ? 1.0 : 0)],
            new Dictionary<string, IReadOnlyList<double>> { [Means] = _means.Save(), [Totals] = [_evaluations, _squares] });
    }

    /// <inheritdoc/>
    public void Restore(ControllerState state)
    {
        Rounds.CheckState(state, Name, _settings.Modules);
        var totals = Rounds.Remembered(state, Totals, 2);
        _means.Load(Rounds.Remembered(state, Means, 2 * _settings.Modules));
        (_evaluations, _squares) = (totals[0], totals[1]);
    }

    private double[] Indices()
    {
        var deviation = _evaluations > 0 ? Math.Sqrt(_squares / _evaluations) : 1;
        return [.. _means.Values.Select((mean, i) => _means.Counts[i] > 0
            ? mean + (deviation * Math.Sqrt(1.5 * Math.Log(Math.Max(_evaluations, 1)) / _means.Counts[i]))
            : double.PositiveInfinity)];
    }
}
