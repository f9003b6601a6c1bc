using DasSearch.Core;
using DasSearch.Reporter.Importance;
using DasSearch.Store;
using DasSearch.Store.Results;

namespace DasSearch.Reporter.Comparison;

/// <summary>Runs side by side, and where they are runs of one search, what they say together.</summary>
/// <param name="Runs">The runs, in the order asked for.</param>
/// <param name="Settings">The settings in which they differ, name and seed apart.</param>
/// <param name="Agreements">How far each two agree: 1st and 2nd, 1st and 3rd and so on.</param>
/// <param name="Consensus">What they say together; null where they can say nothing together.</param>
/// <param name="NoConsensus">Why they cannot, in a sentence's part; null where they do.</param>
public sealed record RunComparison(
    IReadOnlyList<ComparedRun> Runs,
    IReadOnlyList<SettingDifference> Settings,
    IReadOnlyList<RunAgreement> Agreements,
    Consensus? Consensus,
    string? NoConsensus)
{
    /// <summary>Compares runs.</summary>
    /// <param name="reader">The database.</param>
    /// <param name="runs">Their numbers or names, two or more.</param>
    /// <param name="confidence">Of all intervals, between 0 and 1.</param>
    /// <exception cref="StoreException">There is no such run, or the database fails.</exception>
    /// <exception cref="DasSearchException">A run is named twice, or runs are of different backbones.</exception>
    public static RunComparison Of(
        RunReader reader, IReadOnlyList<string> runs, double confidence = ImportanceAnalysis.DefaultConfidence)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentNullException.ThrowIfNull(runs);
        var details = runs.Select(reader.Find).ToList();
        Check(details);
        var compared = details.ConvertAll(run => ComparedRun.Read(reader, run, confidence));
        var reason = Difference(compared);
        var skip = Math.Min(details[0].Summary.Skip, details[0].Costs.Modules.Count);
        var consensus = reason is null
            ? Consensus.Of([.. compared.Select(run => run.Importance)], [.. compared.Select(run => run.Plan)], skip)
            : null;
        return new RunComparison(
            compared,
            SettingDifference.Of([.. details.Select(run => run.ConfigText)]),
            [.. compared.SelectMany((first, i) => compared.Skip(i + 1).Select(second => RunAgreement.Of(first, second)))],
            consensus,
            consensus is null ? reason ?? "fewer than two runs have evidence enough to rank all modules" : null);
    }

    private static void Check(List<RunDetails> runs)
    {
        for (var i = 1; i < runs.Count; i++)
        {
            if (runs.Take(i).Any(run => run.Summary.Run == runs[i].Summary.Run))
            {
                throw new DasSearchException($"run {runs[i].Summary.Run} is named twice, but only different runs can be compared");
            }

            if (Modules(runs[i]) != Modules(runs[0]))
            {
                throw new DasSearchException(
                    $"run {runs[0].Summary.Run} is of {Modules(runs[0])} and run {runs[i].Summary.Run} of {Modules(runs[i])}: "
                    + "only runs of one backbone can be compared");
            }
        }

        static string Modules(RunDetails run) => $"{run.Summary.Backbone} with {run.Costs.Modules.Count} modules";
    }

    /// <summary>Why the runs are not of one search; null where they are.</summary>
    private static string? Difference(List<ComparedRun> runs)
    {
        var summaries = runs.ConvertAll(run => run.Details.Summary);
        return
            Values(summaries.Select(run => run.Task)) is { } tasks ? $"the tasks differ: {tasks}"
            : Values(summaries.Select(run => $"{run.Skip}")) is { } skips ? $"the runs skip different numbers of modules: {skips}"
            : Values(runs.Select(run => run.Importance.Evidence.Mode).OfType<ValidationMode>().Select(EnumNames.NameOf)) is { } modes
                ? $"rewards of different validation modes cannot be compared: {modes}"
            : null;

        static string? Values(IEnumerable<string> values) =>
            values.Distinct().ToList() is { Count: > 1 } different ? string.Join(", ", different) : null;
    }
}
