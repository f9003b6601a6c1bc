using DasSearch.Core;

namespace DasSearch.Reporter.Importance;

/// <summary>How sure a choice of modules to skip is.</summary>
/// <param name="Chosen">The modules.</param>
/// <param name="AmongLeast">For each module how likely it is among as many least important ones as were chosen, from 0 to 1.</param>
/// <param name="Right">How likely the chosen ones are exactly the least important ones, from 0 to 1.</param>
/// <param name="Margin">What lies between chosen and left out; null where all or none are chosen, or its error cannot be told.</param>
public sealed record ChoiceEvidence(Subnetwork Chosen, IReadOnlyList<double> AmongLeast, double Right, Margin? Margin)
{
    /// <summary>How sure the choice is, in one or two sentences.</summary>
    public string Sentences => Certainty.Of(Right, Margin);

    /// <summary>The modules that may as well be skipped as kept, in order.</summary>
    public IReadOnlyList<int> CoinTosses => [.. Enumerable.Range(0, AmongLeast.Count).Where(module => CoinToss.Is(AmongLeast[module]))];

    /// <summary>Whether the evidence tells the last module chosen from the first one left out, the right way round.</summary>
    public bool IsTold => Chosen.Count == 0 || Chosen.Count == Chosen.Modules || Margin is { Difference.Lower: > 0 };
}
