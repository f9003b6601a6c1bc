using DasSearch.Core;
using DasSearch.Store;

namespace DasSearch.Reporter.Reports;

/// <summary>Gates over the rounds of a run.</summary>
/// <param name="Rounds">The rounds shown, from 0, in order.</param>
/// <param name="Gates">Of each round shown, every module's gate.</param>
/// <param name="Probabilities">Likewise, how likely each is drawn next.</param>
public sealed record GateCurve(
    IReadOnlyList<int> Rounds, IReadOnlyList<IReadOnlyList<double>> Gates, IReadOnlyList<IReadOnlyList<double>> Probabilities)
{
    /// <summary>Reads them, holding no more than is shown.</summary>
    internal static GateCurve Read(IRunReader store, long run, int rounds, int most)
    {
        var thinning = new Thinning(rounds, most);
        var byRound = store.Gates(run)
            .Where(gate => thinning.Shows(gate.Round))
            .GroupBy(static gate => gate.Round)
            .Select(static gates => (Round: gates.Key, Gates: gates.OrderBy(static gate => gate.Module).ToList()))
            .ToList();
        return new GateCurve(
            [.. byRound.Select(static round => round.Round)],
            [.. byRound.Select(static round => round.Gates.ConvertAll(static gate => gate.Gate))],
            [.. byRound.Select(static round => round.Gates.ConvertAll(static gate => gate.Probability))]);
    }
}

/// <summary>Rewards over the rounds of a run, in blocks of as many rounds as it takes to show them.</summary>
/// <param name="Blocks">The blocks, in order.</param>
public sealed record RewardCurve(IReadOnlyList<RewardBlock> Blocks)
{
    /// <summary>Reads it, holding no more than is shown.</summary>
    /// <param name="most">How many blocks there are at most.</param>
    internal static RewardCurve Read(IRunReader store, long run, int rounds, int most)
    {
        var size = Math.Max((rounds + most - 1) / most, 1);
        var blocks = new List<RewardBlock>();
        foreach (var stored in store.Evaluations(run))
        {
            if (stored.Evaluation.Credit is not { } reward)
            {
                continue;
            }

            var first = stored.Round / size * size;
            if (blocks.Count == 0 || blocks[^1].First != first)
            {
                blocks.Add(new RewardBlock(first, Math.Min(first + size, rounds) - 1, 0, 0, reward, reward));
            }

            blocks[^1] = blocks[^1].With(reward);
        }

        return new RewardCurve(blocks);
    }
}

/// <summary>What a search would have chosen, over the rounds of a run: rounds in a row with the same choice are one span.</summary>
/// <param name="Spans">The spans, in order.</param>
public sealed record ChoiceCurve(IReadOnlyList<ChoiceSpan> Spans)
{
    /// <summary>Reads it.</summary>
    /// <param name="most">How many spans are kept at most, the last ones.</param>
    /// <exception cref="StoreException">There is no such run, or the database fails.</exception>
    public static ChoiceCurve Read(IRunReader store, long run, int most)
    {
        ArgumentNullException.ThrowIfNull(store);
        var spans = new Queue<ChoiceSpan>();
        ChoiceSpan? last = null;
        foreach (var choice in store.Choices(run))
        {
            if (last is not null && last.Chosen != choice.Recommended)
            {
                spans.Enqueue(last);
                if (spans.Count == most)
                {
                    spans.Dequeue();
                }

                last = null;
            }

            last = new ChoiceSpan(last?.First ?? choice.Round, choice.Round, choice.Recommended);
        }

        return new ChoiceCurve(last is null ? [] : [.. spans, last]);
    }
}

/// <summary>Rounds in a row after which a search would have chosen the same.</summary>
public sealed record ChoiceSpan(int First, int Last, Subnetwork Chosen);

/// <summary>Some rounds in a row.</summary>
/// <param name="Evaluations">How many evaluations count; diverged and failed ones do, as reward 0, cancelled ones do not.</param>
/// <param name="Mean">Their mean reward: the controller's baseline, where the block is one round.</param>
public sealed record RewardBlock(int First, int Last, int Evaluations, double Mean, double Lowest, double Highest)
{
    /// <summary>Where it stands on an axis of rounds.</summary>
    public double Middle => (First + Last) / 2.0;

    /// <summary>The block with one more reward.</summary>
    internal RewardBlock With(double reward) => this with
    {
        Evaluations = Evaluations + 1,
        Mean = Mean + ((reward - Mean) / (Evaluations + 1)),
        Lowest = Math.Min(Lowest, reward),
        Highest = Math.Max(Highest, reward),
    };
}

/// <summary>Which rounds of a long run a figure shows: evenly spread, the first and the last among them.</summary>
internal sealed class Thinning(int rounds, int most)
{
    private readonly long _shown = Math.Min(rounds, most);

    /// <summary>Whether a round is shown.</summary>
    internal bool Shows(int round) => _shown < 2 ? round == rounds - 1 : Next(round) == round;

    // The first shown round that is not before this one.
    private long Next(int round)
    {
        var place = ((round * (_shown - 1)) + rounds - 2) / (rounds - 1);
        return place * (rounds - 1) / (_shown - 1);
    }
}
