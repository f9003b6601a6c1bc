using System.Buffers;
using System.Globalization;
using System.Text.RegularExpressions;

namespace DasSearch.Exports;

/// <summary>Reads lists as the authors' scripts take them, and as Python, YAML and a shell write them: <c>skip_module=[…]</c>, <c>--skip_list '[…]'</c>, or the list alone.</summary>
/// <remarks>
/// Comments do not count; the authors keep the lists of other datasets there. Nor does an empty list beside one that is not: it belongs to
/// another branch. Lists that are computed are passed over. A <c>skip_module</c> among settings that say how many modules a search is to skip is the
/// default of the authors' code, which a search does not use: it is no choice.
/// </remarks>
internal static partial class ListReader
{
    private const int Longest = 9999;
    private const int Deepest = 4;
    private const int MostSpace = 80;
    private const int MostLine = 1000;
    private const string WithDefault = "module"; // skip_module is [0, 1, 2, 3] unless told; skip_list is empty
    private const int Shown = 100;

    private static readonly SearchValues<char> _prefixes = SearchValues.Create("fFrRbBuU"); // of Python's texts
    private static readonly string[] _scripts = [".py", ".sh", ".bash", ".zsh", ".yaml", ".yml", ".json", ".ipynb"];

    /// <summary>What a text says; null where it has no list.</summary>
    /// <param name="text">A script, or a list itself.</param>
    /// <param name="source">What messages call it.</param>
    /// <param name="modules">How many modules there are.</param>
    /// <exception cref="ImportException">There are several lists, or one names no module or one that the model does not have, or none is a choice.</exception>
    internal static SourceFinding? Read(string text, string source, int modules)
    {
        if (Alone().Match(text) is { Success: true } alone)
        {
            var only = ModuleList.Check(Numbers(alone.Groups["list"].Value, source), modules, source);
            return only.Count > 0 ? new SourceFinding(null, only, null, source) : throw Empty(source);
        }

        var code = WithoutComments(text);
        var lists = Find(code, source).ToList();
        var sets = lists.Where(static list => list.Numbers is not null)
            .Select(list => (List: list, Set: ModuleList.Check(list.Numbers!, modules, list.Place)))
            .ToList();
        var meant = sets.Where(static one => one.Set.Count > 0).ToList();
        var chosen = meant.Where(static one => !one.List.IsDefault).DistinctBy(static one => string.Join(',', one.Set.Order())).ToList();
        return (chosen, meant, sets, lists) switch
        {
            ([var (list, set)], _, _, _) => new SourceFinding(null, set, null, list.Place) { ChoiceNote = NoteOf(list, source) },
            ([_, ..], _, _, _) => throw new ImportException(
                $"{source} has several lists, {string.Join(" and ", chosen.Select(static one => $"[{string.Join(',', one.Set)}] in line {one.List.Line}"))}: "
                + "give the one that is meant instead of the file"),
            (_, [var (list, set), ..], _, _) => throw new ImportException(
                $"{list.Place} has '{list.Text}' among the settings of a search, which has the number of modules to skip beside it and does not use the list, "
                + $"and there is no choice in {source}: if the list is meant, give it itself, as '[{string.Join(',', set)}]'"),
            (_, _, [_, ..], _) => throw Empty(source),
            (_, _, _, [var list, ..]) => throw new ImportException(
                $"{list.Place} computes its list, '{list.Text}', and das does not run it: give the list itself instead of the file"),
            _ => null,
        };
    }

    private static ImportException Empty(string source) => new($"{source} has an empty list: it skips nothing");

    private static string NoteOf(Written list, string source) =>
        $"the list was taken from {list.Place}, '{list.Text}'"
        + (list.IsSetting && !_scripts.Contains(Path.GetExtension(source), StringComparer.OrdinalIgnoreCase)
            ? ", a setting: there is no choice that a search printed"
            : "");

    private static IEnumerable<Written> Find(string code, string source)
    {
        var counts = WithLines(code, Count()).ToList();
        var countLines = counts.Select(static count => count.Line).ToHashSet();
        var isSearch = counts.Exists(static count => count.Match.Groups["sign"].Value != "=");
        foreach (var (name, line) in WithLines(code, Name()))
        {
            if (ValueOf(code, name) is not { } value)
            {
                continue;
            }

            var place = $"{source}:{line.ToString(CultureInfo.InvariantCulture)}";
            var isSetting = value.IsSetting && Before(code, name.Index).Trim(" \t\"'{,").IsEmpty;
            yield return new Written(
                place,
                line,
                TextOf(code, name.Index),
                value.IsComputed ? null : Numbers(value.Inside, place),
                isSetting,
                name.ValueSpan.EndsWith(WithDefault) && (countLines.Contains(line) || (isSetting && isSearch)));
        }
    }

