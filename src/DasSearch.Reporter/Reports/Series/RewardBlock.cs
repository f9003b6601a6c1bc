namespace DasSearch.Reporter.Reports.Series;

/// <summary>Some rounds in a row.</summary>
/// <param name="First">The first of them.</param>
/// <param name="Last">The last of them.</param>
/// <param name="Evaluations">How many evaluations count; diverged and failed ones do, as reward 0, cancelled ones do not.</param>
/// <param name="Mean">Their mean reward: the controller's baseline, where the block is one round.</param>
/// <param name="Lowest">The lowest reward.</param>
/// <param name="Highest">The highest reward.</param>
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
