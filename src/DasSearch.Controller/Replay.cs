using System.Globalization;
using DasSearch.Core;
using DasSearch.Core.Configuration;

namespace DasSearch.Controller;

/// <summary>Runs controllers against a <see cref="ExhaustiveTable"/> instead of a network: a search in milliseconds.</summary>
/// <remarks>
/// As tabular benchmarks do (Ying et al., NAS-Bench-101, ICML 2019). What it leaves out is that adapters learn between rounds of a
/// real search: rewards neither drift nor depend on what was drawn.
/// </remarks>
/// <param name="table">The truth.</param>
/// <param name="candidates">Subnetworks of a round.</param>
/// <param name="policy">Whether each round has the next validation batch, or all rounds of a seed the same one.</param>
/// <param name="learningRate">η, of controllers that have gates to step.</param>
/// <param name="stop">The rule that is to say when it would have ended each search; nothing by default.</param>
public sealed class Replay(ExhaustiveTable table, int candidates, BatchPolicy policy, double learningRate = 1, StopConfig? stop = null)
{
    /// <summary>Searches once.</summary>
    /// <param name="controller">The controller's name.</param>
    /// <param name="rounds">How many rounds.</param>
    /// <param name="seed">All chance derives from it.</param>
    /// <exception cref="ConfigException">There is no such controller, it cannot search this table, or can learn nothing from so few candidates.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A round cannot have so many candidates.</exception>
    public ReplayedSearch Run(string controller, int rounds, long seed)
    {
        var settings = new ControllerSettings(table.Modules, table.Skip, learningRate);
        var searching = ControllerTable.Create(controller, settings, candidates);
        var rule = stop is { Error: { } error, Tolerance: { } tolerance } ? new StopRule(settings, error, tolerance) : null;
        int? stopped = null;
        var first = SeededRandom.Derive(seed, "replay/batch").Next(table.Batches);
        var choices = new List<Subnetwork>(rounds);
        for (var round = 0; round < rounds; round++)
        {
            var batch = policy == BatchPolicy.Fixed ? first : (first + round) % table.Batches;
            var name = string.Create(CultureInfo.InvariantCulture, $"validation:{batch}");
            var evaluations = searching.Propose(candidates, SeededRandom.Derive(seed, "search/round", round))
                .Select(proposal => Evaluation.OfLoss(proposal, table.LossOf(proposal, batch), milliseconds: 0, ValidationMode.Eval, name))
                .ToList();
            searching.Observe(evaluations);
            choices.Add(searching.Recommend());
            if (stopped is null && rule is not null)
            {
                rule.Observe(new Round(round, round, epoch: 0, evaluations, searching.Snapshot(), milliseconds: 0, choices[^1]));
                stopped = rule.IsSure ? round + 1 : null;
            }
        }

        return new ReplayedSearch(choices, stopped);
    }
}
