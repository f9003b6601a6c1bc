using DasSearch.Core;

namespace DasSearch.Reporter.Reports;

/// <summary>What runs come to, in words that page and summary share.</summary>
/// <param name="Answer">Which layers to skip.</param>
/// <param name="Certainty">How sure that is.</param>
/// <param name="Warning">What to be careful about; null for nothing.</param>
/// <param name="Chosen">The layers to skip; null where there is no answer.</param>
/// <param name="CoinTosses">The layers that may as well be skipped as kept, in order.</param>
/// <param name="Savings">What skipping saves and what it costs: names and figures.</param>
internal sealed record Verdict(
    string Answer,
    string Certainty,
    string? Warning,
    Subnetwork? Chosen,
    IReadOnlyList<int> CoinTosses,
    IReadOnlyList<(string Name, string Value)> Savings);
