using System.IO.MemoryMappedFiles;
using DasSearch.Core;

namespace DasSearch.Formats;

/// <summary>Bytes that can be read from any place in them: a file's, some of a file's such as a resource within a program, or those in memory.</summary>
/// <remarks>A file's are mapped when they are opened, so that a file of any size costs what is read of it.</remarks>
public sealed class ByteRange
{
    private readonly Func<long, long, Stream> _open;

    private ByteRange(string source, string? folder, long length, Func<long, long, Stream> open) =>
        (Source, Folder, Length, _open) = (source, folder, length, open);

    /// <summary>What messages call it: a file's path.</summary>
    public string Source { get; }

    /// <summary>How many bytes there are.</summary>
    public long Length { get; }

    /// <summary>The folder in which files beside it lie; null where there are none.</summary>
    internal string? Folder { get; }

    /// <summary>A whole file.</summary>
    /// <exception cref="InputException">There is none, it cannot be read, or it is something else.</exception>
    public static ByteRange OfFile(string path, InputKind kind)
    {
        using var file = InputFile.Open(path, kind);
        return new ByteRange(path, Path.GetDirectoryName(Path.GetFullPath(path)), file.Length, (start, length) => Map(path, start, length));
    }

    /// <summary>A part of a file, beside which nothing else belongs to it.</summary>
    /// <exception cref="DasSearchException">There is no such file, it cannot be read, or it is shorter.</exception>
    public static ByteRange OfFile(string path, long start, long length)
    {
        var whole = OfFile(path, InputKind.Any);
        return new ByteRange(path, folder: null, whole.Length, whole._open).Slice(start, length);
    }

    /// <summary>Bytes in memory.</summary>
    /// <param name="source">What messages call them.</param>
    public static ByteRange OfMemory(string source, byte[] bytes)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        return new ByteRange(source, folder: null, bytes.Length, (start, length) => new MemoryStream(bytes, (int)start, (int)length, writable: false));
    }

    /// <summary>Bytes that something computes.</summary>
    /// <param name="open">Opens so many from a place on; both lie within the length.</param>
    internal static ByteRange Of(string source, long length, Func<long, long, Stream> open) => new(source, folder: null, length, open);

    /// <summary>A part of it.</summary>
    /// <exception cref="DasSearchException">It ends before the part does.</exception>
    public ByteRange Slice(long start, long length) => start >= 0 && length >= 0 && start <= Length && length <= Length - start
        ? new ByteRange(Source, Folder, length, (from, count) => _open(start + from, count))
        : throw new DasSearchException($"{Source} is damaged or cut short: it names {length} bytes at {start}, and has {Length}");

    /// <summary>Its bytes from the first to the last; can be sought in.</summary>
    /// <exception cref="DasSearchException">The file cannot be read any more.</exception>
    public Stream Open() => Length == 0 ? Stream.Null : _open(0, Length); // No mapping is empty.

    /// <summary>All its bytes.</summary>
    /// <exception cref="DasSearchException">The file cannot be read any more, or there are more than an array has room for.</exception>
    public byte[] ToArray()
    {
        if (Length > Array.MaxLength)
        {
            throw new DasSearchException($"{Source} has {Length} bytes in one place, expected less than 2 GiB");
        }

        var bytes = new byte[Length];
        using var stream = Open();
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static MemoryMappedViewStream Map(string path, long start, long length)
    {
        try
        {
            // Holds on to the file's pages, not to the file.
            using var file = MemoryMappedFile.CreateFromFile(
                File.OpenRead(path), mapName: null, capacity: 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
            return file.CreateViewStream(start, length, MemoryMappedFileAccess.Read);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // The last is what a file leads to that is shorter now than it was.
            throw new DasSearchException($"{path} cannot be read: {failure.Message}", failure);
        }
    }
}
