using DasSearch.Core;
using DasSearch.Store;
using DasSearch.Store.Rewards;

namespace DasSearch.Reporter.Importance;

/// <summary>A run's rewards, summed up: read once, round by round, and small whatever the run's length.</summary>
/// <remarks>
/// An evaluation counts for its <see cref="Evaluation.Credit"/>: its reward, 0 where it diverged or failed; cancelled ones
/// are left out, as in the store's views. Sums are kept for blocks of rounds in succession. Up to <see cref="MostBlocks"/>
/// rounds a block is a round; beyond, blocks are joined two by two, so that there are always more than half as many.
/// </remarks>
public sealed class RewardSums
{
    /// <summary>How many blocks are kept at most, where modules are not so many that memory asks for fewer.</summary>
    public const int MostBlocks = 256;

    /// <summary>Pairs of modules are looked at up to so many modules: a decoder of 32 layers in attention and feed-forward parts.</summary>
    public const int MostModulesOfPairs = 64;

    // Numbers in all blocks together: 32 MiB, unless that would leave too few blocks to tell noise by.
    private const int MostNumbers = 1 << 22;
    private const int FewestBlocks = 32;

    private readonly List<RoundBlock> _blocks = [];
    private readonly LayerStatistics _layers;
    private readonly bool _pairs;
    private readonly int _capacity;
    private int _roundsPerBlock = 1;
    private int _roundsInLast;

    private RewardSums(int modules, bool countsPairs)
    {
        Modules = modules;
        _layers = new LayerStatistics(modules);
        _pairs = countsPairs && modules <= MostModulesOfPairs;
        _capacity = Math.Clamp(MostNumbers / Math.Max(RoundBlock.SizeOf(modules, _pairs), 1) / 2 * 2, FewestBlocks, MostBlocks);
    }

    /// <summary>How many modules the backbone has.</summary>
    public int Modules { get; }

    /// <summary>How many rounds there are.</summary>
    public int Rounds { get; private set; }

    /// <summary>How many evaluations count.</summary>
    public long Evaluations => _layers.Evaluations;

    /// <summary>The mode of the evaluations; null where there are none, or several, whose rewards are not comparable.</summary>
    public ValidationMode? Mode { get; private set; }

    /// <summary>Sums of the rounds in which evaluations can be compared, in their order.</summary>
    internal IReadOnlyList<RoundBlock> Blocks => _blocks;

    /// <summary>Whether sums of pairs are among them.</summary>
    internal bool HasPairs => _pairs;

    /// <summary>Reads a run's evaluations, once and without holding them.</summary>
    /// <param name="countsPairs">Whether interactions are going to be asked for, which takes most of the numbers.</param>
    /// <exception cref="StoreException">The database fails.</exception>
    public static RewardSums Read(IRunReader reader, RunDetails run, bool countsPairs = true)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentNullException.ThrowIfNull(run);
        return Of(run.Costs.Modules.Count, reader.Evaluations(run.Summary.Run).InRounds(), countsPairs);
    }

    /// <summary>Sums up rounds that come one by one.</summary>
    /// <param name="countsPairs">Likewise.</param>
    /// <exception cref="ArgumentException">An evaluation is of another number of modules.</exception>
    public static RewardSums Of(int modules, IEnumerable<IReadOnlyList<Evaluation>> rounds, bool countsPairs = true)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(modules);
        ArgumentNullException.ThrowIfNull(rounds);
        var sums = new RewardSums(modules, countsPairs);
        foreach (var round in rounds)
        {
            sums.Add(round);
        }

        return sums;
    }

    /// <summary>How many of the evaluations that count skip a module.</summary>
    public long Skipped(int module) => _layers.Skipped(module);

    /// <summary>The mean reward of those that skip a module; null without any.</summary>
    public double? MeanRewardSkipped(int module) => _layers.MeanRewardSkipped(module);

    /// <summary>The mean reward of those that keep a module; null without any.</summary>
    public double? MeanRewardKept(int module) => _layers.MeanRewardKept(module);

    private void Add(IReadOnlyList<Evaluation> round)
    {
        var counted = new List<CountedEvaluation>(round.Count);
        foreach (var evaluation in round)
        {
            if (evaluation.Subnetwork.Modules != Modules)
            {
                throw new ArgumentException(
                    $"Expected subnetworks of {Modules} modules, got one of {evaluation.Subnetwork.Modules}.", nameof(round));
            }

            if (evaluation.Credit is { } reward)
            {
                Mode = Evaluations == 0 || Mode == evaluation.Mode ? evaluation.Mode : null;
                counted.Add(new CountedEvaluation([.. evaluation.Subnetwork.Skipped], reward));
                _layers.Add(evaluation.Subnetwork, reward);
            }
        }

        Rounds++;
        if (counted.Count > 1)
        {
            // Alone in its round, an evaluation has nothing that it can be compared with.
            Block().Add(counted);
        }
    }

    /// <summary>The block that the next round belongs to.</summary>
    private RoundBlock Block()
    {
        if (_blocks.Count == 0 || _roundsInLast == _roundsPerBlock)
        {
            if (_blocks.Count == _capacity)
            {
                Halve();
            }

            _blocks.Add(new RoundBlock(Modules, _pairs));
            _roundsInLast = 0;
        }

        _roundsInLast++;
        return _blocks[^1];
    }

    private void Halve()
    {
        for (var i = 0; i < _capacity / 2; i++)
        {
            _blocks[i] = _blocks[2 * i];
            _blocks[i].Add(_blocks[(2 * i) + 1]);
        }

        _blocks.RemoveRange(_capacity / 2, _capacity / 2);
        _roundsPerBlock *= 2;
    }
}

/// <summary>An evaluation that counts.</summary>
/// <param name="Skipped">What it skips, ascending.</param>
/// <param name="Reward">What it counts for.</param>
internal readonly record struct CountedEvaluation(int[] Skipped, double Reward);
