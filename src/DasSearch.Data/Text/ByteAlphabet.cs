using System.Text;

namespace DasSearch.Data.Text;

/// <summary>The letters by which byte-level BPE writes bytes (GPT-2's): a byte's own where it can be seen, else one from U+0100 on.</summary>
internal static class ByteAlphabet
{
    private static readonly (byte Byte, char Letter)[] _letters = Make();
    private static readonly Dictionary<char, byte> _bytes = _letters.ToDictionary(static entry => entry.Letter, static entry => entry.Byte);

    /// <summary>All 256 in the order in which vocabularies have them: those that can be seen first.</summary>
    internal static IEnumerable<char> Letters => _letters.Select(static entry => entry.Letter);

    /// <summary>The text that letters write.</summary>
    internal static string Read(string letters) => Encoding.UTF8.GetString([.. letters.Select(static letter => _bytes[letter])]);

    private static (byte Byte, char Letter)[] Make()
    {
        var all = Enumerable.Range(0, 256).ToLookup(static value => value is (>= 0x21 and <= 0x7E) or (>= 0xA1 and <= 0xAC) or >= 0xAE);
        return [.. all[true].Select(static value => ((byte)value, (char)value)), .. all[false].Select(static (value, i) => ((byte)value, (char)(0x100 + i)))];
    }
}
