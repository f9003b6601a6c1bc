using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Reporter.Importance;
using DasSearch.Store;
using MathNet.Numerics.Distributions;

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
    /// <summary>Means over tasks of VTAB-1K, method by method; none where the runs are of other tasks.</summary>
    public IReadOnlyList<VtabMeans> Vtab => VtabMeans.Of(Runs);

    /// <summary>Compares runs.</summary>
    /// <param name="runs">Their numbers or names, two or more.</param>
    /// <param name="confidence">Of all intervals, between 0 and 1.</param>
    /// <param name="countsPairs">Whether the runs' interactions are going to be asked for.</param>
    /// <exception cref="StoreException">There is no such run, or the database fails.</exception>
    /// <exception cref="DasSearchException">A run is named twice, or runs are of different backbones.</exception>
    public static RunComparison Of(
        IRunReader reader, IReadOnlyList<string> runs, double confidence = ImportanceAnalysis.DefaultConfidence, bool countsPairs = false)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentNullException.ThrowIfNull(runs);
        var details = runs.Select(reader.Find).ToList();
        Check(details);

        // One thread reads the database; what its numbers say takes as long again.
        var compared = details.ConvertAll(run => RewardedRun.Read(reader, run, countsPairs)).AsParallel().AsOrdered().Select(run => run.Analyse(confidence)).ToList();
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
            : Values(runs.Select(run => run.Importance.Rewards.Mode).OfType<ValidationMode>().Select(EnumNames.NameOf)) is { } modes
                ? $"rewards of different validation modes cannot be compared: {modes}"
            : null;

        static string? Values(IEnumerable<string> values) =>
            values.Distinct().ToList() is { Count: > 1 } different ? string.Join(", ", different) : null;
    }
}

/// <summary>A run as it stands beside others.</summary>
/// <param name="Plan">What its gates say to skip; null before the first round.</param>
/// <param name="Choice">How far its rewards bear that plan out; null where they are not enough.</param>
/// <param name="Cost">What that plan costs; null without one.</param>
/// <param name="Trained">The plans of the run that were trained, in the order first recorded.</param>
public sealed record ComparedRun(
    RunDetails Details,
    ImportanceAnalysis Importance,
    Subnetwork? Plan,
    ChoiceConfidence? Choice,
    Accounting? Cost,
    IReadOnlyList<TrainedPlan> Trained)
{
    /// <summary>The run's number.</summary>
    public long Number => Details.Summary.Run;

    /// <summary>Reads a run, and all that can be said of it alone.</summary>
    /// <exception cref="StoreException">The database fails.</exception>
    internal static ComparedRun Read(IRunReader reader, RunDetails run) =>
        RewardedRun.Read(reader, run, countsPairs: true).Analyse(ImportanceAnalysis.DefaultConfidence);
}

/// <summary>What is read of a run to compare it.</summary>
internal sealed record RewardedRun(RunDetails Details, RewardSums Rewards, Subnetwork? Plan, IReadOnlyList<TrainedPlan> Trained)
{
    /// <summary>Reads a run: its evaluations once, as they come.</summary>
    /// <exception cref="StoreException">The database fails.</exception>
    internal static RewardedRun Read(IRunReader reader, RunDetails run, bool countsPairs)
    {
        var (summary, modules) = (run.Summary, run.Costs.Modules.Count);
        var gates = reader.LastGates(summary.Run);
        var plan = run.Recommended is { } recommended ? recommended : gates.Count > 0 ? TopGates.Choose([.. gates.Select(gate => gate.Gate)], Math.Min(summary.Skip, modules)) : null;
        return new RewardedRun(run, RewardSums.Read(reader, run, countsPairs), plan, TrainedPlan.Of(reader.Plans(summary.Run)));
    }

    /// <summary>Works out what it says.</summary>
    internal ComparedRun Analyse(double confidence)
    {
        var importance = new ImportanceAnalysis(Rewards, confidence);
        return new ComparedRun(
            Details, importance, Plan, Plan is null ? null : importance.Judge(Plan), Plan is null ? null : Details.Costs.Of(Plan), Trained);
    }
}

