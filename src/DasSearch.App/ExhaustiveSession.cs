using System.Globalization;
using DasSearch.Core;
using DasSearch.Core.Spaces;
using DasSearch.Data;
using DasSearch.Store;
using DasSearch.Worker.Exhaustive;

namespace DasSearch.App;

/// <summary>Which subnetworks of a run's supernet are scored, and on what.</summary>
/// <param name="Run">The run's number or name.</param>
/// <param name="Skip">How many modules are skipped; null for as many as the search did.</param>
/// <param name="Split">The samples.</param>
/// <param name="BatchSize">Samples of a batch.</param>
public sealed record ExhaustiveRequest(string Run, int? Skip, Split Split, int BatchSize)
{
    /// <summary>More would take days, and gigabytes for their samples' losses.</summary>
    public const long MostSubnetworks = 10_000;
}

/// <summary>All subnetworks of a size by what they are really worth, and where the run's choice stands among them.</summary>
public sealed class ExhaustiveRanking
{
    internal ExhaustiveRanking(IReadOnlyList<ExhaustiveScore> scores, Subnetwork chosen)
    {
        Chosen = chosen;
        Ranked = [.. scores.OrderBy(score => score.Loss).ThenBy(score => score.Subnetwork)];
        Rank = Ranked.Index().Single(ranked => ranked.Item.Subnetwork == chosen).Index + 1;
    }

    /// <summary>The run's choice of that size.</summary>
    public Subnetwork Chosen { get; }

    /// <summary>The best one first.</summary>
    public IReadOnlyList<ExhaustiveScore> Ranked { get; }

    /// <summary>The choice's rank, from 1.</summary>
    public int Rank { get; }

    /// <summary>How much more the choice loses than the best.</summary>
    public double Regret => Ranked[Rank - 1].Loss - Ranked[0].Loss;
}

/// <summary>Scores all subnetworks of a run's supernet.</summary>
/// <param name="store">Where the run is.</param>
/// <param name="environment">Where its task comes from.</param>
public sealed class ExhaustiveSession(IRunStore store, AppEnvironment environment)
{
    /// <summary>Measures and stores them, going on where the same measurement was interrupted.</summary>
    /// <param name="request">Which ones.</param>
    /// <param name="progress">Told after each batch how many are done, of how many.</param>
    /// <param name="told">Told in the end what that took.</param>
    /// <param name="cancellation">Ends it after the batch in progress; what is done is saved.</param>
    /// <exception cref="DasSearchException">There is no such run, it is not done, or something could not be stored.</exception>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public ExhaustiveRanking Run(ExhaustiveRequest request, Action<int, int> progress, Action<string> told, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(told);
        var details = store.Read.Find(request.Run);
        var run = details.Summary.Run;
        StoredSupernet.CheckDone(details);
        var skip = SkipOf(request, details);
        using var held = store.Lock(run);
        var name = string.Create(CultureInfo.InvariantCulture, $"truth-{skip}-{EnumNames.NameOf(request.Split)}-{request.BatchSize}");
        var state = new ExhaustiveState(held.Folder(name), SupernetFile.Sha256(store, run));
        using var supernet = StoredSupernet.Open(environment, store, details);
        var meter = new ExhaustiveMeter(supernet.Network, supernet.Task, supernet.Network.Device, state);
        var scores = meter.Measure(skip, request.Split, request.BatchSize, progress, cancellation);
        told(string.Create(
            CultureInfo.InvariantCulture,
            $"{scores.Count} subnetworks on {scores[0].Losses.Count} samples: {Numbers.Share((double)meter.ModulesRun / meter.ModulesOfSeparatePasses)} of the modules that separate passes run"));
        using (var writer = store.Append(run))
        {
            writer.Record(EnumNames.NameOf(request.Split), scores);
        }

        state.Remove();
        return new ExhaustiveRanking(scores, Chosen(details, skip));
    }

    private static int SkipOf(ExhaustiveRequest request, RunDetails run)
    {
        var (skip, modules) = (request.Skip ?? run.Summary.Skip, run.Costs.Modules.Count);
        if (skip < 1 || skip >= modules)
        {
            throw new UsageException(
                $"--skip must be from 1 to {modules - 1}, for there to be subnetworks to compare, since run {run.Summary.Run} has {modules} modules, not {skip}");
        }

        return Combinations.Count(modules, skip) is > ExhaustiveRequest.MostSubnetworks and var sets
            ? throw new UsageException(
                $"--skip {skip}: there are {sets} subnetworks that skip so many of {modules} modules, at most {ExhaustiveRequest.MostSubnetworks} can be scored")
            : skip;
    }

    private Subnetwork Chosen(RunDetails run, int skip)
    {
        if (run.Recommended is { } recommended && recommended.Count == skip)
        {
            return recommended;
        }

        return StoredController.Choices(store.Read, run).Recommend(SkipSpace.Of(run.Costs.Modules.Count, skip));
    }
}
