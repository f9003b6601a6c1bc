using DasSearch.Core;
using DasSearch.Core.Spaces;
using DasSearch.Data;
using DasSearch.Formats;
using DasSearch.Reporter.Analyses;
using DasSearch.Reporter.Reports;
using DasSearch.Worker.Exhaustive;

namespace DasSearch.App.Analyses;

/// <summary>How much a network loses with every module that it skips (DAS, arXiv:2309.01479, Fig. 1a).</summary>
/// <remarks>
/// On the supernet of the plan's run, whose every subnetwork can be scored; a trained plan's network has no other. The papers' curve is of
/// the controller's choices; chance and the simplest rules are what they are held against.
/// </remarks>
internal sealed class SkippedAnalysis : IAnalysis
{
    private const int RandomSets = 5;

    /// <inheritdoc/>
    public string Name => "skipped";

    /// <inheritdoc/>
    public string Summary => "score against the number of modules skipped: the controller's choices, random ones, the first and the last (DAS, Fig. 1a)";

    /// <inheritdoc/>
    public IReadOnlyList<FigureKind> Figures => [SkippedFigure.Kind];

    /// <inheritdoc/>
    public IReadOnlyList<Figure> Run(AnalysisWork work, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(work);
        var plan = PlanFile.Read(work.Plan.Plan);
        if (plan.Provenance.Run is null)
        {
            throw new DasSearchException($"{work.Plan.Plan} came of no run: only a search has a supernet with all subnetworks");
        }

        using var store = work.Plan.Open();
        var run = PlannedWork.RunOf(plan, work.Plan, store);
        using var supernet = StoredSupernet.Open(work.Environment, store, run);
        var choices = Choices(run.Costs.Modules.Count, StoredController.Choices(store.Read, run), work.Request.Seed);
        var samples = new SampleBatches(
            supernet.Task, Split.Validation, Math.Min(work.Request.Samples, supernet.Task.Facts.SizeOf(Split.Validation)), AnalysisWork.BatchSize);
        var scores = new ExhaustiveMeter(supernet.Network, supernet.Task, supernet.Network.Device)
            .Measure([.. choices.Select(static choice => choice.Set).Distinct()], samples, work.Progress, cancellation)
            .ToDictionary(static score => score.Subnetwork);
        return [SkippedFigure.Draw([.. choices.Select(choice => new ScoredChoice(choice.By, choice.Set, scores[choice.Set].Accuracy, scores[choice.Set].Loss))], samples.Samples)];
    }

    private static List<(SkipChoice By, Subnetwork Set)> Choices(int modules, IRecommender controller, long seed)
    {
        var choices = new List<(SkipChoice By, Subnetwork Set)> { (SkipChoice.None, Subnetwork.Whole(modules)) };
        for (var skip = 1; skip < modules; skip++)
        {
            choices.Add((SkipChoice.Controller, controller.Recommend(SkipSpace.Of(modules, skip))));
            choices.AddRange(Drawn(modules, skip, seed).Select(static set => (SkipChoice.Random, set)));
            choices.Add((SkipChoice.First, new Subnetwork(modules, Enumerable.Range(0, skip))));
            choices.Add((SkipChoice.Last, new Subnetwork(modules, Enumerable.Range(modules - skip, skip))));
        }

        return choices;
    }

    // Distinct ones; all of them where there are no more.
    private static List<Subnetwork> Drawn(int modules, int skip, long seed)
    {
        if (Combinations.Count(modules, skip) <= RandomSets)
        {
            return [.. Combinations.All(modules, skip)];
        }

        var (random, drawn) = (SeededRandom.Derive(seed, "analyse/skipped", skip), new List<Subnetwork>());
        while (drawn.Count < RandomSets)
        {
            if (SkipSpace.Of(modules, skip).Draw(random) is var set && !drawn.Contains(set))
            {
                drawn.Add(set);
            }
        }

        return drawn;
    }
}
