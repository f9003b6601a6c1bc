using DasSearch.Core;
using DasSearch.Reporter.Analyses;
using DasSearch.Reporter.Reports;

namespace DasSearch.App.Analyses;

/// <summary>One of the papers' analyses of a plan.</summary>
public interface IAnalysis
{
    /// <summary>What commands call it.</summary>
    string Name { get; }

    /// <summary>What it shows, and which paper's figure it is, in a sentence without its full stop.</summary>
    string Summary { get; }

    /// <summary>Its figures.</summary>
    IReadOnlyList<FigureKind> Figures { get; }

    /// <summary>The settings that it heeds beside plans, samples and seed.</summary>
    AnalysisSettings Heeds => AnalysisSettings.None;

    /// <summary>Carries it out.</summary>
    /// <returns>Its figures, as they were announced.</returns>
    /// <exception cref="DasSearchException">The plan has nothing to analyse in this way, or what it needs is missing.</exception>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    IReadOnlyList<Figure> Run(AnalysisWork work, CancellationToken cancellation);
}

/// <summary>Settings that some analyses heed.</summary>
[Flags]
public enum AnalysisSettings
{
    None = 0,

    /// <summary>Several plans.</summary>
    Plans = 1,

    /// <summary>A checkpoint to compare with.</summary>
    Against = 2,

    /// <summary>The form of a divergence.</summary>
    Form = 4,

    /// <summary>Whether prompts are shown as they are weighed.</summary>
    Weighed = 8,
}

/// <summary>What is to be analysed.</summary>
/// <param name="Plans">The plans, at least one.</param>
public sealed record AnalysisRequest(IReadOnlyList<PlanSource> Plans)
{
    /// <summary>How many samples are looked at, at most; the first ones of the validation split.</summary>
    public int Samples { get; init; } = 500;

    /// <summary>What chance derives from.</summary>
    public long Seed { get; init; }

    /// <summary>The file of a checkpoint to compare with; null for none.</summary>
    public string? Against { get; init; }

    /// <summary>The form of a divergence; null for the true one.</summary>
    public DivergenceForm? Form { get; init; }

    /// <summary>Whether what tokens get of prompts is shown as it is weighed in the end.</summary>
    public bool IsWeighed { get; init; }

    /// <summary>What is set of the settings that only some analyses heed.</summary>
    internal AnalysisSettings Given =>
        (Plans.Count > 1 ? AnalysisSettings.Plans : AnalysisSettings.None)
        | (Against is null ? AnalysisSettings.None : AnalysisSettings.Against)
        | (Form is null ? AnalysisSettings.None : AnalysisSettings.Form)
        | (IsWeighed ? AnalysisSettings.Weighed : AnalysisSettings.None);
}

/// <summary>What an analysis works with.</summary>
/// <param name="Environment">Where tasks come from.</param>
/// <param name="Request">What is asked for.</param>
/// <param name="Progress">Told how many batches are done, of how many.</param>
/// <param name="Told">Told what happens.</param>
public sealed record AnalysisWork(AppEnvironment Environment, AnalysisRequest Request, Action<int, int> Progress, Action<string> Told)
{
    /// <summary>Samples of a batch; results depend on it by rounding only.</summary>
    internal const int BatchSize = 64;

    /// <summary>The only plan, or the first.</summary>
    internal PlanSource Plan => Request.Plans[0];
}
