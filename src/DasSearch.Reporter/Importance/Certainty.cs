using System.Globalization;

namespace DasSearch.Reporter.Importance;

/// <summary>How sure a choice of layers is, in words that reports and the command line share.</summary>
internal static class Certainty
{
    /// <summary>How likely the choice is right, and whether its edge can be told.</summary>
    /// <param name="right">How likely the chosen layers are exactly the least important ones, from 0 to 1.</param>
    /// <param name="margin">What lies between chosen and left out; null for nothing.</param>
    internal static string Of(double right, Margin? margin)
    {
        var all = string.Create(
            CultureInfo.InvariantCulture, $"The rewards give a probability of {right:P0} that these are exactly the least important ones.");
        return margin is { Difference: { } difference }
            ? all + (difference.Lower > 0 ? " They tell" : " They do not tell") + string.Create(
                CultureInfo.InvariantCulture,
                $" layer {margin.LastChosen}, the last to be skipped, from layer {margin.FirstLeftOut}, the first to be kept "
                + $"(margin {difference.Value:0.0000} of reward, {difference.Lower:0.0000} to {difference.Upper:0.0000}, p = {difference.PValue:0.00}).")
            : all;
    }
}
