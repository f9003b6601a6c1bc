using System.Buffers.Binary;
using System.Text;
using DasSearch.Core;

namespace DasSearch.Formats.Onnx;

/// <summary>How a field of a message of protocol buffers is written.</summary>
internal enum WireType
{
    Number = 0,
    Eight = 1,
    Block = 2,
    Four = 5,
}

/// <summary>Reads messages of protocol buffers field by field, without taking long fields into memory.</summary>
/// <remarks>The encoding is https://protobuf.dev/programming-guides/encoding. Lengths are held against the message that they are in.</remarks>
internal sealed class ProtocolReader(ByteRange bytes) : IDisposable
{
    private const int VarintBits = 64;
    private const int GroupBits = 7;
    private const int LongestText = 1 << 20;

    private readonly Stream _stream = bytes.Open();
    private long _end = bytes.Length;
    private WireType _wire;

    /// <summary>How many bytes are left of the message.</summary>
    internal long Left => _end - _stream.Position;

    public void Dispose() => _stream.Dispose();

    /// <summary>Reads a message's fields up to its end: those that <paramref name="read"/> takes, and says so, and no others.</summary>
    internal void Fields(Func<int, bool> read)
    {
        while (Left > 0)
        {
            var tag = Varint();
            _wire = (WireType)(tag & 7);
            if (tag >> 3 is 0 or > int.MaxValue || !Enum.IsDefined(_wire))
            {
                throw Wrong("a field that protocol buffers do not have");
            }

            if (!read((int)(tag >> 3)))
            {
                _ = Value();
            }
        }
    }

    /// <summary>Reads the message that the field is.</summary>
    internal void Message(Func<int, bool> read)
    {
        Expect(WireType.Block);
        var (length, outer) = (Length(), _end);
        _end = _stream.Position + length;
        Fields(read);
        _end = outer;
    }

    /// <summary>Where the field's value lies, of any type.</summary>
    internal Piece Value()
    {
        var start = _stream.Position;
        switch (_wire)
        {
            case WireType.Number:
                _ = Varint();
                return new Piece(start, _stream.Position - start);
            case WireType.Block:
                var length = Length();
                start = _stream.Position;
                Skip(length);
                return new Piece(start, length);
            default:
                var size = _wire == WireType.Four ? sizeof(float) : sizeof(double);
                Skip(size);
                return new Piece(start, size);
        }
    }

    internal long Integer()
    {
        Expect(WireType.Number);
        return (long)Varint();
    }

    internal float Float()
    {
        Expect(WireType.Four);
        Span<byte> four = stackalloc byte[sizeof(float)];
        Take(four);
        return BinaryPrimitives.ReadSingleLittleEndian(four);
    }

    internal string Text()
    {
        Expect(WireType.Block);
        var length = Length();
        if (length > LongestText)
        {
            throw Wrong($"a name of {length} bytes, expected at most {LongestText}");
        }

        var text = new byte[length];
        Take(text);
        return Encoding.UTF8.GetString(text);
    }

    /// <summary>Adds the integers of the field: one, or several that are packed.</summary>
    internal void Integers(List<long> numbers) => Packed(WireType.Number, () => numbers.Add((long)Varint()));

    /// <summary>Adds the floats of the field: one, or several that are packed.</summary>
    internal void Floats(List<float> numbers) => Packed(WireType.Four, () =>
    {
        _wire = WireType.Four;
        numbers.Add(Float());
    });

    /// <summary>How many integers the field has: one, or several that are packed; and where they lie.</summary>
    internal Piece CountIntegers(out long count)
    {
        var (start, found) = (-1L, 0L);
        Packed(WireType.Number, () =>
        {
            start = start < 0 ? _stream.Position : start;
            _ = Varint();
            found++;
        });
        count = found;
        return found == 0 ? new Piece(_stream.Position, 0) : new Piece(start, _stream.Position - start);
    }

    /// <summary>The next integer of a piece that holds nothing else.</summary>
    internal ulong Varint()
    {
        var number = 0UL;
        for (var shift = 0; shift < VarintBits; shift += GroupBits)
        {
            var part = Left > 0 ? _stream.ReadByte() : -1;
            if (part < 0)
            {
                break;
            }

            number |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
            {
                return number;
            }
        }

        throw Wrong("an integer without an end");
    }

    private DasSearchException Wrong(string problem) =>
        new($"{bytes.Source} is no ONNX model that can be read: it has {problem}, before byte {_stream.Position}");

    private void Packed(WireType single, Action read)
    {
        if (_wire == single)
        {
            read();
            return;
        }

        Expect(WireType.Block);
        var (length, outer) = (Length(), _end);
        _end = _stream.Position + length;
        while (Left > 0)
        {
            read();
        }

        (_end, _wire) = (outer, WireType.Block);
    }

    private void Expect(WireType wire)
    {
        if (_wire != wire)
        {
            throw Wrong("a field of another type than the format says");
        }
    }

    private long Length()
    {
        var length = Varint();
        return length <= (ulong)Left ? (long)length : throw Wrong($"a part of {length} bytes where {Left} are left");
    }

    private void Skip(long length)
    {
        if (length > Left)
        {
            throw Wrong($"a part of {length} bytes where {Left} are left");
        }

        _stream.Position += length;
    }

    private void Take(Span<byte> part)
    {
        if (part.Length > Left)
        {
            throw Wrong($"a part of {part.Length} bytes where {Left} are left");
        }

        _stream.ReadExactly(part);
    }
}

/// <summary>Where something lies.</summary>
internal readonly record struct Piece(long Start, long Length);
