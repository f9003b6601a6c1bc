using DasSearch.Core;
using MathNet.Numerics.Distributions;

namespace DasSearch.Controller;

/// <summary>Ends a search once its choice is, but for a stated chance, as good as the best m modules to skip.</summary>
/// <remarks>
/// <para>The (ε, m, δ) problem of best-arm identification (Kalyanakrishnan, Tewari, Auer and Stone, PAC Subset Selection in
/// Stochastic Multi-armed Bandits, ICML 2012), answered from the posterior as in Russo (Simple Bayesian Algorithms for Best Arm
/// Identification, COLT 2016), which holds at whatever round one looks: effects are drawn from what <see cref="PairwiseLinearModel"/> knows
/// of them, the noise with them, and a draw counts against the choice where its best set has over ε more reward, as a share of the
/// round's mean: rewards grow as adapters learn, and of one task are hundreds of times those of another.</para>
/// <para>What δ rests on: these shares are a sum of what each skipped module and each pair of them adds, with a level of each round's
/// own; noise is normal; before any reward, modules' effects are of the noise's size, and those of pairs of that or any size below, which
/// rewards tell. Where there are more than <see cref="PairwiseLinearModel.MostListed"/> subnetworks, pairs are left out, and it is wrong more often
/// where they matter. It judges any controller's choice.</para>
/// </remarks>
public sealed class StopRule
{
    // So many draws beyond the bound are expected at δ, so that its own error is a tenth of it.
    private const int Beyond = 100;
    private const int FewestDraws = 1000;
    private const int MostDraws = 20_000;

    // Draws end early once it is clear that the error is above δ: by so many standard deviations, after as many draws at least.
    private const int FirstDraws = 100;
    private const double Clear = 4;

    private readonly ControllerSettings _settings;
    private readonly PairwiseLinearModel _model;
    private readonly int _draws;
    private int _rounds;

    /// <summary>A rule that has seen nothing yet.</summary>
    /// <param name="settings">How many modules there are and are skipped.</param>
    /// <param name="error">δ, above 0 and below 1.</param>
    /// <param name="tolerance">ε, a share of the reward; at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public StopRule(ControllerSettings settings, double error, double tolerance)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(error);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(error, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(tolerance);
        (_settings, Error, Tolerance) = (settings, error, tolerance);
        _model = new PairwiseLinearModel(settings.Space);
        _draws = (int)Math.Clamp(Beyond / error, FewestDraws, MostDraws);
        Certainty = Judge(settings.Space.Best(new double[settings.Modules]));
    }

    /// <summary>δ.</summary>
    public double Error { get; }

    /// <summary>ε.</summary>
    public double Tolerance { get; }

    /// <summary>What is known by now.</summary>
    public Certainty Certainty { get; private set; }

    /// <summary>After how many rounds of so many candidates it can be sure at the earliest; null where it never can.</summary>
    public int? FewestRounds(int candidates) => _settings.Space.Count == 1 ? 0 : BayesianRegression.RoundsTo(_settings.Modules, candidates);

    /// <summary>Whether that is enough to end the search.</summary>
    public bool IsSure => Certainty.Error <= Error;

    /// <summary>Learns from a round, and judges what the controller then chooses.</summary>
    /// <exception cref="ArgumentException">It is of another number of modules.</exception>
    public void Observe(Round round)
    {
        ArgumentNullException.ThrowIfNull(round);
        _rounds++;
        _model.Learn(round.Evaluations);
        Certainty = Judge(round.ChoiceIn(_settings.Space));
    }

    private Certainty Judge(Subnetwork choice)
    {
        if (_settings.Space.Count == 1)
        {
            return new Certainty(choice, _rounds, 0, _settings.Space.Shares());
        }

        // Fewer comparisons than modules leave the noise open.
        if (_model.Comparisons < _settings.Modules)
        {
            return new Certainty(choice, _rounds, 1, _settings.Space.Shares());
        }

        var known = _model.Now();
        var random = SeededRandom.Derive(0, "stop", _rounds);
        var (wrong, draws, among) = (0, 0, new int[choice.Modules]);
        while (draws < _draws && !IsClearlyAbove(wrong, draws))
        {
            draws++;
            var effects = known.Draw(random, Math.Sqrt(_model.Comparisons / ChiSquared.Sample(random, _model.Comparisons)));
            var best = known.Best(effects, []);
            foreach (var i in best.Skipped)
            {
                among[i]++;
            }

            wrong += known.Reward(best, effects) - known.Reward(choice, effects) > Tolerance ? 1 : 0;
        }

        return new Certainty(choice, _rounds, (double)wrong / draws, [.. among.Select(times => (double)times / draws)]);
    }

    private bool IsClearlyAbove(int wrong, int draws) =>
        draws >= FirstDraws && wrong - (Error * draws) > Clear * Math.Sqrt(Error * (1 - Error) * draws);
}

/// <summary>How sure the rewards so far make of a choice.</summary>
/// <param name="Choice">The choice.</param>
/// <param name="Rounds">Rounds that were seen.</param>
/// <param name="Error">How likely it is that another subnetwork of its size has more reward by over the tolerance.</param>
/// <param name="Chances">How likely each module is among the best to skip, by their number in the choice: [n].</param>
public sealed record Certainty(Subnetwork Choice, int Rounds, double Error, IReadOnlyList<double> Chances)
{
    // What is likelier than that, further rounds would hardly change.
    private const double Settled = 0.95;

    /// <summary>Chosen modules that further rounds could bring back, the likeliest first.</summary>
    public IReadOnlyList<int> Uncertain => [.. Choice.Skipped.Where(i => Chances[i] < Settled).OrderBy(i => Chances[i])];

    /// <summary>Modules that further rounds could choose instead, the likeliest first.</summary>
    public IReadOnlyList<int> Challengers =>
        [.. Enumerable.Range(0, Chances.Count).Where(i => !Choice.Contains(i) && Chances[i] > 1 - Settled).OrderByDescending(i => Chances[i])];
}
