using DasSearch.Core;
using DasSearch.Formats;
using DasSearch.Reporter.Analyses;
using DasSearch.Reporter.Reports;

namespace DasSearch.App.Analyses;

/// <summary>Where an analysis goes.</summary>
/// <param name="Folder">The folder; need not be there.</param>
/// <param name="Formats">How figures are drawn.</param>
/// <param name="IsForced">Whether files may be replaced that das did not write.</param>
public sealed record AnalysisPlace(string Folder, IReadOnlyList<FigureFormat> Formats, bool IsForced);

/// <summary>An analysis that is done.</summary>
/// <param name="Figures">What it found.</param>
/// <param name="Files">The names of its files in the folder.</param>
public sealed record AnalysisOutcome(IReadOnlyList<Figure> Figures, IReadOnlyList<string> Files);

/// <summary>Carries out an analysis, and writes what it found.</summary>
public static class AnalysisSession
{
    /// <summary>Does it.</summary>
    /// <exception cref="DasSearchException">The plan has nothing to analyse in this way, what it needs is missing, or the folder cannot be written; nothing is.</exception>
    /// <exception cref="OperationCanceledException">It was ended; nothing is written.</exception>
    public static AnalysisOutcome Run(IAnalysis analysis, AnalysisWork work, AnalysisPlace place, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(analysis);
        ArgumentNullException.ThrowIfNull(work);
        ArgumentNullException.ThrowIfNull(place);
        Check(analysis, work.Request);
        var guard = new OutputGuard(place.IsForced, "-o", work.Request.Plans.SelectMany(static plan => new[] { plan.Plan, plan.Database, plan.Config, plan.Checkpoint }).Append(work.Request.Against));
        AnalysisFolder.Claim(place.Folder, analysis.Figures, place.Formats, guard);
        var figures = analysis.Run(work, cancellation);
        return new AnalysisOutcome(figures, AnalysisFolder.Write(figures, place.Folder, place.Formats, guard));
    }

    private static void Check(IAnalysis analysis, AnalysisRequest request)
    {
        if (request.Samples < 2)
        {
            throw new UsageException($"--samples must be at least 2, not {request.Samples}");
        }

        var unheeded = request.Given & ~analysis.Heeds;
        if (unheeded != AnalysisSettings.None)
        {
            var setting = Enum.GetValues<AnalysisSettings>().First(setting => setting != AnalysisSettings.None && unheeded.HasFlag(setting));
            var named = AnalysisTable.All.Where(other => other.Heeds.HasFlag(setting)).Select(static other => other.Name);
            throw new UsageException(setting == AnalysisSettings.Plans
                ? $"{analysis.Name} is of one plan, not of {request.Plans.Count}"
                : $"--{EnumNames.NameOf(setting)} is not for {analysis.Name}, but for {string.Join(" and ", named)}");
        }
    }
}
