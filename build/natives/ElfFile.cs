using System.Buffers.Binary;
using System.Text;

namespace DasSearch.Natives;

/// <summary>The versions of symbols that a 64-bit little-endian ELF file needs of other libraries.</summary>
/// <remarks>System V gABI; section <c>.gnu.version_r</c> as in the Linux Standard Base, "Symbol Versioning".</remarks>
internal sealed class ElfFile
{
    private const int HeaderSize = 64;
    private const int SectionSize = 64;
    private const uint VersionNeeds = 0x6ffffffe; // SHT_GNU_verneed
    private const ushort Weak = 2; // VER_FLG_WEAK: the loader warns where the version is missing, and goes on
    private static readonly byte[] _magic = [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1];

    private readonly byte[] _bytes;

    /// <exception cref="InvalidDataException">It is no such file.</exception>
    internal ElfFile(byte[] bytes)
    {
        _bytes = bytes;
        if (!bytes.AsSpan().StartsWith(_magic))
        {
            throw new InvalidDataException("it is not a 64-bit little-endian ELF file");
        }
    }

    /// <summary>The file with one version marked as dispensable; null where it needs no such version, or is marked already.</summary>
    /// <exception cref="InvalidDataException">A table lies outside the file.</exception>
    internal byte[]? WithWeak(string version)
    {
        byte[]? mended = null;
        foreach (var place in Flags(version).Where(place => (Short(place) & Weak) == 0))
        {
            mended ??= [.. _bytes];
            BinaryPrimitives.WriteUInt16LittleEndian(mended.AsSpan(place), (ushort)(Short(place) | Weak));
        }

        return mended;
    }

    // Where the flags of each requirement of that name are.
    private IEnumerable<int> Flags(string version)
    {
        var (table, size, count) = (Long(40), Short(58), Short(60));
        if (count > 0 && size < SectionSize)
        {
            throw new InvalidDataException($"its section headers have {size} bytes, expected at least {SectionSize}");
        }

        for (var i = 0; i < count; i++)
        {
            var section = table + ((long)i * size);
            if (Int(section + 4) != VersionNeeds)
            {
                continue;
            }

            var strings = Long(table + (Int(section + 40) * (long)size) + 24);
            foreach (var need in Chain(Long(section + 24), next: 12))
            {
                foreach (var requirement in Chain(need + Int(need + 8), next: 12))
                {
                    if (Text(strings + Int(requirement + 8)) == version)
                    {
                        yield return (int)(requirement + 4);
                    }
                }
            }
        }
    }

    // Records that each say how far it is to the next one; a chain cannot have more of them than the file has bytes.
    private IEnumerable<long> Chain(long first, int next)
    {
        for (var (place, left) = (first, _bytes.Length / 16); left > 0; left--)
        {
            yield return place;
            if (Int(place + next) is not (> 0 and var step))
            {
                yield break;
            }

            place += step;
        }

        throw new InvalidDataException("its table of versions does not end");
    }

    private string Text(long place)
    {
        var rest = Part(place, 1).Length == 0 ? [] : _bytes.AsSpan((int)place);
        var end = rest.IndexOf((byte)0);
        return end >= 0 ? Encoding.ASCII.GetString(rest[..end]) : throw new InvalidDataException("a name in it does not end");
    }

    private ushort Short(long place) => BinaryPrimitives.ReadUInt16LittleEndian(Part(place, 2));

    private uint Int(long place) => BinaryPrimitives.ReadUInt32LittleEndian(Part(place, 4));

    private long Long(long place) => BinaryPrimitives.ReadInt64LittleEndian(Part(place, 8));

    private ReadOnlySpan<byte> Part(long place, int size) => place >= 0 && place <= _bytes.Length - size
        ? _bytes.AsSpan((int)place, size)
        : throw new InvalidDataException($"it is truncated: it has {_bytes.Length} bytes, and something is said to be at {place}");
}
