using System.Globalization;

namespace DasSearch.Core;

/// <summary>Numbers as people read and write them: the one place where das turns them into text, and text into them.</summary>
/// <remarks>
/// Printed numbers keep at least two significant digits at any scale: only what is 0 looks like 0, and only what is all looks like all. What is
/// missing is a dash. Numbers that are read have a decimal point, no separators and no spaces, whatever language the machine speaks.
/// </remarks>
public static class Numbers
{
    private const string Missing = "–";
    private const int MostPlaces = 6; // of a small number; a smaller one has a power of ten

    private static readonly CultureInfo _invariant = CultureInfo.InvariantCulture;

    /// <summary>An index, a seed or a number that names something, such as <c>1234</c>.</summary>
    public static string Whole(long number) => number.ToString(_invariant);

    /// <summary>An index or a rank, where there is one.</summary>
    public static string Whole(double? number) => number?.ToString("0.#", _invariant) ?? Missing;

    /// <summary>A count with thousands apart, such as <c>1,234</c>.</summary>
    public static string Count(long count) => count.ToString("N0", _invariant);

    /// <summary>A count, where there is one.</summary>
    public static string Count(double? count) => count?.ToString("N0", _invariant) ?? Missing;

    /// <summary>A reward, a loss, a metric: four decimals such as <c>0.8307</c>, more where the number is small.</summary>
    public static string Value(double? number) => Decimals(number, 4);

    /// <summary>The same with its sign, such as <c>+0.0123</c>.</summary>
    public static string WithSign(double? number) => (number > 0 ? "+" : "") + Value(number);

    /// <summary>A number with at least so many decimals.</summary>
    /// <param name="number">The number; null for a dash.</param>
    /// <param name="decimals">How many, where two of them are significant.</param>
    public static string Decimals(double? number, int decimals) => number is not { } value
        ? Missing
        : Math.Abs(value) switch
        {
            0 => 0.0.ToString($"F{decimals}", _invariant),
            double.NaN or double.PositiveInfinity => value.ToString(_invariant),
            >= 1e9 => value.ToString("0.000E+0", _invariant),
            >= 1000 => value.ToString("N1", _invariant),
            var size when PlacesOf(size) is var places && places > Math.Max(decimals, MostPlaces) => value.ToString("0.0E+0", _invariant),
            var size => value.ToString($"F{Math.Max(decimals, PlacesOf(size))}", _invariant),
        };

    /// <summary>A change in percent with its sign, such as <c>-21.8 %</c>.</summary>
    public static string Change(double? percent) => Change(percent, 1);

    /// <summary>The same to so many decimals.</summary>
    public static string Change(double? percent, int digits) =>
        percent is null ? Missing : (percent > 0 ? "+" : "") + Decimals(percent, digits) + " %";

    /// <summary>A change in percent with its interval, such as <c>-28.0 % (-29.1 to -27.2)</c>; where there is no interval, that is said.</summary>
    public static string Change(double? percent, double? lower, double? upper) =>
        percent is null ? Missing
        : lower is null || upper is null ? $"{Change(percent)} (interval unknown)"
        : $"{Change(percent)} ({Change(lower)[..^2]} to {Change(upper)[..^2]})";

    /// <summary>A share of 1 in percent, such as <c>84.6 %</c>.</summary>
    public static string Share(double? share)
    {
        if (share is not { } value)
        {
            return Missing;
        }

        // What is nearly all has as many digits as tell it from all.
        var rest = 100 * (1 - value);
        return (rest is > 0 and < 0.05 ? (100 * value).ToString($"F{Math.Min(PlacesOf(rest), MostPlaces)}", _invariant) : Decimals(100 * value, 1)) + " %";
    }

    /// <summary>A probability, such as <c>0.57</c>; <c>&lt;0.01</c> and <c>&gt;0.99</c> for what is nearly impossible or certain.</summary>
    public static string Probability(double? probability) => Probability(probability, 2);

    /// <summary>A probability with so many decimals.</summary>
    public static string Probability(double? probability, int decimals)
    {
        if (probability is not { } value)
        {
            return Missing;
        }

        var step = Math.Pow(10, -decimals);
        return value > 0 && value < step / 2 ? $"<{step.ToString($"F{decimals}", _invariant)}"
            : value < 1 && value > 1 - (step / 2) ? $">{(1 - step).ToString($"F{decimals}", _invariant)}"
            : value.ToString($"F{decimals}", _invariant);
    }

