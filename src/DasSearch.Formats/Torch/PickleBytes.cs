using System.Buffers.Binary;
using System.Text;
using DasSearch.Core;

namespace DasSearch.Formats.Torch;

/// <summary>A pickle's bytes, one after the other.</summary>
internal sealed class PickleBytes(string source, byte[] bytes)
{
    /// <summary>How many were read.</summary>
    internal int Position { get; private set; }

    internal int Byte() => Take(1)[0];

    internal int U16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(sizeof(ushort)));

    internal int I32() => BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)));

    internal uint U32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint)));

    internal ulong U64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong)));

    // The one number of a pickle with the highest byte first.
    internal double Real() => BinaryPrimitives.ReadDoubleBigEndian(Take(sizeof(double)));

    internal string Text(ulong length) => Encoding.UTF8.GetString(Take(length));

    /// <summary>An integer of any length; null where 64 bits are too few for it.</summary>
    internal long? Integer(ulong length)
    {
        var number = 0L;
        var digits = Take(length);
        if (digits.Length > sizeof(long))
        {
            return null;
        }

        for (var i = digits.Length - 1; i >= 0; i--)
        {
            number = i == digits.Length - 1 ? (sbyte)digits[i] : (number << 8) | digits[i];
        }

        return number;
    }

    /// <summary>Up to the end of a line.</summary>
    internal string Line()
    {
        var length = bytes.AsSpan(Position).IndexOf((byte)'\n');
        var line = Text(length >= 0 ? (ulong)length : throw Wrong("has a name without an end"));
        Position++;
        return line;
    }

    internal ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)(bytes.Length - Position))
        {
            throw Wrong($"names {length} bytes where {bytes.Length - Position} are left");
        }

        Position += (int)length;
        return bytes.AsSpan(Position - (int)length, (int)length);
    }

    internal DasSearchException Wrong(string problem) => new($"{source} is no checkpoint that can be read: its pickle {problem}, before byte {Position}");
}
