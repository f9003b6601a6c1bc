using DasSearch.Core;

namespace DasSearch.Controller;

/// <summary>How sure the rewards so far make of a choice.</summary>
/// <param name="Choice">The choice.</param>
/// <param name="Rounds">Rounds that were seen.</param>
/// <param name="Error">How likely it is that another subnetwork of its size has more reward by over the tolerance.</param>
/// <param name="Chances">How likely each module is among the best to skip, by their number in the choice: [n].</param>
public sealed record Certainty(Subnetwork Choice, int Rounds, double Error, IReadOnlyList<double> Chances)
{
    // What is likelier than that, further rounds would hardly change.
    private const double Settled = 0.95;

    /// <summary>Chosen modules that further rounds could bring back, the likeliest first.</summary>
    public IReadOnlyList<int> Doubtful => [.. Choice.Skipped.Where(i => Chances[i] < Settled).OrderBy(i => Chances[i])];

    /// <summary>Modules that further rounds could choose instead, the likeliest first.</summary>
    public IReadOnlyList<int> Rivals =>
        [.. Enumerable.Range(0, Chances.Count).Where(i => !Choice.Contains(i) && Chances[i] > 1 - Settled).OrderByDescending(i => Chances[i])];
}
