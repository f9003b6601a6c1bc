using System.Buffers.Binary;
using System.Globalization;
using DasSearch.Core;

namespace DasSearch.Formats.Onnx;

/// <summary>One tensor's message, taken apart: its numbers stay where they are.</summary>
/// <param name="external">Opens a file beside the model.</param>
internal sealed class OnnxTensor(ByteRange bytes, ProtocolReader reader, Func<string, ByteRange> external)
{
    // By the number of the type: what safetensors calls it, and the field that has its numbers where they are not raw.
    private static readonly (string Type, int Field)[] _types =
    [
        ("of no type", 0), ("F32", 4), ("U8", 5), ("I8", 5), ("U16", 5), ("I16", 5), ("I32", 5), ("I64", 7), ("texts", 6), ("BOOL", 5), ("F16", 5), ("F64", 10),
        ("U32", 11), ("U64", 11), ("COMPLEX64", 4), ("COMPLEX128", 10), ("BF16", 5),
    ];

    private readonly List<long> _shape = [];
    private readonly Dictionary<string, string> _elsewhere = new(StringComparer.Ordinal);
    private readonly List<Piece> _numbers = [];
    private string _name = "";
    private long _type;
    private long _count;
    private int _field;
    private Piece? _raw;
    private bool _isExternal;

    /// <exception cref="DasSearchException">It contradicts itself or the file.</exception>
    internal WeightTensor Read()
    {
        reader.Message(Field);
        var (type, field) = _type >= 0 && _type < _types.Length ? _types[_type] : (string.Create(CultureInfo.InvariantCulture, $"{_type} of ONNX's"), 0);
        var most = _isExternal ? long.MaxValue : bytes.Length * sizeof(long); // of a byte, an integer can become eight
        var size = WeightChecks.Bytes(bytes.Source, _name, type, _shape, most);
        if (_isExternal)
        {
            return Tensor(type, External(size).Open);
        }

        if (_raw is { } raw)
        {
            return raw.Length == size ? Tensor(type, bytes.Slice(raw.Start, raw.Length).Open) : throw Wrong(size, raw.Length);
        }

        if (size > 0 && field != _field)
        {
            throw Wrong(size, 0);
        }

        if (_field is 5 or 7 or 11)
        {
            var width = WeightTypes.Size(type);
            return _count * width == size ? Tensor(type, () => Decode(width, size)) : throw Wrong(size, _count * width);
        }

        var there = _numbers.Sum(static piece => piece.Length);
        return there == size ? Tensor(type, Join) : throw Wrong(size, there);
    }

    private WeightTensor Tensor(string type, Func<Stream> open) => new(_name, type, [.. _shape], bytes.Source, open);

    private DasSearchException Wrong(long expected, long found) =>
        new($"{bytes.Source} has tensor {_name} of shape [{string.Join(", ", _shape)}] with {found} bytes of numbers, expected {expected}");

    private bool Field(int field)
    {
        switch (field)
        {
            case 1:
                reader.Integers(_shape);
                return true;
            case 2:
                _type = reader.Integer();
                return true;
            case 4 or 10:
                Numbers(field, reader.Value());
                return true;
            case 5 or 7 or 11:
                Numbers(field, reader.CountIntegers(out var count));
                _count += count;
                return true;
            case 8:
                _name = reader.Text();
                return true;
            case 9:
                _raw = reader.Value();
                return true;
            case 13:
                OnnxTexts.Read(reader, _elsewhere);
                return true;
            case 14:
                _isExternal = reader.Integer() == 1;
                return true;
            default:
                return false;
        }
    }

    private void Numbers(int field, Piece piece)
    {
        if (_field != 0 && _field != field)
        {
            throw new DasSearchException($"{bytes.Source} has tensor {_name} with numbers in fields {_field} and {field}, expected one");
        }

        _field = field;
        _numbers.Add(piece);
    }

    private ByteRange External(long size)
    {
        var location = _elsewhere.GetValueOrDefault("location", "");

        // Beside the model, and nowhere else.
        if (location is "" or "." or ".." || location.IndexOfAny(['/', '\\', '\0']) >= 0)
        {
            throw new DasSearchException($"{bytes.Source} has tensor {_name} in '{location}', expected the name of a file beside it");
        }

        var file = external(location);
        var (offset, length) = (Number("offset", 0), Number("length", size));
        return length == size ? file.Slice(offset, length) : throw Wrong(size, length);
    }

    private long Number(string key, long missing) => !_elsewhere.TryGetValue(key, out var text)
        ? missing
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new DasSearchException($"{bytes.Source} has tensor {_name} with {key} '{text}', expected a number of bytes");

    // The lowest bytes of each integer.
    private MemoryStream Decode(int width, long size)
    {
        if (size > Array.MaxLength)
        {
            throw new DasSearchException($"{bytes.Source} has tensor {_name} of {size} bytes as integers one by one, expected at most {Array.MaxLength}");
        }

        var numbers = new MemoryStream(new byte[size]);
        Span<byte> number = stackalloc byte[sizeof(ulong)];
        foreach (var piece in _numbers)
        {
            using var integers = new ProtocolReader(bytes.Slice(piece.Start, piece.Length));
            while (integers.Left > 0)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(number, integers.Varint());
                numbers.Write(number[..width]);
            }
        }

        numbers.Position = 0;
        return numbers;
    }

    private Stream Join()
    {
        if (_numbers is [var all])
        {
            return bytes.Slice(all.Start, all.Length).Open();
        }

        var joined = new MemoryStream();
        foreach (var piece in _numbers)
        {
            using var part = bytes.Slice(piece.Start, piece.Length).Open();
            part.CopyTo(joined);
        }

        joined.Position = 0;
        return joined;
    }
}

/// <summary>Texts by name.</summary>
internal static class OnnxTexts
{
    /// <summary>Adds one; of two of a name the last counts.</summary>
    internal static void Read(ProtocolReader reader, Dictionary<string, string> texts)
    {
        var (key, value) = ("", "");
        reader.Message(field =>
        {
            switch (field)
            {
                case 1:
                    key = reader.Text();
                    return true;
                case 2:
                    value = reader.Text();
                    return true;
                default:
                    return false;
            }
        });
        texts[key] = value;
    }
}
