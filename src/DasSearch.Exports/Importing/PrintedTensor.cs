using System.Globalization;

namespace DasSearch.Exports;

/// <summary>A vector as PyTorch prints it, such as <c>tensor([ 3,  7], device='cuda:0')</c>.</summary>
/// <param name="Line">The line on which it begins, from 1.</param>
/// <param name="Label">What stands before it on that line, or the end of it.</param>
/// <param name="Numbers">Its numbers.</param>
/// <param name="IsInteger">Whether PyTorch printed integers: they alone have neither point nor exponent.</param>
internal sealed record PrintedTensor(int Line, string Label, IReadOnlyList<double> Numbers, bool IsInteger)
{
    private const string Opening = "tensor([";
    private const int MaximumNumbers = 4096;
    private const int MaximumLabel = 200;

    private static readonly char[] _between = [',', ' ', '\t', '\r', '\n'];

    /// <summary>All vectors of a text, in order. What is no vector of numbers, or was shortened with dots, is passed over.</summary>
    internal static IEnumerable<PrintedTensor> ReadAll(string text)
    {
        var (line, counted) = (1, 0);
        var at = text.IndexOf(Opening, StringComparison.Ordinal);
        while (at >= 0)
        {
            line += text.AsSpan(counted, at - counted).Count('\n');
            counted = at;
            var start = at + Opening.Length;
            var end = text.AsSpan(start).IndexOfAny('[', ']');
            if (end >= 0 && text[start + end] == ']' && Parse(text.AsSpan(start, end)) is { } numbers)
            {
                yield return new PrintedTensor(line, LabelAt(text, at), numbers.Values, numbers.IsInteger);
            }

            at = text.IndexOf(Opening, start, StringComparison.Ordinal);
        }
    }

    private static string LabelAt(string text, int at)
    {
        var before = text.AsSpan(0, at)[Math.Max(0, at - MaximumLabel)..];
        return before[(before.LastIndexOf('\n') + 1)..].Trim().ToString();
    }

    private static (IReadOnlyList<double> Values, bool IsInteger)? Parse(ReadOnlySpan<char> text)
    {
        var values = new List<double>();
        var isInteger = true;
        foreach (var range in text.SplitAny(_between))
        {
            var word = text[range];
            if (word.IsEmpty)
            {
                continue;
            }

            if (values.Count == MaximumNumbers || Number(word) is not { } value)
            {
                return null;
            }

            values.Add(value);
            isInteger &= !word.ContainsAny(".enEN");
        }

        return (values, isInteger);
    }

    private static double? Number(ReadOnlySpan<char> word) => word switch
    {
        "nan" => double.NaN,
        "inf" => double.PositiveInfinity,
        "-inf" => double.NegativeInfinity,
        _ => double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null,
    };
}
