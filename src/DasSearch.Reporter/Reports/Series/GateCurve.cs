using DasSearch.Store;

namespace DasSearch.Reporter.Reports.Series;

/// <summary>Gates over the rounds of a run.</summary>
/// <param name="Rounds">The rounds shown, from 0, in order.</param>
/// <param name="Gates">Of each round shown, every module's gate.</param>
/// <param name="Probabilities">Likewise, how likely each is drawn next.</param>
public sealed record GateCurve(
    IReadOnlyList<int> Rounds, IReadOnlyList<IReadOnlyList<double>> Gates, IReadOnlyList<IReadOnlyList<double>> Probabilities)
{
    /// <summary>Reads them, holding no more than is shown.</summary>
    /// <param name="store">The store.</param>
    /// <param name="run">The run's number.</param>
    /// <param name="rounds">How many rounds it has.</param>
    /// <param name="most">How many are shown at most.</param>
    internal static GateCurve Read(RunReader store, long run, int rounds, int most)
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
