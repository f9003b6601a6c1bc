using DasSearch.Core;

namespace DasSearch.App.Analyses;

/// <summary>The analyses by name: a new one is one file and one line here.</summary>
public static class AnalysisTable
{
    /// <summary>All of them, in the order of help.</summary>
    public static IReadOnlyList<IAnalysis> All { get; } =
    [
        new SkippedAnalysis(),
        new SimilarityAnalysis(),
        new JsdAnalysis(),
        new DriftAnalysis(),
        new ChannelsAnalysis(),
        new AttentionAnalysis(),
    ];

    /// <summary>The analysis of a name.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public static IAnalysis Named(string name) => All.FirstOrDefault(analysis => analysis.Name == name)
        ?? throw new UsageException($"there is no analysis {name}: there are {string.Join(", ", All.Select(static analysis => analysis.Name))}");
}
