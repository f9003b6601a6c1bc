using DasSearch.Core;
using DasSearch.Core.Spaces;

namespace DasSearch.Controller;

/// <summary>Thompson sampling over sets: draws what skipping is worth from what is known, and skips what is best by that draw.</summary>
/// <remarks>
/// Thompson (Biometrika 25, 1933), for sets as in Wen, Kveton and Ashkan (Efficient Learning in Large-Scale Combinatorial
/// Semi-Bandits, ICML 2015, CombLinTS), with the linear model of <see cref="PairwiseLinearModel"/>, pairs of modules included: each
/// subnetwork of a round has a draw of its own. The choice is the subnetwork of the highest expected reward. A
/// gate is a share of the reward: by what subnetworks that skip the module are expected to be better, on average, than those that keep it.
/// </remarks>
public sealed class ThompsonController : IController
{
    /// <summary>Its name in configurations and databases.</summary>
    public const string Name = "thompson";

    private const string Model = "model";

    // For the probabilities that a snapshot shows; no proposal depends on them.
    private const int Draws = 100;

    private readonly ControllerSettings _settings;
    private readonly PairwiseLinearModel _model;

    /// <summary>A controller that has learnt nothing yet.</summary>
    public ThompsonController(ControllerSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _settings = settings;
        _model = new PairwiseLinearModel(settings.Space);
    }

    /// <inheritdoc/>
    public IReadOnlyList<Subnetwork> Propose(int count, Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        Rounds.CheckCount(count, _settings.Space);
        if (_settings.Modules == 0)
        {
            return [Subnetwork.Whole(0)];
        }

        var known = _model.Now();
        var proposals = new List<Subnetwork>(count);
        while (proposals.Count < count)
        {
            proposals.Add(known.Best(known.Draw(random), proposals));
        }

        return proposals;
    }

    /// <inheritdoc/>
    public void Observe(IReadOnlyList<Evaluation> round) => _model.Learn(round);

    /// <inheritdoc/>
    public Subnetwork Recommend() => Recommend(_settings.Space);

    /// <inheritdoc/>
    public Subnetwork Recommend(SkipSpace space)
    {
        ArgumentNullException.ThrowIfNull(space);
        return _settings.Modules == 0 ? Subnetwork.Whole(0) : _model.Now().Best(space);
    }

    /// <inheritdoc/>
    public ControllerState Snapshot()
    {
        if (_settings.Modules == 0)
        {
            return new ControllerState(Name, [], []);
        }

        var known = _model.Now();
        var (random, drawn) = (SeededRandom.Derive(0, "thompson/probabilities"), new int[_settings.Modules]);
        for (var draw = 0; draw < Draws; draw++)
        {
            foreach (var i in known.Best(known.Draw(random), []).Skipped)
            {
                drawn[i]++;
            }
        }

        var memory = new Dictionary<string, IReadOnlyList<double>> { [Model] = _model.Save() };
        return new ControllerState(Name, known.Marginals(), [.. drawn.Select(times => (double)times / Draws)], memory);
    }

    /// <inheritdoc/>
    public void Restore(ControllerState state)
    {
        Rounds.CheckState(state, Name, _settings.Modules);
        if (_settings.Modules > 0)
        {
            _model.Load(Rounds.Remembered(state, Model));
        }
    }
}
