using System.Runtime.InteropServices;
using DasSearch.Core;

namespace DasSearch.Formats;

/// <summary>A tensor as a file has it: its name and shape, and where its bytes come from.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its numbers' type, such as <c>F32</c>, one of <see cref="WeightTypes"/>'s.</param>
/// <param name="Shape">Its sizes, the outermost first; row-major.</param>
public abstract record WeightEntry(string Name, string Type, IReadOnlyList<long> Shape)
{
    /// <summary>How many numbers it has.</summary>
    public long Count => Shape.Contains(0) ? 0 : Shape.Aggregate(1L, static (count, size) => checked(count * size));

    /// <summary>How many bytes they take; there may be more than an array has room for.</summary>
    public long Bytes => Count * WeightTypes.Size(Type);

    /// <summary>Writes its bytes, little-endian, into a stream.</summary>
    public abstract void CopyTo(Stream target);
}

/// <summary>A tensor whose bytes lie in a file or in memory, and are read when they are asked for.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its numbers' type.</param>
/// <param name="Shape">Its sizes, the outermost first; row-major.</param>
/// <param name="Source">What messages call the file.</param>
/// <param name="Open">Opens its bytes, little-endian; the caller closes them.</param>
public sealed record WeightTensor(string Name, string Type, IReadOnlyList<long> Shape, string Source, Func<Stream> Open)
    : WeightEntry(Name, Type, Shape)
{
    /// <summary>Whether its numbers are floating.</summary>
    public bool IsFloating => Type is "F16" or "BF16" or "F32" or "F64";

    /// <summary>A tensor of bytes in memory, such as one to be written.</summary>
    /// <exception cref="ArgumentException">There are more or fewer bytes than the shape has room for.</exception>
    public static WeightTensor Of(string name, string type, IReadOnlyList<long> shape, byte[] bytes)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        var tensor = new WeightTensor(name, type, shape, name, () => new MemoryStream(bytes, writable: false));
        return tensor.Bytes == bytes.Length
            ? tensor
            : throw new ArgumentException($"[{string.Join(", ", shape)}] has room for {tensor.Bytes} bytes, not {bytes.Length}.", nameof(bytes));
    }

    /// <summary>The same of floats.</summary>
    /// <exception cref="ArgumentException">There are more or fewer numbers than the shape has room for.</exception>
    public static WeightTensor Of(string name, IReadOnlyList<long> shape, float[] numbers) =>
        Of(name, "F32", shape, MemoryMarshal.AsBytes<float>(numbers).ToArray());

    /// <summary>The same under another name with its dimensions in another order, laid out anew when it is opened.</summary>
    /// <param name="order">Which of its dimensions come first, second and so on, each once.</param>
    public WeightTensor Permuted(string name, params int[] order)
    {
        ArgumentNullException.ThrowIfNull(order);
        var strides = StridedTensor.Strides([.. Shape], firstIsFastest: false);
        long[] shape = [.. order.Select(from => Shape[from])];
        return this with { Name = name, Shape = shape, Open = () => StridedTensor.Rows(ToArray(), shape, [.. order.Select(from => strides[from])], WeightTypes.Size(Type)) };
    }

    /// <summary>One of several equal parts along its first dimension, under another name.</summary>
    /// <param name="part">Which, from 0.</param>
    /// <param name="of">How many there are; a divisor of the dimension's size.</param>
    public WeightTensor Part(string name, int part, int of)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(Shape[0] % of, 0);
        var bytes = (int)(Bytes / of);
        return this with { Name = name, Shape = [Shape[0] / of, .. Shape.Skip(1)], Open = () => new MemoryStream(ToArray(), part * bytes, bytes, writable: false) };
    }

    /// <inheritdoc/>
    public override void CopyTo(Stream target)
    {
        using var from = Open();
        from.CopyTo(target);
    }

    /// <summary>Its bytes.</summary>
    /// <exception cref="DasSearchException">The file cannot be read, or there are more than an array has room for.</exception>
    public byte[] ToArray()
    {
        if (Bytes > Array.MaxLength)
        {
            throw new DasSearchException($"{Source} has {Name} of {Bytes} bytes, expected less than 2 GiB");
        }

        var bytes = new byte[Bytes];
        using var from = Open();
        from.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>Its numbers as single-precision floats, whatever floating type they are stored in.</summary>
    /// <exception cref="DasSearchException">They are no floats, or the file cannot be read.</exception>
    public float[] Floats() => Type switch
    {
        "F32" => Convert<float>(static number => number),
        "F64" => Convert<double>(static number => (float)number),
        "F16" => Convert<Half>(static number => (float)number),
        "BF16" => Convert<ushort>(static number => BitConverter.UInt32BitsToSingle((uint)number << 16)),
        _ => throw new DasSearchException($"{Source} has {Name} of type {Type}, expected floating numbers: F16, BF16, F32 or F64"),
    };

    private float[] Convert<T>(Func<T, float> convert)
        where T : unmanaged
    {
        var bytes = ToArray();
        var from = MemoryMarshal.Cast<byte, T>(bytes);
        var floats = new float[from.Length];
        for (var i = 0; i < floats.Length; i++)
        {
            floats[i] = convert(from[i]);
        }

        return floats;
    }
}

/// <summary>The names that safetensors gives to types of number, and how many bytes one takes.</summary>
public static class WeightTypes
{
    private static readonly (string Name, int Size)[] _all =
    [
        ("BOOL", 1), ("U8", 1), ("I8", 1), ("U16", 2), ("I16", 2), ("U32", 4), ("I32", 4), ("U64", 8), ("I64", 8),
        ("F16", 2), ("BF16", 2), ("F32", 4), ("F64", 8),
    ];

    /// <summary>All names, for messages.</summary>
    public static string Names => string.Join(", ", _all.Select(static type => type.Name));

    public static bool Has(string name) => Array.Exists(_all, type => type.Name == name);

    /// <summary>Bytes of one number.</summary>
    /// <exception cref="ArgumentException">There is no such type.</exception>
    public static int Size(string name) => Has(name)
        ? Array.Find(_all, type => type.Name == name).Size
        : throw new ArgumentException($"safetensors has no type {name}.", nameof(name));
}
