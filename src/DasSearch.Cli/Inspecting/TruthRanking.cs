using System.Globalization;
using DasSearch.Core;
using Spectre.Console;

namespace DasSearch.Cli.Inspecting;

/// <summary>All subnetworks of a size by what they are really worth, and where the run's choice stands among them.</summary>
/// <param name="truths">All of them.</param>
/// <param name="chosen">The run's choice of that size.</param>
internal sealed class TruthRanking(IReadOnlyList<ExhaustiveScore> truths, Subnetwork chosen)
{
    private const int Shown = 10;

    private readonly List<ExhaustiveScore> _ranked = [.. truths.OrderBy(truth => truth.Loss).ThenBy(truth => truth.Subnetwork)];

    /// <summary>The choice's rank, from 1.</summary>
    internal int Rank => _ranked.FindIndex(truth => truth.Subnetwork == chosen) + 1;

    /// <summary>How much more the choice loses than the best.</summary>
    internal double Regret => _ranked[Rank - 1].Loss - _ranked[0].Loss;

    /// <summary>What a program reads.</summary>
    internal object Facts => new
    {
        Subnetworks = _ranked.Count,
        Chosen = chosen.ToString(),
        Rank,
        Regret,
        Ranking = _ranked.Select((truth, i) => new { Rank = i + 1, Subnetwork = truth.Subnetwork.ToString(), truth.Loss, truth.Accuracy }),
    };

    /// <summary>What a person reads: the best ones, the choice, the worst.</summary>
    internal void Print(IAnsiConsole console)
    {
        var table = Tables.Create(">rank", "skips", ">loss", ">accuracy");
        foreach (var i in Enumerable.Range(0, Math.Min(Shown, _ranked.Count)).Append(Rank - 1).Append(_ranked.Count - 1).Distinct().Order())
        {
            table.Add(
                (i + 1).ToString(CultureInfo.InvariantCulture),
                _ranked[i].Subnetwork.ToString(),
                Tables.Number(_ranked[i].Loss, "F4"),
                Tables.Number(_ranked[i].Accuracy, "F4"));
        }

        console.Write(table);
        console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"the search chooses {chosen}: rank {Rank} of {_ranked.Count}, {Regret:F4} above the least loss"));
    }
}
