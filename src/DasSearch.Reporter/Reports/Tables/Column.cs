using System.Globalization;

namespace DasSearch.Reporter.Reports.Tables;

/// <summary>A column of a <see cref="DataTable"/>.</summary>
/// <param name="Name">What files call it, in snake case, such as <c>standard_error</c>.</param>
/// <param name="Heading">What a page calls it.</param>
/// <param name="Format">How a page writes numbers, as .NET's format strings; null for text.</param>
public sealed record Column(string Name, string Heading, string? Format = null)
{
    /// <summary>Whether it holds numbers, which stand to the right.</summary>
    public bool IsNumber => Format is not null;

    /// <summary>A value for a page: rounded by the format; a dash where there is none.</summary>
    public string Text(object? value) => value switch
    {
        null => "–",
        IFormattable number when Format is not null => number.ToString(Format, CultureInfo.InvariantCulture),
        bool flag => flag ? "yes" : "no",
        _ => Exact(value),
    };

    /// <summary>A value for a file: nothing is rounded away, and nothing stands where there is none.</summary>
    public static string Exact(object? value) => value switch
    {
        null => "",
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        bool flag => flag ? "true" : "false",
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
