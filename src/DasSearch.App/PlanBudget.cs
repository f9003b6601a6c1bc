using System.Globalization;
using System.Text.RegularExpressions;
using DasSearch.Core;

namespace DasSearch.App;

/// <summary>How much a plan is to save.</summary>
/// <param name="Kind">What of.</param>
/// <param name="ChangePercent">The change to reach at least, in percent of the full model; below 0.</param>
public sealed partial record PlanBudget(BudgetKind Kind, double ChangePercent)
{
    /// <summary>Reads a budget such as <c>macs=-15%</c> or <c>latency=-10%</c>.</summary>
    /// <exception cref="FormatException">It is none; the message says what one looks like.</exception>
    public static PlanBudget Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Pattern().Match(text) is { Success: true } match
            && EnumNames.TryParse<BudgetKind>(match.Groups[1].Value, out var kind)
            && double.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture) is var percent and > 0 and < 100
            ? new PlanBudget(kind, -percent)
            : throw new FormatException($"must be such as macs=-15% or latency=-10%, a saving of more than 0 and less than 100 %, not '{text}'{Hint(text)}");
    }

    private static string Hint(string text) =>
        text.Split('=') is [var kind, var change] && Numbers.Hint(change.TrimEnd('%'), isWhole: false) is { Length: > 0 } hint
            ? $"{hint.Replace(": write ", $": write {kind}=", StringComparison.Ordinal)}%"
            : "";

    [GeneratedRegex(@"^([a-z]+)=-([0-9]+(?:\.[0-9]+)?)%?\z")]
    private static partial Regex Pattern();
}

/// <summary>What a plan is to save.</summary>
public enum BudgetKind
{
    /// <summary>Multiply-accumulates.</summary>
    Macs,

    /// <summary>The time that a batch takes, as it was measured when the search was over.</summary>
    Latency,
}
