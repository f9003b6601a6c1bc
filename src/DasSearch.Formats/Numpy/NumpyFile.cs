using System.Buffers.Binary;
using System.Text;
using DasSearch.Core;

namespace DasSearch.Formats.Numpy;

/// <summary>NumPy's arrays: one (.npy), or an archive of several (.npz, packed or not).</summary>
/// <remarks>The format is https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html, versions 1 to 3.</remarks>
internal static class NumpyFile
{
    private const string Extension = ".npy";
    private const int MostHeader = 1 << 16;

    /// <summary>One array, under its file's name without the ending.</summary>
    /// <exception cref="DasSearchException">It is not sound, or of what is no number.</exception>
    internal static WeightFile ReadOne(ByteRange bytes)
    {
        var array = Read(Path.GetFileNameWithoutExtension(bytes.Source), bytes);
        return new WeightFile(bytes.Source, new Dictionary<string, WeightTensor> { [array.Name] = array }, new Dictionary<string, string>());
    }

    /// <summary>Arrays by their names in the archive.</summary>
    /// <exception cref="DasSearchException">Archive or array is not sound, or of what is no number.</exception>
    internal static WeightFile ReadArchive(ByteRange bytes)
    {
        var tensors = new Dictionary<string, WeightTensor>(StringComparer.Ordinal);
        foreach (var (name, content) in ZipEntry.All(bytes))
        {
            var array = name.EndsWith(Extension, StringComparison.Ordinal)
                ? Read(name[..^Extension.Length], content)
                : throw new DasSearchException($"{bytes.Source} has {name}, expected arrays, whose names end in {Extension}");
            tensors.Add(array.Name, array);
        }

        return new WeightFile(bytes.Source, tensors, new Dictionary<string, string>());
    }

    private static WeightTensor Read(string name, ByteRange bytes)
    {
        var start = bytes.Slice(0, Math.Min(bytes.Length, 12)).ToArray();
        if (start is not [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, >= 1 and <= 3, _, _, _, ..] || (start[6] > 1 && start.Length < 12))
        {
            throw Wrong("is none of NumPy's versions 1 to 3");
        }

        var length = start[6] == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(start.AsSpan(8)) : BinaryPrimitives.ReadUInt32LittleEndian(start.AsSpan(8));
        var numbers = (start[6] == 1 ? 10 : 12) + (long)length;
        if (length > MostHeader || numbers > bytes.Length)
        {
            throw Wrong($"would have a header of {length} bytes, of {bytes.Length} in all");
        }

        var header = NumpyHeader.Parse(Encoding.UTF8.GetString(bytes.Slice(numbers - length, length).ToArray())) ?? throw Wrong("has a header that is none of NumPy's");
        var type = TypeOf(header.Type) ?? throw Wrong(header.Type.Contains('O', StringComparison.Ordinal)
            ? "is of objects, which lie there as a pickle, and pickles can run code; expected numbers"
            : $"is of type '{header.Type}', expected little-endian numbers: f2, f4, f8, i1 to i8, u1 to u8 or b1");
        long[] shape = [.. header.Shape];
        if (WeightChecks.Bytes(bytes.Source, name, type, shape, bytes.Length) is var size && size != bytes.Length - numbers)
        {
            throw Wrong($"is of shape [{string.Join(", ", shape)}] and has {bytes.Length - numbers} bytes of numbers, expected {size}");
        }

        return StridedTensor.Of(name, type, shape, bytes.Slice(numbers, size), 0, StridedTensor.Strides(shape, header.IsFortran));

        DasSearchException Wrong(string problem) => new($"{bytes.Source} has array {name}, which {problem}");
    }

    private static string? TypeOf(string type) => type switch
    {
        "<f2" => "F16",
        "<f4" => "F32",
        "<f8" => "F64",
        "|i1" or "<i1" => "I8",
        "<i2" => "I16",
        "<i4" => "I32",
        "<i8" => "I64",
        "|u1" or "<u1" => "U8",
        "<u2" => "U16",
        "<u4" => "U32",
        "<u8" => "U64",
        "|b1" => "BOOL",
        _ => null,
    };
}