    /// <summary>A probability in whole percent within a sentence, such as <c>47 %</c>, <c>under 1 %</c> or <c>over 99 %</c>.</summary>
    public static string Chance(double probability) => probability switch
    {
        > 0 and < 0.005 => "under 1 %",
        > 0.995 and < 1 => "over 99 %",
        _ => (100 * probability).ToString("F0", _invariant) + " %",
    };

    /// <summary>A p-value, such as <c>0.032</c>; <c>&lt;0.001</c> for anything less.</summary>
    public static string PValue(double? probability) => probability is < 0.001 ? "<0.001" : probability?.ToString("F3", _invariant) ?? Missing;

    /// <summary>Reads a number such as <c>0.02</c> or <c>5e-4</c>.</summary>
    /// <returns>Whether the text is one: a finite number with a decimal point, without separators and spaces.</returns>
    public static bool TryParse(string? text, out double number) => double.TryParse(
        text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, _invariant, out number) && double.IsFinite(number);

    /// <summary>Reads a whole number such as <c>200</c>.</summary>
    /// <returns>Whether the text is one: digits, with a sign at most.</returns>
    public static bool TryParse(string? text, out long number) => long.TryParse(text, NumberStyles.AllowLeadingSign, _invariant, out number);

    /// <summary>The end of a message about a text that is no number: how to write the one that was probably meant.</summary>
    /// <param name="text">The text, such as <c>0,02</c> or <c>1 000</c>.</param>
    /// <param name="isWhole">Whether it has to be a whole number.</param>
    /// <returns>Such as <c>: write 0.02</c>; empty where nobody can tell.</returns>
    public static string Hint(string text, bool isWhole)
    {
        ArgumentNullException.ThrowIfNull(text);
        var inside = text.Trim().Trim('[', ']', '"', '\'');
        var plain = string.Concat(inside.Where(static letter => !char.IsWhiteSpace(letter) && letter is not ('_' or '\'' or '’')));
        var isList = inside.Split(',').Skip(1).Any(static part => part.StartsWith(' ') || part.Length == 0) || (text != inside && plain.Contains(',', StringComparison.Ordinal));
        var meant = (isList ? [] : Meant(plain)).Select(one => isWhole ? AsWhole(one) : TryParse(one, out double _) ? one : null).OfType<string>().Where(one => one != text);
        return string.Join(" or ", isWhole ? meant.Take(1) : meant) is { Length: > 0 } written ? $": write {written}" : "";
    }

    // Two significant digits of a number below 1; as few as none above.
    private static int PlacesOf(double size) => 1 - (int)Math.Floor(Math.Log10(size));

    // Without separators, and with a point for what is no thousands separator: three digits behind a single comma may be either.
    private static string[] Meant(string plain)
    {
        var (comma, point) = (plain.LastIndexOf(','), plain.LastIndexOf('.'));
        var (commas, points) = (plain.Count(static letter => letter == ','), plain.Count(static letter => letter == '.'));
        var (withoutCommas, withoutPoints) = (plain.Replace(",", "", StringComparison.Ordinal), plain.Replace(".", "", StringComparison.Ordinal));
        return (commas, points) switch
        {
            (0, <= 1) => [plain],
            (1, 0) when plain.Length - comma == 4 && plain.TrimStart('+', '-')[0] is >= '1' and <= '9' => [withoutCommas, plain.Replace(',', '.')],
            (1, 0) => [plain.Replace(',', '.')],
            (1, _) when point < comma => [withoutPoints.Replace(',', '.')],
            (0, _) => [withoutPoints],
            (_, 0) => [withoutCommas],
            (_, 1) when comma < point => [withoutCommas],
            _ => [],
        };
    }

    private static string? AsWhole(string text) =>
        TryParse(text, out long whole) || (TryParse(text, out double number) && number == Math.Floor(number) && Math.Abs(number) < 1e15 && (whole = (long)number) == number)
            ? whole.ToString(_invariant)
            : null;
}
