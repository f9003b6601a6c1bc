using System.Globalization;
using System.Text.RegularExpressions;

namespace DasSearch.Exports;

/// <summary>Reads lists as the authors' scripts take them: <c>skip_module=[…]</c>, <c>--skip_list '[…]'</c>, or the list alone.</summary>
/// <remarks>Lines that are commented out do not count; the authors keep the lists of other datasets there.</remarks>
internal static partial class ListReader
{
    private const int MaximumLine = 1000;

    /// <summary>What a text says; null where it has no list.</summary>
    /// <param name="text">A script, or a list itself.</param>
    /// <param name="source">What messages call it.</param>
    /// <param name="modules">How many modules the model has.</param>
    /// <exception cref="ImportException">There are several lists, or one names no module or one that the model does not have.</exception>
    internal static Finding? Read(string text, string source, int modules)
    {
        var lists = Alone().Match(text) is { Success: true } alone
            ? [alone.Groups["list"].Value]
            : Named().Matches(text).Where(match => !IsCommentedOut(text, match.Index)).Select(match => match.Groups["list"].Value).ToList();
        var sets = lists
            .Select(list => ModuleList.Check(Numbers(list, source), modules, source))
            .DistinctBy(list => string.Join(',', list.Order()))
            .ToList();
        return sets switch
        {
            [] => null,
            [[]] => throw new ImportException($"{source} has an empty list: it skips nothing"),
            [var only] => new Finding(null, only, null, source),
            _ => throw new ImportException(
                $"{source} has several lists, {string.Join(" and ", sets.Select(Text))}: give the one that is meant instead of the file"),
        };
    }

    private static string Text(IReadOnlyList<int> list) => $"[{string.Join(',', list)}]";

    private static List<double> Numbers(string list, string source) =>
        [.. list.Split(',', StringSplitOptions.TrimEntries).Where((word, i) => word.Length > 0 || i > 0).Select(word =>
            int.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var index)
                ? (double)index
                : throw new ImportException($"{source}: '{word}' in the list [{list}] is no module's index"))];

    private static bool IsCommentedOut(string text, int at)
    {
        var before = text.AsSpan(0, at)[Math.Max(0, at - MaximumLine)..];
        return before[(before.LastIndexOf('\n') + 1)..].Contains('#');
    }

    [GeneratedRegex("""\A\s*['"]?\[(?<list>[^\[\]]*)\]['"]?\s*\z""")]
    private static partial Regex Alone();

    // Between name and list stand an equals sign or colon, quotes and spaces, in whatever order YAML, Python or a shell has them.
    [GeneratedRegex("""skip_(?:module|list)[\s=:'"]{1,8}\[(?<list>[^\[\]]{0,9999})\]""")]
    private static partial Regex Named();
}
