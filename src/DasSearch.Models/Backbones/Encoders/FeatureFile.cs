using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace DasSearch.Models.Backbones.Encoders;

/// <summary>The file of one encoder in a <see cref="FeatureCache"/>, which says what it looks like. For one thread at a time.</summary>
internal sealed class FeatureFile : IDisposable
{
    private const int RecordHead = 16 + 4 + 4;
    private const int MostNumbers = 1 << 26; // of a record

    private readonly FileStream _stream;
    private readonly Dictionary<UInt128, long> _places = [];
    private readonly bool _isOurs;
    private long _end;

    private FeatureFile(FileStream stream)
    {
        _stream = stream;
        if (_stream.CanWrite && _stream.Length < Head.Length)
        {
            _stream.SetLength(0);
            _stream.Write(Head);
        }

        _isOurs = Index();
    }

    private static ReadOnlySpan<byte> Head => "das features 1\n\0"u8;

    /// <summary>Opens it, to be written where no other process does; null where it can be neither written nor read.</summary>
    internal static FeatureFile? Open(string path)
    {
        foreach (var (mode, access, share) in new[] { (FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read), (FileMode.Open, FileAccess.Read, FileShare.ReadWrite) })
        {
            try
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                return new FeatureFile(new FileStream(path, mode, access, share, bufferSize: 0)); // what is written is there at once
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // What cannot be cached is computed.
            }
        }

        return null;
    }

    /// <summary>What an input's record holds; null where there is none.</summary>
    internal FeatureCache.Kept? Find(UInt128 input)
    {
        if (!_places.TryGetValue(input, out var place))
        {
            return null;
        }

        _stream.Position = place + 16;
        Span<byte> sizes = stackalloc byte[8];
        _stream.ReadExactly(sizes);
        var (tokens, width) = (BinaryPrimitives.ReadInt32LittleEndian(sizes), BinaryPrimitives.ReadInt32LittleEndian(sizes[4..]));
        var numbers = new float[tokens * width];
        _stream.ReadExactly(MemoryMarshal.AsBytes(numbers.AsSpan()));
        return new FeatureCache.Kept(tokens, width, numbers);
    }

    /// <summary>Adds a record, as long as the file stays below a limit.</summary>
    internal void Append(UInt128 input, FeatureCache.Kept row, long most)
    {
        if (!_isOurs || !_stream.CanWrite || _end + RecordHead + row.Bytes > most)
        {
            return;
        }

        Span<byte> head = stackalloc byte[RecordHead];
        BinaryPrimitives.WriteUInt128LittleEndian(head, input);
        BinaryPrimitives.WriteInt32LittleEndian(head[16..], row.Tokens);
        BinaryPrimitives.WriteInt32LittleEndian(head[20..], row.Width);
        try
        {
            _stream.Position = _end;
            _stream.Write(head);
            _stream.Write(MemoryMarshal.AsBytes(row.Numbers.AsSpan()));
        }
        catch (IOException)
        {
            return; // a full disk: what is there of the record is written over, or cut off when it is opened next
        }

        _places[input] = _end;
        _end += RecordHead + row.Bytes;
    }

    public void Dispose() => _stream.Dispose();

    // Sizes are checked against what is left of the file before they are believed.
    private bool Index()
    {
        _stream.Position = 0;
        Span<byte> head = stackalloc byte[RecordHead];
        _end = Head.Length;
        if (_stream.ReadAtLeast(head[..Head.Length], Head.Length, throwOnEndOfStream: false) < Head.Length || !head[..Head.Length].SequenceEqual(Head))
        {
            return false; // another program's: nothing is read from it, and nothing written
        }

        while (_stream.Length - _end >= RecordHead)
        {
            _stream.Position = _end;
            _stream.ReadExactly(head);
            var (tokens, width) = (BinaryPrimitives.ReadInt32LittleEndian(head[16..]), BinaryPrimitives.ReadInt32LittleEndian(head[20..]));
            var bytes = 4L * tokens * width;
            if (tokens <= 0 || width <= 0 || (long)tokens * width > MostNumbers || bytes > _stream.Length - _end - RecordHead)
            {
                break;
            }

            _places[BinaryPrimitives.ReadUInt128LittleEndian(head)] = _end;
            _end += RecordHead + bytes;
        }

        return true;
    }
}
