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
