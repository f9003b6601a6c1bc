using System.Globalization;
using System.Text.RegularExpressions;

namespace DasSearch.Core;

/// <summary>Command lines that are printed to be pasted: the one place that writes them, quoted for a POSIX shell where need be.</summary>
public static partial class ShellLine
{
    /// <summary>The database that commands take where none is named.</summary>
    public const string DefaultDatabase = "das.db";

    /// <summary>A command of das.</summary>
    /// <param name="database">The database that it is to find its run in; null where it needs none.</param>
    /// <param name="words">The command, and what follows it: numbers, and texts as they are.</param>
    public static string Das(string? database, params IEnumerable<object> words)
    {
        var line = Of(words.Prepend("das"));
        return database is null or DefaultDatabase ? line : $"{line} --db {Quote(database)}";
    }

    /// <summary>Any command.</summary>
    /// <param name="words">Its name, and what follows it.</param>
    public static string Of(params IEnumerable<object> words) =>
        string.Join(' ', words.Select(static word => Quote(Convert.ToString(word, CultureInfo.InvariantCulture) ?? "")));

    /// <summary>A file's name that no command takes for an option.</summary>
    public static string File(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return path.StartsWith('-') ? "./" + path : path;
    }

    // Within single quotes all is as it is, but for the quote itself.
    private static string Quote(string word) =>
        Plain().IsMatch(word) ? word : $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    [GeneratedRegex(@"^[A-Za-z0-9_@%+=:,./-]+\z")]
    private static partial Regex Plain();
}
