using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace DasSearch.Models.Backbones.Encoders;

/// <summary>The file of one encoder in a <see cref="FeatureCache"/>, which says what it looks like. For one thread at a time.</summary>
internal sealed class FeatureFile : IDisposable
{
    private const int Key = 16;
    private const int Sized = Key + 4 + 4;
    private const int RecordHead = Sized + 8; // and what the SHA-256 of all else begins with
    private const int MostNumbers = 1 << 26; // of a record

    private readonly FileStream? _lock; // held by whom it is ours to write
    private readonly Dictionary<UInt128, long> _places = [];
    private readonly HashSet<UInt128> _asked = []; // for by this process
    private readonly bool _isOurs;
    private FileStream _stream;
    private long _end;
    private bool _hasMadeRoom;

    private FeatureFile(FileStream stream, FileStream? held)
    {
        (_stream, _lock) = (stream, held);
        if (_stream.CanWrite && (_stream.Length < Head.Length || IsOfEarlierVersion()))
        {
            _stream.SetLength(0);
            _stream.Position = 0;
            _stream.Write(Head);
        }

        _isOurs = Index();
    }

    private static ReadOnlySpan<byte> Head => "das features 3\n\0"u8;

    // The first had records without a hash, the second had rows encoded one by one.
    private static ReadOnlySpan<byte> Earlier => "12"u8;

    private static ReadOnlySpan<byte> Name => Head[.."das features ".Length];

    /// <summary>Opens it, to be written where no other process does; null where it can be neither written nor read.</summary>
    internal static FeatureFile? Open(string path)
    {
        // .NET locks against one who shares nothing, and against no other: a file that others may read needs a second one for its lock.
        var held = Try(() =>
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            return new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        });
        var file = held is null ? null : Try(() => new FeatureFile(OpenStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite), held));
        if (file is null)
        {
            held?.Dispose();
        }

        return file ?? Try(() => new FeatureFile(OpenStream(path, FileMode.Open, FileAccess.Read), held: null));

        // What cannot be cached is computed.
        static T? Try<T>(Func<T> open)
            where T : class
        {
            try
            {
                return open();
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                return null;
            }
        }
    }

    /// <summary>What an input's record holds; null where there is none, or it is not as it was written.</summary>
    internal FeatureCache.Kept? Find(UInt128 input)
    {
        if (!_places.TryGetValue(input, out var place))
        {
            return null;
        }

        _stream.Position = place;
        Span<byte> head = stackalloc byte[RecordHead];
        _stream.ReadExactly(head);
        var (tokens, width) = SizesOf(head);
        var numbers = new float[tokens * width];
        _stream.ReadExactly(MemoryMarshal.AsBytes(numbers.AsSpan()));
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Hash(head, numbers, hash);
        if (hash.StartsWith(head[Sized..]))
        {
            _asked.Add(input);
            return new FeatureCache.Kept(tokens, width, numbers);
        }

        _places.Remove(input);
        return null;
    }

    /// <summary>Adds a record, as long as the file stays below a limit; at which records make way that only earlier processes asked for.</summary>
    internal void Append(UInt128 input, FeatureCache.Kept row, long most)
    {
        if (!_isOurs || !_stream.CanWrite || (_end + RecordHead + row.Bytes > most && !(MakeRoom() && _end + RecordHead + row.Bytes <= most)))
        {
            return;
        }

        Span<byte> head = stackalloc byte[RecordHead];
        BinaryPrimitives.WriteUInt128LittleEndian(head, input);
        BinaryPrimitives.WriteInt32LittleEndian(head[Key..], row.Tokens);
        BinaryPrimitives.WriteInt32LittleEndian(head[(Key + 4)..], row.Width);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Hash(head, row.Numbers, hash);
        hash[..(RecordHead - Sized)].CopyTo(head[Sized..]);
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

        _asked.Add(input);
        _places[input] = _end;
        _end += RecordHead + row.Bytes;
    }

    public void Dispose()
    {
        _stream.Dispose();
        _lock?.Dispose();
    }

    // Once a process, which has asked for all that is there from then on. Others go on reading the file that they opened.
    private bool MakeRoom()
    {
        if (_hasMadeRoom)
        {
            return false;
        }

        _hasMadeRoom = true;
        var kept = _places.Where(place => _asked.Contains(place.Key)).OrderBy(static place => place.Value).ToList();
        if (kept.Count == _places.Count)
        {
            return false;
        }

        FileStream? copy = null;
        try
        {
            copy = OpenStream(_stream.Name + ".part", FileMode.Create, FileAccess.ReadWrite);
            copy.Write(Head);
            var places = kept.Select(place => KeyValuePair.Create(place.Key, CopyTo(copy, place.Value))).ToList();
            File.Move(copy.Name, _stream.Name, overwrite: true);
            _stream.Dispose();
            (_stream, _end) = (copy, copy.Length);
            _places.Clear();
            places.ForEach(place => _places.Add(place.Key, place.Value));
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            copy?.Dispose();
            File.Delete(_stream.Name + ".part");
            return false; // a full disk
        }
    }

    // Copies the record that is at a place to the end of another file, and says where it is there.
    private long CopyTo(FileStream copy, long place)
    {
        _stream.Position = place;
        Span<byte> head = stackalloc byte[RecordHead];
        _stream.ReadExactly(head);
        var (tokens, width) = SizesOf(head);
        var numbers = new byte[4 * tokens * width];
        _stream.ReadExactly(numbers);
        var at = copy.Position;
        copy.Write(head);
        copy.Write(numbers);
        return at;
    }

    // What is written is there at once.
    private static FileStream OpenStream(string path, FileMode mode, FileAccess access) => new(path, mode, access, FileShare.ReadWrite, bufferSize: 0);

    private static (int Tokens, int Width) SizesOf(ReadOnlySpan<byte> head) =>
        (BinaryPrimitives.ReadInt32LittleEndian(head[Key..]), BinaryPrimitives.ReadInt32LittleEndian(head[(Key + 4)..]));

    private static void Hash(ReadOnlySpan<byte> head, float[] numbers, Span<byte> hash)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData(head[..Sized]);
        sha.AppendData(MemoryMarshal.AsBytes(numbers.AsSpan()));
        sha.GetHashAndReset(hash);
    }

    private bool IsOfEarlierVersion()
    {
        Span<byte> head = stackalloc byte[Head.Length];
        _stream.Position = 0;
        return _stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length
            && head.StartsWith(Name) && Earlier.Contains(head[Name.Length]) && head.EndsWith(Head[(Name.Length + 1)..]);
    }

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
            var (tokens, width) = SizesOf(head);
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
