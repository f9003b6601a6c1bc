using System.Globalization;

namespace DasSearch.Cli;

/// <summary>Durations as a person reads them.</summary>
internal static class Durations
{
    /// <summary>Such as <c>4:09</c>, or <c>1:04:09</c> from an hour on.</summary>
    internal static string Text(TimeSpan time) =>
        time.ToString(time.TotalHours >= 1 ? @"h\:mm\:ss" : @"m\:ss", CultureInfo.InvariantCulture);
}
