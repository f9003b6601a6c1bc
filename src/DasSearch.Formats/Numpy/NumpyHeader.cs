using System.Globalization;
using System.Text.RegularExpressions;

namespace DasSearch.Formats.Numpy;

/// <summary>What an array's header says, which is a dictionary in Python's words.</summary>
/// <param name="Type">The numbers' type, such as <c>&lt;f4</c>; anything else than a text as it is written.</param>
/// <param name="IsFortran">Whether the first dimension varies fastest.</param>
/// <param name="Shape">Its sizes.</param>
internal sealed partial record NumpyHeader(string Type, bool IsFortran, IReadOnlyList<long> Shape)
{
    /// <summary>Null for what no NumPy writes.</summary>
    internal static NumpyHeader? Parse(string text)
    {
        if (Header().Match(text) is not { Success: true } found)
        {
            return null;
        }

        var shape = new List<long>();
        foreach (var size in found.Groups["sizes"].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return null;
            }

            shape.Add(number);
        }

        return new NumpyHeader(found.Groups["text"].Value + found.Groups["list"].Value, found.Groups["fortran"].Value == "True", shape);
    }

    // Its keys are sorted, and structures of several numbers are lists.
    [GeneratedRegex(
        """^\{'descr': (?:'(?<text>[^']{1,16})'|(?<list>\[.*\])), 'fortran_order': (?<fortran>True|False), 'shape': \((?<sizes>[0-9, ]*)\),? ?\} *\n\z""",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Header();
}
