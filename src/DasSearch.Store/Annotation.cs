using DasSearch.Core;

namespace DasSearch.Store;

/// <summary>What somebody says of a run, for whoever looks at it later: nothing that the run found changes by it.</summary>
public sealed record Annotation
{
    /// <summary>How many characters a run's notes have at the most.</summary>
    public const int LongestNotes = 20_000;

    private const int MostTags = 20;
    private const int LongestTag = 40;

    private readonly string? _notes;
    private readonly IReadOnlyList<string>? _tags;

    /// <summary>Its notes, as Markdown, which replace those before; null leaves them.</summary>
    /// <exception cref="UsageException">They are too long, or have characters that are no text.</exception>
    public string? Notes
    {
        get => _notes;
        init => _notes = value is null ? null : Text(value);
    }

    /// <summary>Its tags in alphabetical order, each once, which replace those before; null leaves them.</summary>
    /// <exception cref="UsageException">They are too many, or one is too long or no single word.</exception>
    public IReadOnlyList<string>? Tags
    {
        get => _tags;
        init => _tags = value is null ? null : Sorted(value);
    }

    private static string Text(string notes)
    {
        var text = notes.ReplaceLineEndings("\n").TrimEnd();
        return text.Length > LongestNotes ? throw new UsageException($"notes have {Numbers.Count(LongestNotes)} characters at the most, not {Numbers.Count(text.Length)}")
            : text.Any(static letter => char.IsControl(letter) && letter is not ('\n' or '\t')) ? throw new UsageException("notes are text, without control characters")
            : text;
    }

    private static List<string> Sorted(IReadOnlyList<string> tags)
    {
        if (tags.FirstOrDefault(static tag => !IsTag(tag)) is { } wrong)
        {
            throw new UsageException($"a tag must be a word of 1 to {LongestTag} characters without commas, not '{wrong}'");
        }

        var sorted = tags.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        return sorted.Count <= MostTags ? sorted : throw new UsageException($"a run has {MostTags} tags at the most, not {sorted.Count}");
    }

    private static bool IsTag(string tag) => tag.Length is >= 1 and <= LongestTag && !tag.Any(static letter => letter == ',' || char.IsWhiteSpace(letter) || char.IsControl(letter));
}
