using System.Globalization;
using DasSearch.Core;

namespace DasSearch.Reporter.Reports;

/// <summary>Sentences that the verdicts of one run and of several have in common.</summary>
internal static class Wording
{
    /// <summary>Which layers to skip.</summary>
    internal static string Skip(Subnetwork chosen) =>
        chosen.Count == 0 ? "Skip nothing." : $"Skip {Layers([.. chosen.Skipped])} of {chosen.Modules}.";

    /// <summary>That chance decides about some layers; null where there are none.</summary>
    internal static string? CoinTosses(IReadOnlyList<int> layers, string more) => layers.Count == 0
        ? null
        : $"Coin tosses: {Layers(layers)}. It is open whether {(layers.Count == 1 ? "it belongs" : "they belong")} among the least important; {more}.";

    /// <summary>A change in percent.</summary>
    internal static string Change(double percent) => string.Create(CultureInfo.InvariantCulture, $"{percent:+0.0;−0.0;0}\u00a0%");

    /// <summary>Layers in a row, as a sentence has them.</summary>
    internal static string Layers(IReadOnlyList<int> layers) => layers switch
    {
        [var one] => $"layer {Text(one)}",
        _ => $"layers {string.Join(", ", layers.SkipLast(1).Select(Text))} and {Text(layers[^1])}",
    };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