    private static IEnumerable<(Match Match, int Line)> WithLines(string code, Regex wanted)
    {
        var (line, counted) = (1, 0);
        foreach (var match in wanted.Matches(code).AsEnumerable())
        {
            line += code.AsSpan(counted, match.Index - counted).Count('\n');
            counted = match.Index;
            yield return (match, line);
        }
    }

    // What stands before a place on its line, or the end of it.
    private static ReadOnlySpan<char> Before(string code, int at)
    {
        var before = code.AsSpan(0, at)[Math.Max(0, at - MostLine)..];
        return before[(before.LastIndexOf('\n') + 1)..];
    }

    private static string TextOf(string code, int at)
    {
        var rest = code.AsSpan(at, Math.Min(MostLine, code.Length - at));
        var text = $"{Before(code, at)}{(rest.IndexOf('\n') is var end && end < 0 ? rest : rest[..end])}".Trim();
        return text.Length > Shown ? text[..Shown] + "…" : text;
    }

    // What a name is given, be it by =, by : or as the next word of a command line; null for what is no list.
    private static Value? ValueOf(string code, Match name)
    {
        var isFlag = name.Groups["flag"].Success;
        var at = Skip(code, name.Index + name.Length, static letter => letter is '\\' or '\'' or '"' or ']', 3);
        var sign = Skip(code, at, char.IsWhiteSpace);
        var (isAssigned, isSetting) = (false, false);
        if (sign < code.Length && code[sign] is '=' or ':')
        {
            var annotation = Annotation().Match(code, sign);
            at = annotation.Success ? sign + annotation.Length : code.AsSpan(sign).StartsWith(":=") ? sign + 2 : sign + 1;
            if (at < code.Length && code[at] == '=')
            {
                return null; // a comparison
            }

            (isAssigned, isSetting) = (true, code[sign] == ':' || char.IsWhiteSpace(code[sign - 1]));
        }

        at = Skip(code, at, static letter => char.IsWhiteSpace(letter) || letter is '\\' or '\'' or '"');
        if (isAssigned && Wrapper().Match(code, at) is { Success: true } wrapper)
        {
            at += wrapper.Length;
        }

        if (Items().Match(code, at) is { Success: true } items && isAssigned)
        {
            return new Value(string.Join(',', items.Value.Split('-', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)), isSetting, IsComputed: false);
        }

        if ((isFlag || (at > 0 && code[at - 1] is '\'' or '"')) && Bare().Match(code, at) is { Success: true } bare)
        {
            return new Value(Spaces().Replace(bare.Value, ","), isSetting, IsComputed: false);
        }

        if (at >= code.Length || !(code[at] == '[' || (isAssigned && code[at] is '(' or '{')) || Closing(code, at) is not { } end)
        {
            return null;
        }

        var inside = code[(at + 1)..end].TrimEnd('\\');
        return new Value(
            code[at] == '(' && !inside.Contains(',', StringComparison.Ordinal) ? Spaces().Replace(inside.Trim(), ",") : inside,
            isSetting,
            inside.Any(char.IsLetter) || (isAssigned && !isFlag && Operator().IsMatch(code, end + 1)));
    }

    private static int Skip(string code, int at, Func<char, bool> isPassed, int most = MostSpace)
    {
        var end = at;
        while (end < code.Length && end - at < most && isPassed(code[end]))
        {
            end++;
        }

        return end;
    }

    private static int? Closing(string code, int opening)
    {
        var depth = 0;
        for (var i = opening; i < code.Length && i - opening < Longest && depth <= Deepest; i++)
        {
            depth += code[i] switch
            {
                '[' or '(' or '{' => 1,
                ']' or ')' or '}' => -1,
                _ => 0,
            };
            if (depth == 0)
            {
                return i;
            }
        }

        return null;
    }

