namespace DasSearch.Core;

/// <summary>What a subnetwork of a searched supernet is worth on a whole split, sample by sample.</summary>
/// <remarks>A fast validation on any batch of the split can be replayed from it: its loss is the mean of the batch's samples.</remarks>
public sealed record ExhaustiveScore
{
    /// <exception cref="ArgumentException">There are no samples, or more are correct than there are.</exception>
    public ExhaustiveScore(Subnetwork subnetwork, double correct, IReadOnlyList<float> losses)
    {
        ArgumentNullException.ThrowIfNull(subnetwork);
        ArgumentNullException.ThrowIfNull(losses);
        ArgumentOutOfRangeException.ThrowIfZero(losses.Count, nameof(losses));
        ArgumentOutOfRangeException.ThrowIfNegative(correct);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(correct, losses.Count);
        (Subnetwork, Correct, Losses) = (subnetwork, correct, [.. losses]);
        Loss = losses.Sum(static loss => (double)loss) / losses.Count;
    }

    /// <summary>What is skipped.</summary>
    public Subnetwork Subnetwork { get; }

    /// <summary>How many samples are answered correctly; a sample may be partly so.</summary>
    public double Correct { get; }

    /// <summary>The loss of each sample, in the split's order; at least one.</summary>
    public IReadOnlyList<float> Losses { get; }

    /// <summary>Their mean.</summary>
    public double Loss { get; }

    /// <summary>The share of samples that are answered correctly.</summary>
    public double Accuracy => Correct / Losses.Count;
}

/// <summary>The scores of all subnetworks of one size, ready to be looked up: their ranks, and their losses on each validation batch.</summary>
public sealed class ExhaustiveTable
{
    private readonly Dictionary<Subnetwork, int> _places;
    private readonly double[][] _losses; // [subnetworks][batches]
    private readonly double[] _rewards; // the means over batches

    /// <param name="scores">All subnetworks that skip so many modules, on the same samples.</param>
    /// <param name="batchSize">Samples of a validation batch; the last batch may have fewer.</param>
    /// <exception cref="ArgumentException">A subnetwork is missing or is there twice, or they are of different samples.</exception>
    public ExhaustiveTable(IReadOnlyList<ExhaustiveScore> scores, int batchSize)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batchSize);
        ArgumentOutOfRangeException.ThrowIfZero(scores.Count, nameof(scores));
        var first = scores[0];
        (Modules, Skip) = (first.Subnetwork.Modules, first.Subnetwork.Count);
        var ranked = scores.OrderBy(score => score.Loss).ThenBy(score => score.Subnetwork).ToList();
        if (!Combinations.All(Modules, Skip).SequenceEqual(ranked.Select(score => score.Subnetwork).Order()))
        {
            throw new ArgumentException($"These are not all subnetworks that skip {Skip} of {Modules} modules.", nameof(scores));
        }

        if (scores.Any(score => score.Losses.Count != first.Losses.Count))
        {
            throw new ArgumentException("They are of different samples.", nameof(scores));
        }

        Ranked = ranked;
        _places = ranked.Select((score, place) => (score.Subnetwork, place)).ToDictionary(entry => entry.Subnetwork, entry => entry.place);
        _losses = [.. ranked.Select(score => score.Losses.Chunk(batchSize).Select(batch => batch.Average(loss => (double)loss)).ToArray())];
        _rewards = [.. _losses.Select(batches => batches.Average(loss => Math.Exp(-loss)))];
    }

    /// <summary>How many modules there are.</summary>
    public int Modules { get; }

    /// <summary>How many a subnetwork skips.</summary>
    public int Skip { get; }

    /// <summary>All subnetworks, the best first: of equal losses, in their canonical order.</summary>
    public IReadOnlyList<ExhaustiveScore> Ranked { get; }

    /// <summary>How many validation batches there are.</summary>
    public int Batches => _losses[0].Length;

    /// <summary>A subnetwork's rank, from 1 for the best.</summary>
    public int RankOf(Subnetwork subnetwork) => _places[subnetwork] + 1;

    /// <summary>How much more a subnetwork loses than the best one, at least 0.</summary>
    public double RegretOf(Subnetwork subnetwork) => Ranked[_places[subnetwork]].Loss - Ranked[0].Loss;

    /// <summary>How much more reward than a subnetwork the one with the most has, over all batches, as a share of the subnetwork's; at least 0.</summary>
    public double RewardRegretOf(Subnetwork subnetwork) => (_rewards.Max() / _rewards[_places[subnetwork]]) - 1;

    /// <summary>A subnetwork's loss on a batch, as fast validation would have it.</summary>
    /// <param name="subnetwork">The subnetwork.</param>
    /// <param name="batch">The batch's index, from 0.</param>
    public double LossOf(Subnetwork subnetwork, int batch) => _losses[_places[subnetwork]][batch];
}

/// <summary>A search that was replayed on an <see cref="ExhaustiveTable"/>.</summary>
/// <param name="Choices">What the controller recommends after each round.</param>
/// <param name="Stopped">After how many rounds a stop rule would have ended it; null where it would not, or there is no rule.</param>
public sealed record ReplayedSearch(IReadOnlyList<Subnetwork> Choices, int? Stopped = null);
