using DasSearch.Core;

namespace DasSearch.App;

/// <summary>All subnetworks of a size by what they are really worth, and where the run's choice stands among them.</summary>
public sealed class ExhaustiveRanking
{
    internal ExhaustiveRanking(IReadOnlyList<ExhaustiveScore> scores, Subnetwork chosen)
    {
        Chosen = chosen;
        Ranked = [.. scores.OrderBy(score => score.Loss).ThenBy(score => score.Subnetwork)];
        Rank = Ranked.Index().Single(ranked => ranked.Item.Subnetwork == chosen).Index + 1;
    }

    /// <summary>The run's choice of that size.</summary>
    public Subnetwork Chosen { get; }

    /// <summary>The best one first.</summary>
    public IReadOnlyList<ExhaustiveScore> Ranked { get; }

    /// <summary>The choice's rank, from 1.</summary>
    public int Rank { get; }

    /// <summary>How much more the choice loses than the best.</summary>
    public double Regret => Ranked[Rank - 1].Loss - Ranked[0].Loss;
}