/// <summary>How far two runs agree.</summary>
/// <param name="Jaccard">Of their plans: shared skips over all skips, from 0 to 1; null where a run has no plan.</param>
/// <param name="JaccardByChance">What plans of the same sizes drawn at random would have on average; null likewise.</param>
/// <param name="KendallTau">
/// Kendall's τ-b of importance over the modules that both have it of, from −1 to 1; null where that ranks nothing.
/// </param>
/// <param name="Spearman">Spearman's ρ of the same.</param>
public sealed record RunAgreement(long First, long Second, double? Jaccard, double? JaccardByChance, double? KendallTau, double? Spearman)
{
    internal static RunAgreement Of(ComparedRun first, ComparedRun second)
    {
        var both = first.Importance.Layers.Zip(second.Importance.Layers)
            .Where(pair => pair is { First.Importance: not null, Second.Importance: not null })
            .ToList();
        double[] one = [.. both.Select(pair => pair.First.Importance!.Value)];
        double[] other = [.. both.Select(pair => pair.Second.Importance!.Value)];
        var (jaccard, byChance) = first.Plan is { } plan && second.Plan is { } its ? Overlap(plan, its) : default;
        return new RunAgreement(
            first.Number, second.Number, jaccard, byChance, RankCorrelation.KendallTauB(one, other), RankCorrelation.Spearman(one, other));
    }

    private static (double?, double?) Overlap(Subnetwork one, Subnetwork other) =>
        (PlanOverlap.Jaccard(one, other), PlanOverlap.JaccardByChance(one.Modules, one.Count, other.Count));
}

/// <summary>How much two sets of skipped modules have in common: Jaccard's index, shared modules over all that either skips.</summary>
internal static class PlanOverlap
{
    /// <summary>From 0 for nothing to 1 for the same; two that skip nothing are the same.</summary>
    internal static double Jaccard(Subnetwork one, Subnetwork other) => Index(one.Skipped.Count(other.Contains), one.Count, other.Count);

    /// <summary>What to expect where both are drawn at random, each set of its size being equally likely.</summary>
    /// <param name="one">How many of them one set has, from 0 to all.</param>
    /// <param name="other">How many the other has, likewise.</param>
    internal static double JaccardByChance(int modules, int one, int other) =>
        Enumerable.Range(0, Math.Min(one, other) + 1)
            .Sum(shared => Hypergeometric.PMF(modules, one, other, shared) * Index(shared, one, other));

    private static double Index(int shared, int one, int other) => one + other == 0 ? 1 : (double)shared / (one + other - shared);
}

/// <summary>A setting in which runs differ.</summary>
/// <param name="Values">Its value in each run, in the runs' order; null where a run has no such setting.</param>
public sealed record SettingDifference(string Key, IReadOnlyList<string?> Values)
{
    // They tell runs apart rather than what was searched.
    private static readonly string[] _labels = ["name", "seed"];

    /// <summary>What differs, name and seed apart, in the settings' order.</summary>
    /// <param name="texts">Each run's settings in their canonical form: sections and, two blanks further in, their settings.</param>
    internal static IReadOnlyList<SettingDifference> Of(IReadOnlyList<string> texts)
    {
        var settings = texts.Select(Flatten).ToList();
        return
        [
            .. settings.SelectMany(run => run.Keys).Distinct().Except(_labels)
                .Select(key => new SettingDifference(key, [.. settings.Select(run => run.GetValueOrDefault(key))]))
                .Where(setting => setting.Values.Distinct().Count() > 1),
        ];
    }

    internal static Dictionary<string, string> Flatten(string text)
    {
        var (settings, section) = (new Dictionary<string, string>(), "");
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var (key, value) = line.Split(": ", 2) is [var name, var its] ? (name.Trim(), its.Trim()) : (line.Trim().TrimEnd(':'), "");
            section = line.StartsWith(' ') ? section : key + ".";
            if (value.Length > 0)
            {
                settings[line.StartsWith(' ') ? section + key : key] = value;
            }
        }

        return settings;
    }
}
