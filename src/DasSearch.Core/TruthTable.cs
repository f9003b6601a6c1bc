namespace DasSearch.Core;

/// <summary>The truth of all subnetworks of one size, ready to be looked up: their ranks, and their losses on each validation batch.</summary>
public sealed class TruthTable
{
    private readonly Dictionary<Subnetwork, int> _places;
    private readonly double[][] _losses; // [subnetworks][batches]
    private readonly double[] _rewards; // the means over batches

    /// <summary>Prepares the table.</summary>
    /// <param name="truths">All subnetworks that skip so many modules, on the same samples.</param>
    /// <param name="batchSize">Samples of a validation batch; the last batch may have fewer.</param>
    /// <exception cref="ArgumentException">A subnetwork is missing or is there twice, or they are of different samples.</exception>
    public TruthTable(IReadOnlyList<SubnetworkTruth> truths, int batchSize)
    {
        ArgumentNullException.ThrowIfNull(truths);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batchSize);
        ArgumentOutOfRangeException.ThrowIfZero(truths.Count, nameof(truths));
        var first = truths[0];
        (Modules, Skip) = (first.Subnetwork.Modules, first.Subnetwork.Count);
        var ranked = truths.OrderBy(truth => truth.Loss).ThenBy(truth => truth.Subnetwork).ToList();
        if (!Combinations.All(Modules, Skip).SequenceEqual(ranked.Select(truth => truth.Subnetwork).Order()))
        {
            throw new ArgumentException($"These are not all subnetworks that skip {Skip} of {Modules} modules.", nameof(truths));
        }

        if (truths.Any(truth => truth.Losses.Count != first.Losses.Count))
        {
            throw new ArgumentException("They are of different samples.", nameof(truths));
        }

        Ranked = ranked;
        _places = ranked.Select((truth, place) => (truth.Subnetwork, place)).ToDictionary(entry => entry.Subnetwork, entry => entry.place);
        _losses = [.. ranked.Select(truth => truth.Losses.Chunk(batchSize).Select(batch => batch.Average(loss => (double)loss)).ToArray())];
        _rewards = [.. _losses.Select(batches => batches.Average(loss => Math.Exp(-loss)))];
    }

    /// <summary>How many modules there are.</summary>
    public int Modules { get; }

    /// <summary>How many a subnetwork skips.</summary>
    public int Skip { get; }

    /// <summary>All subnetworks, the best first: of equal losses, in their canonical order.</summary>
    public IReadOnlyList<SubnetworkTruth> Ranked { get; }

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