    // A comma may end the list, as formatters have it.
    private static List<double> Numbers(string list, string source)
    {
        var words = list.Split(',').Select(static word => word.Trim(' ', '\t', '\r', '\n', '\'', '"', '\\')).ToList();
        if (words[^1].Length == 0)
        {
            words.RemoveAt(words.Count - 1);
        }

        return words.ConvertAll(word => int.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var index)
            ? (double)index
            : throw new ImportException($"{source}: '{word}' in the list [{list}] is no module's index"));
    }

    // The text with spaces for comments, so that every letter keeps its place.
    private static string WithoutComments(string text) => string.Create(text.Length, text, static (code, whole) =>
    {
        whole.CopyTo(code);
        var quote = '\0';
        for (var i = 0; i < code.Length; i++)
        {
            var letter = code[i];
            if (letter == '\n')
            {
                quote = '\0'; // What is left open was an apostrophe.
            }
            else if (letter == '\\')
            {
                i++;
            }
            else if (letter == quote)
            {
                quote = '\0';
            }
            else if (quote == '\0' && letter is '\'' or '"' && IsOpening(code, i))
            {
                quote = letter;
            }
            else if (quote == '\0' && letter == '#' && IsComment(code[..i]))
            {
                var end = code[i..].IndexOf('\n') is var length && length < 0 ? code.Length : i + length;
                code[i..end].Fill(' ');
                i = end - 1;
            }
        }
    });

    // Not within a word, where it is an apostrophe, unless that word is one of Python's such as f or rb.
    private static bool IsOpening(ReadOnlySpan<char> code, int at)
    {
        var start = at;
        while (start > 0 && at - start < 3 && char.IsLetterOrDigit(code[start - 1]))
        {
            start--;
        }

        if (start < at && (at - start > 2 || code[start..at].IndexOfAnyExcept(_prefixes) >= 0))
        {
            return false;
        }

        var rest = code[(at + 1)..];
        return rest.IndexOfAny(code[at], '\n') is >= 0 and var end && rest[end] == code[at];
    }

    // Python's may follow anything, a shell's only a space: after a path or a URL it is none, after a number that stands alone it is one.
    private static bool IsComment(ReadOnlySpan<char> before)
    {
        if (before.IsEmpty || char.IsWhiteSpace(before[^1]) || ",;:()[]{}'\"=".Contains(before[^1], StringComparison.Ordinal))
        {
            return true;
        }

        var number = before.LastIndexOfAnyExceptInRange('0', '9');
        return number < before.Length - 1 && (number < 0 || char.IsWhiteSpace(before[number]) || before[number] is ',' or '[' or '(');
    }

    [GeneratedRegex("""\A\s*['"]?\[(?<list>[^\[\]]*)\]['"]?\s*\z""")]
    private static partial Regex Alone();

    [GeneratedRegex("""(?<![\w-])(?<flag>--)?skip[_-](?:module|list)(?!\w)""")]
    private static partial Regex Name();

    // How many a search is to skip; 0 for a training.
    [GeneratedRegex("""(?<!\w)skip_num['"]?(?<sign>\s*:\s*|\s*=\s*)0*[1-9]""")]
    private static partial Regex Count();

    // : List[int] =
    [GeneratedRegex("""\G:[ \t]{0,8}[A-Za-z_][\w.]{0,40}(?:\[[^=\n]{0,80}\])?[ \t]{0,8}=(?!=)""")]
    private static partial Regex Annotation();

    // np.array( or sorted(list(
    [GeneratedRegex("""\G(?:[A-Za-z_][\w.]{0,40}\(\s{0,8}['"]?){1,3}""")]
    private static partial Regex Wrapper();

    // YAML's list, one item a line.
    [GeneratedRegex("""\G-[ \t]+\d+\s*?(?:\n[ \t]*-[ \t]+\d+[ \t\r]*)*""")]
    private static partial Regex Items();

    [GeneratedRegex("""\G\d+(?:[ \t,]+\d+)*(?![\w.])""")]
    private static partial Regex Bare();

    [GeneratedRegex("""[\s,]+""")]
    private static partial Regex Spaces();

    // What makes something else of the list that it follows.
    [GeneratedRegex("""\G[\)'"]*[ \t]*(?:[+*\[]|\.[A-Za-z]|(?:if|or|and|for)\b)""")]
    private static partial Regex Operator();

    /// <summary>What a name is given.</summary>
    private sealed record Value(string Inside, bool IsSetting, bool IsComputed);

    /// <summary>A list as it is written.</summary>
    /// <param name="Place">The file and the line, as messages say it.</param>
    /// <param name="Line">The line of its name, from 1.</param>
    /// <param name="Text">That line.</param>
    /// <param name="Numbers">Its numbers; null where it is computed.</param>
    /// <param name="IsSetting">Whether it stands on a line of its own, as settings are printed.</param>
    /// <param name="IsDefault">Whether a search, which is told how many modules to skip, has it among its settings.</param>
    private sealed record Written(string Place, int Line, string Text, IReadOnlyList<double>? Numbers, bool IsSetting, bool IsDefault);
}
