using System.Security.Cryptography;

namespace DasSearch.Data.Emoji;

/// <summary>The things of EmojiVL, and how two hands drew them. Immutable, so threads may share it.</summary>
/// <remarks>
/// What either sheet draws exactly like an earlier thing, or nearly so like one of its sub-category, is left out: families that Twitter's hand
/// does not tell apart, and islands under the flag of another country.
/// </remarks>
public sealed class EmojiPictures
{
    // Of two pictures of 32×32 in red, green and blue: a root mean square difference of one part in a hundred.
    private const long Alike = 20_000;

    private readonly Pictures _google;
    private readonly Pictures _twitter;

    private EmojiPictures(IReadOnlyList<Thing> things, Pictures google, Pictures twitter) => (Things, _google, _twitter) = (things, google, twitter);

    /// <summary>Every thing there is, in the list's order.</summary>
    internal IReadOnlyList<Thing> Things { get; }

    /// <summary>Reads a folder's three files: some seconds.</summary>
    /// <param name="folder">Where they lie; null where nobody says.</param>
    /// <exception cref="DatasetException">One is missing, unreadable, truncated or of another shape.</exception>
    public static EmojiPictures Load(string? folder)
    {
        var entries = EmojiNames.Read(EmojiFolder.Find(folder, EmojiFolder.Names));
        var google = new Pictures(entries, EmojiSheet.Read(EmojiFolder.Find(folder, EmojiFolder.Google)));
        var twitter = new Pictures(entries, EmojiSheet.Read(EmojiFolder.Find(folder, EmojiFolder.Twitter)));
        return new EmojiPictures(Thing.Of(entries, Distinct(entries, google, twitter)), google, twitter);
    }

    /// <summary>The pictures that a split shows: Twitter's in the test, else Google's.</summary>
    internal Pictures Of(Split split) => split == Split.Test ? _twitter : _google;

    private static List<int> Distinct(IReadOnlyList<EmojiEntry> entries, Pictures google, Pictures twitter)
    {
        var kept = new List<int>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var ofKind = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        for (var entry = 0; entry < entries.Count; entry++)
        {
            if (!ofKind.TryGetValue(entries[entry].Kind, out var alike))
            {
                ofKind[entries[entry].Kind] = alike = [];
            }

            if (seen.Add(google.Hash(entry)) & seen.Add(twitter.Hash(entry)) && alike.TrueForAll(other => google.Difference(entry, other, Alike) >= Alike && twitter.Difference(entry, other, Alike) >= Alike))
            {
                alike.Add(entry);
                kept.Add(entry);
            }
        }

        return kept;
    }
}

/// <summary>One hand's pictures, whole and at half the size, by an entry's place in the list.</summary>
internal sealed class Pictures
{
    /// <summary>Height and width of the smaller pictures, in pixels.</summary>
    public const int HalfSide = EmojiSheet.Side / 2;

    private const int WholeLength = EmojiSheet.Side * EmojiSheet.Side * 4;
    private const int HalfLength = HalfSide * HalfSide * 4;

    private readonly byte[] _whole;
    private readonly byte[] _half;

    /// <exception cref="DatasetException">The sheet lacks one.</exception>
    public Pictures(IReadOnlyList<EmojiEntry> entries, EmojiSheet sheet)
    {
        _whole = new byte[entries.Count * WholeLength];
        _half = new byte[entries.Count * HalfLength];
        for (var entry = 0; entry < entries.Count; entry++)
        {
            sheet.Copy(entries[entry], _whole.AsSpan(entry * WholeLength, WholeLength));
            Halve(Whole(entry), _half.AsSpan(entry * HalfLength, HalfLength));
        }
    }

    /// <summary>Red, green, blue and alpha, colours multiplied by alpha, [64, 64, 4].</summary>
    public ReadOnlySpan<byte> Whole(int entry) => _whole.AsSpan(entry * WholeLength, WholeLength);

    /// <summary>The same, [32, 32, 4].</summary>
    public ReadOnlySpan<byte> Half(int entry) => _half.AsSpan(entry * HalfLength, HalfLength);

    /// <summary>What tells a half-sized picture from every other.</summary>
    public string Hash(int entry) => Convert.ToHexString(SHA256.HashData(Half(entry)));

    /// <summary>The sum of squared differences of two half-sized pictures on white; any number from <paramref name="most"/> on if it is as much.</summary>
    public long Difference(int one, int other, long most)
    {
        var a = Half(one);
        var b = Half(other);
        var sum = 0L;
        for (var i = 0; i < a.Length && sum < most; i += 4)
        {
            for (var channel = 0; channel < 3; channel++)
            {
                long difference = a[i + channel] - a[i + 3] - b[i + channel] + b[i + 3];
                sum += difference * difference;
            }
        }

        return sum;
    }

    private static void Halve(ReadOnlySpan<byte> whole, Span<byte> half)
    {
        const int Stride = EmojiSheet.Side * 4;
        for (var i = 0; i < half.Length; i++)
        {
            var (row, column, channel) = (i / (HalfSide * 4), i / 4 % HalfSide, i % 4);
            var corner = (2 * row * Stride) + (2 * column * 4) + channel;
            half[i] = (byte)((whole[corner] + whole[corner + 4] + whole[corner + Stride] + whole[corner + Stride + 4] + 2) / 4);
        }
    }
}
