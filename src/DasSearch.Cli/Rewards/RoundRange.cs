using System.Globalization;
using System.Text.RegularExpressions;
using DasSearch.Core;

namespace DasSearch.Cli.Rewards;

/// <summary>Rounds from one to another, both of them included.</summary>
/// <param name="First">The first, from 0.</param>
/// <param name="Last">The last.</param>
internal sealed partial record RoundRange(int First, int Last)
{
    /// <summary>Reads <c>10..50</c>, <c>10..</c>, <c>..50</c> or <c>10</c>.</summary>
    /// <exception cref="UsageException">It is something else.</exception>
    internal static RoundRange Parse(string text)
    {
        var match = Pattern().Match(text);
        if (match.Success && Number(match.Groups["first"], 0) is { } first && Number(match.Groups["last"], int.MaxValue) is { } last)
        {
            var range = match.Groups["to"].Success ? new RoundRange(first, last) : new RoundRange(first, first);
            if (range.First <= range.Last)
            {
                return range;
            }
        }

        throw new UsageException($"--rounds must be such as 10..50, 10.., ..50 or 10, not '{text}'");
    }

    private static int? Number(Group digits, int otherwise) =>
        digits.Length == 0 ? otherwise : int.TryParse(digits.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    [GeneratedRegex(@"^(?:(?<first>\d+)(?<to>\.\.)?|(?:(?<first>\d*)(?<to>\.\.)(?<last>\d+)))\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}
