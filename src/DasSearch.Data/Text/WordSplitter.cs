using System.Text;
using Microsoft.ML.Tokenizers;

namespace DasSearch.Data.Text;

/// <summary>Splits texts as GPT-2 does: English endings such as 've; letters, digits or marks with one space before them; the rest of white space.</summary>
/// <remarks>By whole letters of Unicode and not, as .NET's expressions do, by halves of those beyond U+FFFF; in one pass, whatever the text.</remarks>
internal sealed class WordSplitter : PreTokenizer
{
    private static readonly string[] _endings = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"];

    public override IEnumerable<(int Offset, int Length)> PreTokenize(string text) => PreTokenize(text.AsSpan());

    public override IEnumerable<(int Offset, int Length)> PreTokenize(ReadOnlySpan<char> text)
    {
        var parts = new List<(int Offset, int Length)>();
        for (var start = 0; start < text.Length; start += parts[^1].Length)
        {
            parts.Add((start, LengthOf(text[start..])));
        }

        return parts;
    }

    private static int LengthOf(ReadOnlySpan<char> text)
    {
        if (EndingOf(text) is > 0 and var ending)
        {
            return ending;
        }

        var space = text[0] == ' ' && text.Length > 1 && KindOf(text[1..]) != Kind.Space ? 1 : 0;
        var kind = KindOf(text[space..]);
        var length = space;
        while (length < text.Length && KindOf(text[length..]) == kind)
        {
            Rune.DecodeFromUtf16(text[length..], out _, out var used);
            length += used;
        }

        // The last white space before something else goes with that, or is left for the next part.
        return kind == Kind.Space && length > 1 && length < text.Length ? length - 1 : length;
    }

    /// <summary>How long the English ending is that a text begins with; 0 where it begins with none.</summary>
    internal static int EndingOf(ReadOnlySpan<char> text)
    {
        foreach (var ending in _endings)
        {
            if (text.StartsWith(ending, StringComparison.Ordinal))
            {
                return ending.Length;
            }
        }

        return 0;
    }

    /// <summary>What a text begins with.</summary>
    internal static Kind KindOf(ReadOnlySpan<char> text)
    {
        Rune.DecodeFromUtf16(text, out var letter, out _);
        return Rune.IsWhiteSpace(letter) ? Kind.Space : Rune.IsLetter(letter) ? Kind.Letter : Rune.IsNumber(letter) ? Kind.Number : Kind.Other;
    }

    internal enum Kind
    {
        Space,
        Letter,
        Number,
        Other,
    }
}
