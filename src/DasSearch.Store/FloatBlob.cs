using System.Buffers.Binary;

namespace DasSearch.Store;

/// <summary>Numbers as a blob: 32-bit floats, little-endian.</summary>
internal static class FloatBlob
{
    internal static byte[] Of(IReadOnlyList<float> numbers)
    {
        var blob = new byte[numbers.Count * sizeof(float)];
        for (var i = 0; i < numbers.Count; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(blob.AsSpan(i * sizeof(float)), numbers[i]);
        }

        return blob;
    }

    internal static float[] Read(byte[] blob)
    {
        var numbers = new float[blob.Length / sizeof(float)];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = BinaryPrimitives.ReadSingleLittleEndian(blob.AsSpan(i * sizeof(float)));
        }

        return numbers;
    }
}
