using DasSearch.Core;

namespace DasSearch.Data.Emoji;

/// <summary>Something with a name, a kind and a group: a sub-category and a category of the official list.</summary>
internal sealed class Thing : IEquatable<Thing>
{
    // Which names are unseen is part of the benchmark, whatever the seeds of a run.
    private const string Stream = "emojivl/unseen";
    private const int OneUnseenIn = 10;

    private Thing(int picture, EmojiEntry entry, bool isUnseen) =>
        (Picture, Name, Kind, Group, IsUnseen) = (picture, entry.Name, entry.Kind, entry.Group, isUnseen);

    /// <summary>Its picture's number.</summary>
    public int Picture { get; }

    /// <summary>Such as <c>red apple</c>.</summary>
    public string Name { get; }

    /// <summary>Such as <c>food fruit</c>.</summary>
    public string Kind { get; }

    /// <summary>Such as <c>food and drink</c>.</summary>
    public string Group { get; }

    /// <summary>Whether neither its name nor its picture is in any training sample.</summary>
    public bool IsUnseen { get; }

    /// <summary>The things of a list: of each kind a tenth, rounded, is unseen.</summary>
    /// <param name="entries">The list.</param>
    /// <param name="kept">Those of its entries that are things.</param>
    public static IReadOnlyList<Thing> Of(IReadOnlyList<EmojiEntry> entries, IReadOnlyList<int> kept)
    {
        var unseen = new bool[entries.Count];
        foreach (var kind in kept.GroupBy(entry => entries[entry].Kind))
        {
            var ofKind = kind.ToArray();
            Shuffler.Shuffle(ofKind.AsSpan(), SeededRandom.Derive(0, $"{Stream}/{kind.Key}"));
            foreach (var entry in ofKind[..((ofKind.Length + (OneUnseenIn / 2)) / OneUnseenIn)])
            {
                unseen[entry] = true;
            }
        }

        return [.. kept.Select(entry => new Thing(entry, entries[entry], unseen[entry]))];
    }

    public bool Equals(Thing? other) => ReferenceEquals(this, other);

    public override bool Equals(object? obj) => ReferenceEquals(this, obj);

    public override int GetHashCode() => Picture;

    /// <summary>Such as <c>a red apple</c>.</summary>
    public override string ToString() => Articles.With(Name);
}

/// <summary>The indefinite article.</summary>
internal static class Articles
{
    // Written with a vowel, and spoken without one.
    private static readonly string[] Consonants = ["uni", "uk", "us", "ug", "ur", "uz", "eu", "one", "once"];

    /// <summary>The words after <c>a</c>, or <c>an</c> where they begin with a vowel.</summary>
    public static string With(string words)
    {
        var isVowel = "aeiou".Contains(words[0], StringComparison.Ordinal) && !Array.Exists(Consonants, start => words.StartsWith(start, StringComparison.Ordinal));
        return isVowel || words.StartsWith("hour", StringComparison.Ordinal) ? $"an {words}" : $"a {words}";
    }
}
