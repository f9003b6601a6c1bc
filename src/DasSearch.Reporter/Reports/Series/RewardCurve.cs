using DasSearch.Store;

namespace DasSearch.Reporter.Reports.Series;

/// <summary>Rewards over the rounds of a run, in blocks of as many rounds as it takes to show them.</summary>
/// <param name="Blocks">The blocks, in order.</param>
public sealed record RewardCurve(IReadOnlyList<RewardBlock> Blocks)
{
    /// <summary>Reads it, holding no more than is shown.</summary>
    /// <param name="store">The store.</param>
    /// <param name="run">The run's number.</param>
    /// <param name="rounds">How many rounds it has.</param>
    /// <param name="most">How many blocks there are at most.</param>
    internal static RewardCurve Read(RunReader store, long run, int rounds, int most)
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
