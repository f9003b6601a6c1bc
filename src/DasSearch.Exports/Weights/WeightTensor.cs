using System.Runtime.InteropServices;
using DasSearch.Core;

namespace DasSearch.Exports;

/// <summary>A tensor that lies in a file, whose numbers are read when they are asked for.</summary>
/// <param name="Type">Its numbers' type, such as <c>F32</c>, one of <see cref="WeightTypes"/>'s.</param>
/// <param name="Shape">Its sizes, the outermost first; row-major.</param>
/// <param name="Source">What messages call the file.</param>
/// <param name="Read">Its bytes, little-endian.</param>
public sealed record WeightTensor(string Name, string Type, IReadOnlyList<long> Shape, string Source, Func<byte[]> Read)
{
    /// <summary>How many numbers it has.</summary>
    public long Count => Shape.Aggregate(1L, static (count, size) => checked(count * size));

    /// <summary>How many bytes they take.</summary>
    public long Bytes => Count * WeightTypes.Size(Type);

    /// <summary>Whether its numbers are floating.</summary>
    public bool IsFloating => Type is "F16" or "BF16" or "F32" or "F64";

    /// <summary>Its numbers as single-precision floats, whatever floating type they are stored in.</summary>
    /// <exception cref="DasSearchException">They are no floats, or the file cannot be read.</exception>
    public float[] Floats()
    {
        var bytes = Read();
        return Type switch
        {
            "F32" => MemoryMarshal.Cast<byte, float>(bytes).ToArray(),
            "F64" => Convert<double>(bytes, static number => (float)number),
            "F16" => Convert<Half>(bytes, static number => (float)number),
            "BF16" => Convert<ushort>(bytes, static number => BitConverter.UInt32BitsToSingle((uint)number << 16)),
            _ => throw new DasSearchException($"{Source} has {Name} of type {Type}, expected floating numbers: F16, BF16, F32 or F64"),
        };
    }

    /// <summary>Floats as a tensor of their own, such as one to be written.</summary>
    /// <exception cref="ArgumentException">There are more or fewer numbers than the shape has room for.</exception>
    public static WeightTensor Of(string name, IReadOnlyList<long> shape, float[] numbers)
    {
        ArgumentNullException.ThrowIfNull(numbers);
        var tensor = new WeightTensor(name, "F32", shape, name, () => MemoryMarshal.AsBytes<float>(numbers).ToArray());
        return tensor.Count == numbers.Length
            ? tensor
            : throw new ArgumentException(
                $"[{string.Join(", ", shape)}] has room for {tensor.Count} numbers, not {numbers.Length}.", nameof(numbers));
    }

    private static float[] Convert<T>(byte[] bytes, Converter<T, float> convert)
        where T : unmanaged => Array.ConvertAll(MemoryMarshal.Cast<byte, T>(bytes).ToArray(), convert);
}
