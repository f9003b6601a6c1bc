using System.Globalization;
using System.Text;

namespace OxyPlot.Svg;

/// <summary>
/// How wide texts are, without a font at hand. The widths are those of DejaVu Sans, which is as wide as Verdana and wider
/// than Arial, Helvetica, Segoe UI and Roboto: with any of them, what was laid out apart stays apart.
/// </summary>
internal static class FontMetrics
{
    /// <summary>The height of a line, in ems.</summary>
    public const double LineHeight = 1.2;

    /// <summary>From the upper edge of a line down to where its letters stand, in ems.</summary>
    public const double Baseline = 0.95;

    // Of the characters from the space to the tilde, in thousandths of an em.
    private static readonly short[] _widths =
    [
        318, 401, 474, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337,
        636, 636, 636, 636, 636, 636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 556,
        1015, 684, 686, 722, 770, 667, 611, 778, 752, 295, 500, 667, 557, 863, 748, 787,
        667, 787, 722, 667, 611, 732, 684, 989, 685, 667, 685, 390, 337, 390, 838, 556,
        500, 613, 635, 550, 635, 615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612,
        635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838,
    ];

    /// <summary>The room that a text takes, line by line.</summary>
    public static TextSize Measure(string text, TextStyle style)
    {
        var lines = text.Split('\n');
        var weight = style.Weight >= 600 ? 1.12 : 1;
        return new TextSize(lines.Max(Ems) * style.Size * weight, lines.Length * style.Size * LineHeight);
    }

    /// <summary>
    /// The text itself if it is not wider than told, otherwise as much of its two ends as is, with an ellipsis between: names
    /// of layers differ at the end.
    /// </summary>
    public static string Shorten(string text, TextStyle style, double width)
    {
        if (Measure(text, style).Width <= width)
        {
            return text;
        }

        var runes = text.EnumerateRunes().ToList();
        var (fits, most) = (0, runes.Count - 1);
        while (fits < most)
        {
            var middle = (fits + most + 1) / 2;
            (fits, most) = Measure(Ends(middle), style).Width <= width ? (middle, most) : (fits, middle - 1);
        }

        return Ends(fits);

        string Ends(int kept) => string.Concat(runes.Take(kept / 2)) + "…" + string.Concat(runes.TakeLast(kept - (kept / 2)));
    }

    /// <summary>The text with lines broken at spaces, so that none is wider than told unless a word alone is.</summary>
    public static string Wrap(string text, TextStyle style, double width)
    {
        var lines = new StringBuilder();
        var line = "";
        foreach (var word in text.Split(' '))
        {
            var longer = line.Length == 0 ? word : $"{line} {word}";
            if (line.Length > 0 && Measure(longer, style).Width > width)
            {
                lines.Append(line).Append('\n');
                longer = word;
            }

            line = longer;
        }

        return lines.Append(line).ToString();
    }

    private static double Ems(string line) => line.EnumerateRunes().Sum(Ems);

    private static double Ems(Rune rune) => rune.Value switch
    {
        < ' ' => 0,
        <= '~' => _widths[rune.Value - ' '] / 1000.0,
        >= 0x1100 and <= 0x115F or >= 0x2E80 and <= 0xD7A3 or >= 0xF900 and <= 0xFAFF or >= 0xFE30 and <= 0xFF60 or >= 0x1F000 => 1,
        '…' => 1,
        _ => Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format => 0,
            UnicodeCategory.UppercaseLetter => 0.79,
            UnicodeCategory.MathSymbol or UnicodeCategory.OtherSymbol => 0.84,
            UnicodeCategory.OtherNumber => 0.45,
            _ => 0.64,
        },
    };
}
