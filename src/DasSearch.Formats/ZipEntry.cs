using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using DasSearch.Core;

namespace DasSearch.Formats;

/// <summary>A file within a zip archive.</summary>
/// <param name="Name">Its path there, which is never one anywhere else.</param>
/// <param name="Bytes">What it has, unpacked when it is opened.</param>
internal sealed record ZipEntry(string Name, ByteRange Bytes)
{
    internal const long MostDirectory = 100_000_000;

    private const int EndBytes = 22;
    private const int End64Bytes = 56;
    private const int LocatorBytes = 20;
    private const int RecordBytes = 46;
    private const int LocalBytes = 30;
    private const int LongestComment = ushort.MaxValue;
    private const int Stored = 0;
    private const int Deflated = 8;
    private const long MostDeflated = 1032; // as many bytes as one of Deflate's can stand for

    /// <summary>The files of an archive, by its directory, which is held against the archive's bytes; zip64 too.</summary>
    /// <remarks>PKWARE's APPNOTE 6.3.10. Entries may not share bytes, so that none is worth more than it takes. Checksums are not computed.</remarks>
    /// <exception cref="DasSearchException">The archive is damaged, or has what no checkpoint needs: encryption, another packing, a name twice.</exception>
    internal static List<ZipEntry> All(ByteRange archive)
    {
        using var file = archive.Open();
        return new Directory(archive, file).Read();
    }

    private static MemoryStream Inflate(ByteRange packed, string name, long start, long length)
    {
        if (length > Array.MaxLength)
        {
            throw new DasSearchException($"{packed.Source} has {name} of {length} bytes, packed, expected less than 2 GiB: save it without packing");
        }

        try
        {
            using var from = new DeflateStream(packed.Open(), CompressionMode.Decompress);
            var (passed, bytes) = (new byte[Math.Min(start, 1 << 16)], new byte[length]);
            for (var left = start; left > 0;)
            {
                var part = passed.AsSpan(0, (int)Math.Min(left, passed.Length));
                from.ReadExactly(part);
                left -= part.Length;
            }

            from.ReadExactly(bytes);
            return new MemoryStream(bytes, writable: false);
        }
        catch (Exception failure) when (failure is InvalidDataException or EndOfStreamException)
        {
            throw new DasSearchException($"{packed.Source} is damaged: its {name} cannot be unpacked", failure);
        }
    }

    private sealed class Directory(ByteRange archive, Stream file)
    {
        private readonly List<(long Begin, long End, string Name)> _places = [];

        internal List<ZipEntry> Read()
        {
            var (start, length, count) = Find();
            if (length > MostDirectory || count > (ulong)length / RecordBytes)
            {
                throw Wrong($"its directory would have {count} entries in {length} bytes");
            }

            var directory = Take(start, (int)length);
            var entries = new List<ZipEntry>();
            var names = new HashSet<string>(StringComparer.Ordinal);
            var at = 0;
            for (var number = 0UL; number < count; number++)
            {
                var entry = ReadRecord(directory, ref at, start);
                entries.Add(names.Add(entry.Name) ? entry : throw Wrong($"it has {entry.Name} twice"));
            }

            _places.Sort();
            for (var i = 1; i < _places.Count; i++)
            {
                if (_places[i].Begin < _places[i - 1].End)
                {
                    throw Wrong($"its {_places[i].Name} begins within its {_places[i - 1].Name}");
                }
            }

            return entries;
        }

        private (long Start, long Length, ulong Count) Find()
        {
            var tail = Take(Math.Max(0, archive.Length - EndBytes - LongestComment), (int)Math.Min(archive.Length, EndBytes + LongestComment));
            for (var at = tail.Length - EndBytes; at >= 0; at--)
            {
                var end = tail.AsSpan(at);
                if (end.StartsWith("PK\x05\x06"u8) && EndBytes + U16(end, 20) == end.Length)
                {
                    var (count, length, start) = ((ulong)U16(end, 10), (long)U32(end, 12), (long)U32(end, 16));
                    var place = archive.Length - end.Length;
                    return count == ushort.MaxValue || length == uint.MaxValue || start == uint.MaxValue ? Find64(place) : Checked(start, length, count, place);
                }
            }

            throw Wrong("it has no directory at its end: it was perhaps not downloaded or written to its end");
        }

