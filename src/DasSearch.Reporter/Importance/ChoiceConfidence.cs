using System.Globalization;
using DasSearch.Core;

namespace DasSearch.Reporter.Importance;

/// <summary>How far apart the last module chosen and the first one left out are.</summary>
/// <param name="LastChosen">The most important of the chosen modules.</param>
/// <param name="FirstLeftOut">The least important of the others.</param>
/// <param name="Difference">
/// By how much the second is more important; below 0 where the choice goes against the rewards. Where the choice is by
/// importance, the two are neighbours because they came out close, so the p-value errs on the side of doubt.
/// </param>
public sealed record ChoiceMargin(int LastChosen, int FirstLeftOut, Estimate Difference);

/// <summary>How sure a choice of modules to skip is.</summary>
/// <param name="AmongLeast">For each module how likely it is among as many least important ones as were chosen, from 0 to 1.</param>
/// <param name="ProbabilityCorrect">How likely the chosen ones are exactly the least important ones, from 0 to 1.</param>
/// <param name="Margin">What lies between chosen and left out; null where all or none are chosen, or its error is unknown.</param>
public sealed record ChoiceConfidence(Subnetwork Chosen, IReadOnlyList<double> AmongLeast, double ProbabilityCorrect, ChoiceMargin? Margin)
{
    private const double CoinTossFrom = 0.25;
    private const double CoinTossTo = 0.75;

    /// <summary>The choice's confidence in one or two sentences.</summary>
    public string Sentences => Describe(ProbabilityCorrect, Margin);

    /// <summary>The modules that may as well be skipped as kept, in order.</summary>
    public IReadOnlyList<int> CoinTosses => [.. Enumerable.Range(0, AmongLeast.Count).Where(module => IsCoinToss(AmongLeast[module]))];

    /// <summary>Whether the rewards tell the last module chosen from the first one left out, in the right order.</summary>
    public bool IsDecided => Chosen.Count == 0 || Chosen.Count == Chosen.Modules || Margin is { Difference.Lower: > 0 };

    /// <summary>Whether chance decides if a module is among the least important ones: a probability of 25 to 75 %.</summary>
    internal static bool IsCoinToss(double amongLeast) => amongLeast is >= CoinTossFrom and <= CoinTossTo;

    /// <summary>How likely a choice is right, and whether its edge can be told, in words that reports and the command line share.</summary>
    internal static string Describe(double probabilityCorrect, ChoiceMargin? margin)
    {
        var all = string.Create(
            CultureInfo.InvariantCulture,
            $"The rewards give a probability of {Numbers.Chance(probabilityCorrect)} that these are exactly the least important ones.");
        return margin is { Difference: { } difference }
            ? all + Told(margin) + string.Create(
                CultureInfo.InvariantCulture,
                $" (margin {Numbers.Value(difference.Value)} of reward, {Numbers.Value(difference.Lower)} to {Numbers.Value(difference.Upper)}, p-value {Numbers.PValue(difference.PValue)}).")
            : all;
    }

    private static string Told(ChoiceMargin margin) => margin.Difference switch
    {
        { Upper: < 0 } => $" They tell otherwise: layer {margin.LastChosen}, which is skipped, matters more than layer {margin.FirstLeftOut}, which is kept",
        { Lower: > 0 } => $" They tell layer {margin.LastChosen}, the last to be skipped, from layer {margin.FirstLeftOut}, the first to be kept",
        _ => $" They do not tell layer {margin.LastChosen}, the last to be skipped, from layer {margin.FirstLeftOut}, the first to be kept",
    };
}
