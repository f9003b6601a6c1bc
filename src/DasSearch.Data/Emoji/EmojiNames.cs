using System.Text.Json;

namespace DasSearch.Data.Emoji;

/// <summary>What the list of emoji says of one: its official name, where it belongs, and where its picture is on a sheet.</summary>
/// <param name="Name">In lower case, and without marks.</param>
/// <param name="Group">The category, likewise.</param>
/// <param name="Kind">The sub-category, likewise.</param>
/// <param name="Column">From 0.</param>
/// <param name="Row">From 0.</param>
internal sealed record EmojiEntry(string Name, string Group, string Kind, int Column, int Row);

/// <summary>Reads <c>emoji.json</c>, an array of objects, and keeps what a benchmark can use.</summary>
/// <remarks>
/// Left out are components (tones of skin), what either sheet lacks, names of more than six words, and names that another has, too,
/// in lower case and without marks.
/// </remarks>
internal static class EmojiNames
{
    private const int MostBytes = 16 << 20;
    private const int MostEntries = 10_000;
    private const int MostCharacters = 200;
    private const int MostWords = 6;
    private const string Component = "Component";

    /// <exception cref="DatasetException">The file cannot be read, or is not what it should be.</exception>
    public static IReadOnlyList<EmojiEntry> Read(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            if (file.Length > MostBytes)
            {
                throw new InvalidDataException($"it has {file.Length} bytes, expected at most {MostBytes}");
            }

            using var document = JsonDocument.Parse(file);
            return Entries(document.RootElement);
        }
        catch (Exception error) when (error is JsonException or InvalidDataException or InvalidOperationException) // the last for half a surrogate pair
        {
            throw new DatasetException($"{path} is no list of emoji: {error.Message.TrimEnd('.')}; {EmojiFolder.Remedy}.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException($"{path} cannot be read: {error.Message.TrimEnd('.')}; {EmojiFolder.Remedy}.", error);
        }
    }

    /// <summary>A name as texts have it: in lower case, without marks, and with single spaces.</summary>
    internal static string Plain(string name)
    {
        var words = name.ToLowerInvariant().Replace("&", "and", StringComparison.Ordinal).Replace('-', ' ')
            .Split([' ', ':', ',', '.', '(', ')', '?'], StringSplitOptions.RemoveEmptyEntries);
        return string.Join(' ', words);
    }

    private static List<EmojiEntry> Entries(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Array || root.GetArrayLength() is < 1 or > MostEntries)
        {
            throw new InvalidDataException($"it should be an array of 1 to {MostEntries} objects");
        }

        var entries = new List<EmojiEntry>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var place = 0;
        foreach (var element in root.EnumerateArray())
        {
            if (Entry(element, place++) is { } entry && entry.Name.AsSpan().Count(' ') < MostWords && seen.Add(entry.Name))
            {
                entries.Add(entry);
            }
        }

        return entries;
    }

    private static EmojiEntry? Entry(JsonElement element, int place)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new InvalidDataException($"its entry {place} is no object");
        }

        var category = Text(element, "category", place);
        return category == Component || !Flag(element, "has_img_google", place) || !Flag(element, "has_img_twitter", place)
            ? null
            : new EmojiEntry(
                Words(element, "name", place),
                Plain(category),
                Words(element, "subcategory", place),
                Number(element, "sheet_x", place),
                Number(element, "sheet_y", place));
    }

    private static string Words(JsonElement element, string key, int place) =>
        Plain(Text(element, key, place)) is { Length: > 0 } words ? words : throw Wrong(key, place, "some words");

    private static string Text(JsonElement element, string key, int place) =>
        element.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 and <= MostCharacters } text
            ? text
            : throw Wrong(key, place, $"a text of 1 to {MostCharacters} characters");

    private static bool Flag(JsonElement element, string key, int place) =>
        element.TryGetProperty(key, out var value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? value.ValueKind == JsonValueKind.True
            : throw Wrong(key, place, "true or false");

    private static int Number(JsonElement element, string key, int place) =>
        element.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number)
            && number is >= 0 and < EmojiSheet.MostCells
            ? number
            : throw Wrong(key, place, $"a number from 0 to {EmojiSheet.MostCells - 1}");

    private static InvalidDataException Wrong(string key, int place, string expected) => new($"'{key}' of its entry {place} should be {expected}");
}
