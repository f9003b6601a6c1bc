using DasSearch.Core.Configuration;

namespace DasSearch.Worker.Search;

/// <summary>When a search does what, counted in training batches: a pure function of its settings.</summary>
/// <remarks>
/// As DAS's code counts (papers' part A.3): the counter runs through warm-up, too, so that the first batch after it
/// brings a round; batches are counted before gradients are accumulated.
/// </remarks>
public sealed class SearchSchedule
{
    private readonly SearchConfig _config;
    private readonly long _warmUp, _firstRound;
    private readonly int _between;

    /// <param name="config">The settings.</param>
    /// <param name="batchesPerEpoch">Training batches of an epoch, at least 1.</param>
    public SearchSchedule(SearchConfig config, int batchesPerEpoch)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchesPerEpoch, 1);
        _config = config;
        BatchesPerEpoch = batchesPerEpoch;
        (_between, _warmUp) = (config.StepsBetween(batchesPerEpoch), config.WarmUp(batchesPerEpoch));
        _firstRound = Math.Max(_warmUp, _between - 1);
    }

    /// <summary>Training batches of an epoch.</summary>
    public int BatchesPerEpoch { get; }

    /// <summary>Training batches of the whole search.</summary>
    public long Batches => (long)_config.Epochs * BatchesPerEpoch;

    /// <summary>Rounds of the whole search.</summary>
    public int Rounds => RoundsBefore(Batches);

    /// <summary>The epoch that a batch belongs to, from 0.</summary>
    public int EpochOf(long batch) => (int)(batch / BatchesPerEpoch);

    /// <summary>A batch's place within its epoch, from 0.</summary>
    public int IndexOf(long batch) => (int)(batch % BatchesPerEpoch);

    /// <summary>Whether a round comes with a batch, before it is learnt from.</summary>
    public bool HasRound(long batch) => batch >= _firstRound && (batch - _firstRound) % _between == 0;

    /// <summary>How many of so many modules a subnetwork skips that is trained on a batch; fewer than all in a warm-up with growing ones.</summary>
    public int Skipped(long batch, int all) => _config.WarmUpSkips == WarmUpSkips.Growing && batch < _warmUp
        ? (int)Math.Min(all, (2 * all * batch / _warmUp) + 1)
        : all;

    /// <summary>Rounds that came with the batches before.</summary>
    public int RoundsBefore(long batch) =>
        batch <= _firstRound ? 0 : (int)((batch - 1 - _firstRound) / _between) + 1;

    /// <summary>Whether an epoch ends with a batch.</summary>
    public bool EndsEpoch(long batch) => IndexOf(batch) == BatchesPerEpoch - 1;
}