        private (long Start, long Length, ulong Count) Find64(long end)
        {
            var locator = Take(end - LocatorBytes, LocatorBytes);
            var place = locator.AsSpan().StartsWith("PK\x06\x07"u8) ? I64(locator, 8) : throw Wrong("its directory cannot be found");
            var record = Take(place, End64Bytes);
            return record.AsSpan().StartsWith("PK\x06\x06"u8)
                ? Checked(I64(record, 48), I64(record, 40), (ulong)I64(record, 32), place)
                : throw Wrong("its directory cannot be found");
        }

        private (long Start, long Length, ulong Count) Checked(long start, long length, ulong count, long end) =>
            start >= 0 && length >= 0 && start <= end && length <= end - start
                ? (start, length, count)
                : throw Wrong($"its directory of {length} bytes would be at {start} of {end}");

        private ZipEntry ReadRecord(byte[] directory, ref int at, long end)
        {
            var record = directory.AsSpan(at);
            if (record.Length < RecordBytes || !record.StartsWith("PK\x01\x02"u8))
            {
                throw Wrong($"its directory has no entry at {at}");
            }

            var (flags, method, nameLength, extraLength) = (U16(record, 8), U16(record, 10), U16(record, 28), U16(record, 30));
            var whole = RecordBytes + nameLength + extraLength + U16(record, 32);
            if (whole > record.Length)
            {
                throw Wrong($"its directory has an entry of {whole} bytes at {at}, where {record.Length} are left");
            }

            at += whole;
            var name = Encoding.UTF8.GetString(record.Slice(RecordBytes, nameLength));
            long size = U32(record, 24), packed = U32(record, 20), local = U32(record, 42);
            Read64(record.Slice(RecordBytes + nameLength, extraLength), name, ref size, ref packed, ref local);
            if ((flags & 1) != 0 || method is not (Stored or Deflated))
            {
                throw Wrong($"its {name} is encrypted or packed by method {method}, expected plain or Deflate");
            }

            if (size < 0 || packed < 0 || (method == Stored ? size != packed : size / MostDeflated > packed))
            {
                throw Wrong($"its {name} of {size} bytes would take {packed}");
            }

            var bytes = Data(local, packed, record.Slice(RecordBytes, nameLength), name, end);
            return new ZipEntry(name, method == Stored ? bytes : ByteRange.Of(archive.Source, size, (start, length) => Inflate(bytes, name, start, length)));
        }

        // Those of the three that have no room in 32 bits stand in a field of their own, in this order.
        private void Read64(ReadOnlySpan<byte> extra, string name, ref long size, ref long packed, ref long local)
        {
            while (extra.Length >= 4)
            {
                var (id, length) = (U16(extra, 0), U16(extra, 2));
                if (length > extra.Length - 4)
                {
                    return;
                }

                var field = extra.Slice(4, length);
                extra = extra[(4 + length)..];
                if (id == 1)
                {
                    Next(ref size, ref field);
                    Next(ref packed, ref field);
                    Next(ref local, ref field);
                }
            }

            void Next(ref long number, ref ReadOnlySpan<byte> field)
            {
                if (number != uint.MaxValue)
                {
                    return;
                }

                number = field.Length >= sizeof(long) ? I64(field, 0) : throw Wrong($"its {name} has no size");
                field = field[sizeof(long)..];
            }
        }

        private ByteRange Data(long local, long packed, ReadOnlySpan<byte> name, string shown, long end)
        {
            var header = local >= 0 && local <= end - LocalBytes ? Take(local, LocalBytes) : throw Wrong($"its {shown} would be at {local} of {end}");
            var start = local + LocalBytes + U16(header, 26) + U16(header, 28);
            if (!header.AsSpan().StartsWith("PK\x03\x04"u8)
                || U16(header, 26) != name.Length
                || start > end
                || packed > end - start
                || !Take(local + LocalBytes, name.Length).AsSpan().SequenceEqual(name))
            {
                throw Wrong($"its {shown} is not where its directory says, or ends after {end}");
            }

            _places.Add((local, start + packed, shown));
            return archive.Slice(start, packed);
        }

        private byte[] Take(long start, int length)
        {
            if (start < 0 || start > archive.Length - length)
            {
                throw Wrong($"it names {length} bytes at {start} of {archive.Length}");
            }

            var bytes = new byte[length];
            file.Position = start;
            file.ReadExactly(bytes);
            return bytes;
        }

        private DasSearchException Wrong(string problem) => new($"{archive.Source} is no sound zip archive: {problem}");

        private static int U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

        private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

        private static long I64(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt64LittleEndian(bytes[at..]);
    }
}
