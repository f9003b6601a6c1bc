using DasSearch.Core;
using DasSearch.Core.Spaces;
using MathNet.Numerics.Distributions;

namespace DasSearch.Controller;

/// <summary>What the rewards of a search predict of any subnetwork that it might have proposed.</summary>
/// <remarks>
/// The <see cref="PairwiseLinearModel"/> that controllers and the <see cref="StopRule"/> learn, on a level: rewards compare subnetworks of one round, and their
/// level is that of the last rounds, whose mean reward is what the mean of their subnetworks comes to. Intervals are Student's with as many degrees of freedom
/// as there are comparisons; they cover what is not known of the effects, and neither the noise of a single evaluation nor that of the level.
/// </remarks>
public sealed class RewardModel
{
    /// <summary>Earlier rounds count for next to nothing: whoever has more need not hand them over.</summary>
    public const int MostRounds = 3000;

    // The level's, since rewards grow as adapters learn.
    private const int LastRounds = 100;
    private const double Confidence = 0.95;

    private readonly SkipSpace _space;
    private readonly PairwisePosterior _known;
    private readonly double[] _usual; // the mean features of the level's subnetworks
    private readonly double _level;
    private readonly double _reach; // standard errors of an interval
    private readonly IReadOnlyList<double> _listed; // the expectations of all subnetworks, the best first; none where there are too many

    private RewardModel(SkipSpace space, PairwiseLinearModel model, IReadOnlyList<Evaluation> last)
    {
        (_space, _known, _level) = (space, model.Now(), last.Average(static evaluation => evaluation.Credit!.Value));
        _usual = _known.MeanFeatures([.. last.Select(static evaluation => evaluation.Subnetwork)]);
        _reach = StudentT.InvCDF(0, 1, model.Comparisons, (1 + Confidence) / 2);
        _listed = space.Count <= PairwiseLinearModel.MostListed ? [.. space.All().Select(Expected).OrderDescending()] : [];
    }

    /// <summary>How many subnetworks there are; <see cref="long.MaxValue"/> where there are more.</summary>
    public long Subnetworks => _space.Count;

    /// <summary>Learns from the rounds of a search; null where they compare too little to predict anything.</summary>
    /// <param name="space">The subnetworks that the search proposed, and might have.</param>
    /// <param name="rounds">Its evaluations, round by round, up to the last.</param>
    /// <exception cref="ArgumentException">One is of another number of modules.</exception>
    public static RewardModel? Of(SkipSpace space, IEnumerable<IReadOnlyList<Evaluation>> rounds)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(rounds);
        var (model, last) = (new PairwiseLinearModel(space), new Queue<IReadOnlyList<Evaluation>>());
        foreach (var round in rounds)
        {
            model.Learn(round);
            last.Enqueue([.. round.Where(static evaluation => evaluation.Credit is not null)]);
            if (last.Count > LastRounds)
            {
                last.Dequeue();
            }
        }

        // Fewer comparisons than modules leave the noise open.
        return model.Comparisons >= space.Modules ? new RewardModel(space, model, [.. last.SelectMany(static round => round)]) : null;
    }

    /// <summary>Whether a subnetwork is one that the search might have proposed: of others, its rewards tell nothing.</summary>
    public bool Covers(Subnetwork set) => _space.Contains(set);

    /// <summary>What is expected of a subnetwork.</summary>
    /// <exception cref="ArgumentException">It is none that the search might have proposed.</exception>
    public RewardPrediction Predict(Subnetwork set)
    {
        Check(set);
        var (mean, error) = _known.Difference(set, _usual);
        return new RewardPrediction(_level * (1 + mean), _level * (1 + mean - (_reach * error)), _level * (1 + mean + (_reach * error)));
    }

    /// <summary>Its place among all by what is expected of them, from 1; null where there are too many to go through.</summary>
    /// <exception cref="ArgumentException">It is none that the search might have proposed.</exception>
    public int? RankOf(Subnetwork set)
    {
        Check(set);
        var expected = Expected(set);
        return _listed.Count == 0 ? null : 1 + _listed.TakeWhile(other => other > expected).Count();
    }

    /// <summary>The best that another one comes to by keeping one of its modules and skipping another one instead; null where nothing better is expected of any.</summary>
    /// <exception cref="ArgumentException">It is none that the search might have proposed.</exception>
    public Subnetwork? BetterBySwap(Subnetwork set)
    {
        Check(set);
        var neighbours = from kept in set.Skipped
                         from skipped in Enumerable.Range(0, set.Modules)
                         where !set.Contains(skipped)
                         select new Subnetwork(set.Modules, set.Skipped.Where(module => module != kept).Append(skipped).Order());
        var best = neighbours.Where(_space.Contains).MaxBy(Expected);
        return best is not null && Expected(best) > Expected(set) ? best : null;
    }

    private double Expected(Subnetwork set) => _known.Reward(set, _known.Mean);

    private void Check(Subnetwork set)
    {
        ArgumentNullException.ThrowIfNull(set);
        if (!Covers(set))
        {
            throw new ArgumentException($"The search might not have proposed {set}.", nameof(set));
        }
    }
}
