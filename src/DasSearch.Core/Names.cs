using System.Globalization;
using System.Text;

namespace DasSearch.Core;

/// <summary>How the values of an enumeration are written outside the program: FeedForward as <c>feed-forward</c>, BFloat16 as <c>bfloat16</c>.</summary>
/// <remarks>Configurations, the database and plans share these names; they are contracts once stored.</remarks>
public static class EnumNames
{
    /// <summary>All names, in the order of the values.</summary>
    public static IReadOnlyList<string> All<T>()
        where T : struct, Enum => Table<T>.Names;

    /// <summary>The name of a value.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="value"/> is no value of its type.</exception>
    public static string NameOf<T>(T value)
        where T : struct, Enum
    {
        var at = Array.IndexOf(Table<T>.Values, value);
        return at >= 0 ? Table<T>.Names[at] : throw new ArgumentOutOfRangeException(nameof(value), value, $"no such {typeof(T).Name}");
    }

    /// <summary>The value of a name, which is compared exactly.</summary>
    /// <returns>Whether there is one.</returns>
    public static bool TryParse<T>(string? name, out T value)
        where T : struct, Enum
    {
        var at = Array.IndexOf(Table<T>.Names, name);
        value = at >= 0 ? Table<T>.Values[at] : default;
        return at >= 0;
    }

    /// <summary>The value of a name that the program itself has written.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static T Parse<T>(string name)
        where T : struct, Enum =>
        TryParse<T>(name, out var value)
            ? value
            : throw new ArgumentException($"Expected {string.Join(" or ", All<T>())}, got '{name}'.", nameof(name));

    private static string Kebab(string pascal)
    {
        var text = new StringBuilder(pascal.Length + 4);
        for (var i = 0; i < pascal.Length; i++)
        {
            if (i > 0 && char.IsUpper(pascal[i]) && !char.IsUpper(pascal[i - 1]))
            {
                text.Append('-');
            }

            text.Append(char.ToLowerInvariant(pascal[i]));
        }

        return text.ToString();
    }

    private static class Table<T>
        where T : struct, Enum
    {
        public static readonly T[] Values = Enum.GetValues<T>();
        public static readonly string[] Names = [.. Values.Select(value => Kebab(value.ToString()))];
    }
}

/// <summary>Guesses which name was meant.</summary>
public static class NearestName
{
    /// <summary>The valid name that takes the fewest changed letters; null where none is near.</summary>
    /// <param name="written">What was written.</param>
    /// <param name="valid">The valid names; one with a section is also near when only its last part was written.</param>
    public static string? Of(string written, IEnumerable<string> valid)
    {
        var (nearest, least) = ((string?)null, Math.Max(2, written.Length / 3) + 1);
        foreach (var name in valid)
        {
            var distance = Math.Min(Distance(written, name), Distance(written, name[(name.LastIndexOf('.') + 1)..]));
            if (distance < least)
            {
                (nearest, least) = (name, distance);
            }
        }

        return nearest;
    }

    /// <summary>Letters to insert, delete or replace (Levenshtein).</summary>
    private static int Distance(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var replaced = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[^1];
    }
}

/// <summary>Durations as a person reads them.</summary>
public static class Durations
{
    /// <summary>Such as <c>4:09</c>, or <c>31:04:09</c> from an hour on.</summary>
    public static string Text(TimeSpan time) => time.TotalHours >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalHours}:{time:mm\\:ss}")
        : time.ToString(@"m\:ss", CultureInfo.InvariantCulture);
}
