using System.Globalization;

namespace DasSearch.Store;

/// <summary>Times as they are stored: ISO 8601 in UTC to the millisecond, which sorts as text.</summary>
internal static class Times
{
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    internal static string Now(TimeProvider time) => time.GetUtcNow().ToString(Format, CultureInfo.InvariantCulture);

    internal static DateTimeOffset Parse(string text) =>
        DateTimeOffset.ParseExact(text, Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
