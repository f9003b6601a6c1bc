using System.Runtime.InteropServices;

namespace DasSearch.Exports;

/// <summary>A tensor that lies in the file: a weight, or a constant.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its numbers' type.</param>
/// <param name="Shape">Its sizes.</param>
/// <param name="Bytes">How many bytes its numbers take.</param>
/// <param name="Read">Its bytes, little-endian and row-major.</param>
internal sealed record OnnxTensor(string Name, OnnxType Type, IReadOnlyList<long> Shape, long Bytes, Func<byte[]> Read)
{
    /// <summary>A weight as it is, as single-precision floats.</summary>
    internal static OnnxTensor Of(WeightTensor weight) => weight.Type == "F32"
        ? new OnnxTensor(weight.Name, OnnxType.Float, weight.Shape, weight.Bytes, weight.Read)
        : Of(weight.Name, weight.Shape, weight.Floats);

    /// <summary>The transpose of a linear layer's weight [out, in], for a product from the right.</summary>
    internal static OnnxTensor Transposed(WeightTensor weight)
    {
        var (rows, columns) = (weight.Shape[0], weight.Shape[1]);
        return Of(weight.Name + ".T", [columns, rows], () => Transpose(weight.Floats(), (int)rows, (int)columns));
    }

    /// <summary>Floats, made when they are written.</summary>
    internal static OnnxTensor Of(string name, IReadOnlyList<long> shape, Func<float[]> numbers) => new(
        name,
        OnnxType.Float,
        shape,
        shape.Aggregate((long)sizeof(float), static (bytes, size) => bytes * size),
        () => MemoryMarshal.AsBytes<float>(numbers()).ToArray());

    /// <summary>A list of integers, such as a shape.</summary>
    internal static OnnxTensor Of(string name, params long[] numbers) => new(
        name, OnnxType.Int64, [numbers.Length], sizeof(long) * numbers.LongLength, () => MemoryMarshal.AsBytes<long>(numbers).ToArray());

    /// <summary>A single integer, such as an index.</summary>
    internal static OnnxTensor Scalar(string name, long number) => Of(name, number) with { Shape = [] };

    /// <summary>A truth as a scalar.</summary>
    internal static OnnxTensor Of(string name, bool truth) => new(name, OnnxType.Bool, [], 1, () => [truth ? (byte)1 : (byte)0]);

    private static float[] Transpose(float[] numbers, int rows, int columns)
    {
        var transposed = new float[numbers.Length];
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                transposed[(column * rows) + row] = numbers[(row * columns) + column];
            }
        }

        return transposed;
    }
}

/// <summary>TensorProto.DataType, as far as it is used.</summary>
internal enum OnnxType
{
    /// <summary>Single-precision floats.</summary>
    Float = 1,

    /// <summary>Signed integers of 64 bits.</summary>
    Int64 = 7,

    /// <summary>Truths, a byte each.</summary>
    Bool = 9,
}
