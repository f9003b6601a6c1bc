using DasSearch.Core.Spaces;

namespace DasSearch.Core;

/// <summary>Chooses subnetworks by what a search has learnt.</summary>
public interface IRecommender
{
    /// <summary>The best of a space's subnetworks, as far as is known; the space may be another than the search's, as of another number of skipped modules.</summary>
    /// <param name="space">The subnetworks, at least one, of as many modules as the search's.</param>
    Subnetwork Recommend(SkipSpace space);
}

/// <summary>Goes by the sum of the skipped modules' scores, such as gates: all that is known of a search that was recorded without its controller.</summary>
public sealed class ScoreRecommender(IReadOnlyList<double> scores) : IRecommender
{
    /// <inheritdoc/>
    public Subnetwork Recommend(SkipSpace space)
    {
        ArgumentNullException.ThrowIfNull(space);
        return space.Best(scores);
    }
}
