using System.Buffers.Binary;
using System.IO.Compression;

namespace DasSearch.Data.FashionMnist;

/// <summary>
/// Reads IDX files of bytes, packed with gzip or not: the magic bytes 0, 0, 8, dimensions; the big-endian 32-bit size of
/// each dimension; then the elements in row-major order.
/// </summary>
/// <remarks>
/// A file is trusted with nothing: the header must have the shape asked for, the first dimension may not exceed a bound,
/// no more memory is asked for than the file's own length can unpack to, and no byte is read beyond what the header
/// promises but one, which must not be there.
/// </remarks>
internal static class IdxFile
{
    /// <summary>Deflate turns one byte into at most 1,032.</summary>
    private const long MostUnpackedPerByte = 1032;

    private const int UnsignedBytes = 8;

    /// <summary>The elements of a file whose elements have a given shape.</summary>
    /// <param name="path">The file; packed if its first two bytes say so, whatever its name.</param>
    /// <param name="element">Every dimension but the first: <c>[28, 28]</c> for photos, <c>[]</c> for labels.</param>
    /// <param name="most">The most elements that are accepted.</param>
    /// <exception cref="DatasetException">The file cannot be read, or is truncated, corrupt, too long or of another shape.</exception>
    public static byte[] Read(string path, ReadOnlySpan<int> element, int most)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
            return Read(file, path, element, most);
        }
        catch (InvalidDataException error)
        {
            throw new DatasetException($"{path} is corrupt: {error.Message.TrimEnd('.')}; {FashionMnistFolder.Remedy}.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new DatasetException($"{path} cannot be read: {error.Message.TrimEnd('.')}; {FashionMnistFolder.Remedy}.", error);
        }
    }

    /// <summary>The same for a stream that can be sought, such as a file's.</summary>
    /// <exception cref="InvalidDataException">The content is not what it should be.</exception>
    internal static byte[] Read(Stream file, string name, ReadOnlySpan<int> element, int most)
    {
        var packed = file.ReadByte() == 0x1f && file.ReadByte() == 0x8b;
        var trailer = packed ? Trailer(file) : 0;
        file.Position = 0;
        var mostBytes = packed ? checked(file.Length * MostUnpackedPerByte) : file.Length;
        using var content = packed ? new GZipStream(file, CompressionMode.Decompress, leaveOpen: true) : file;

        Span<byte> header = stackalloc byte[sizeof(int) * (2 + element.Length)];
        Fill(content, header, name);
        var length = Length(header, element, most);
        if (header.Length + length > mostBytes)
        {
            throw new InvalidDataException($"its header promises {length} bytes, more than {file.Length} bytes can hold");
        }

        // The unpacker takes the end of a file for the end of its content, and so would miss a cut near the end.
        if (packed && trailer != header.Length + length)
        {
            throw new InvalidDataException(
                $"it is truncated or damaged: it should end in the length {header.Length + length}, but ends in {trailer}");
        }

        var values = new byte[length];
        Fill(content, values, name);
        return content.ReadByte() < 0
            ? values
            : throw new InvalidDataException($"there is more in it than the {length} bytes that its header promises");
    }

    // gzip ends in the length of what it holds (RFC 1952, section 2.3.1).
    private static uint Trailer(Stream file)
    {
        Span<byte> length = stackalloc byte[sizeof(uint)];
        file.Position = Math.Max(0, file.Length - length.Length);
        return file.ReadAtLeast(length, length.Length, throwOnEndOfStream: false) == length.Length
            ? BinaryPrimitives.ReadUInt32LittleEndian(length)
            : 0;
    }

    private static int Length(ReadOnlySpan<byte> header, ReadOnlySpan<int> element, int most)
    {
        ReadOnlySpan<byte> magic = [0, 0, UnsignedBytes, (byte)(1 + element.Length)];
        if (!header[..4].SequenceEqual(magic))
        {
            throw new InvalidDataException(
                $"it begins with {Convert.ToHexString(header[..4])}, but an IDX file of bytes in {1 + element.Length} dimensions "
                + $"begins with {Convert.ToHexString(magic)}");
        }

        var count = BinaryPrimitives.ReadInt32BigEndian(header[4..]);
        if (count < 1 || count > most)
        {
            throw new InvalidDataException($"its header promises {count} elements, expected 1 to {most}");
        }

        var length = count;
        for (var i = 0; i < element.Length; i++)
        {
            var size = BinaryPrimitives.ReadInt32BigEndian(header[(8 + (4 * i))..]);
            if (size != element[i])
            {
                throw new InvalidDataException($"dimension {i + 2} in its header is {size}, expected {element[i]}");
            }

            length = checked(length * size);
        }

        return length;
    }

    private static void Fill(Stream content, Span<byte> target, string name)
    {
        var got = content.ReadAtLeast(target, target.Length, throwOnEndOfStream: false);
        if (got < target.Length)
        {
            throw new InvalidDataException($"it is truncated: {Path.GetFileName(name)} ends {target.Length - got} bytes early");
        }
    }
}
