using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Support;

/// <summary>A fixture file, read whole: named _tensors as PyTorch wrote them.</summary>
internal sealed class SafetensorsFile
{
    private readonly Dictionary<string, StoredTensor> _tensors = new(StringComparer.Ordinal);

    private SafetensorsFile(byte[] content)
    {
        var headerLength = (int)BinaryPrimitives.ReadUInt64LittleEndian(content);
        var start = 8 + headerLength;
        using var header = JsonDocument.Parse(content.AsMemory(8, headerLength));
        foreach (var entry in header.RootElement.EnumerateObject())
        {
            var offsets = entry.Value.GetProperty("data_offsets");
            var begin = offsets[0].GetInt32();
            var shape = entry.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()).ToArray();
            var bytes = content.AsMemory(start + begin, offsets[1].GetInt32() - begin);
            _tensors.Add(entry.Name, new StoredTensor(TypeOf(entry.Value.GetProperty("dtype").GetString()!), shape, bytes));
        }
    }

    public IEnumerable<string> Names => _tensors.Keys;

    public static SafetensorsFile Open(string name) =>
        new(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Fixtures", name)));

    public bool Contains(string name) => _tensors.ContainsKey(name);

    public StoredTensor Get(string name) => _tensors.TryGetValue(name, out var found)
        ? found
        : throw new KeyNotFoundException($"No fixture is named '{name}': run Fixtures/make_fixtures.py.");

    /// <summary>A new tensor with the stored values.</summary>
    public Tensor Tensor(string name) => Get(name).ToTensor();

    public float[] Floats(string name) => MemoryMarshal.Cast<byte, float>(Get(name).Bytes.Span).ToArray();

    public double[] Doubles(string name) => MemoryMarshal.Cast<byte, double>(Get(name).Bytes.Span).ToArray();

    private static ScalarType TypeOf(string name) => name switch
    {
        "F64" => ScalarType.Float64,
        "F32" => ScalarType.Float32,
        "I64" => ScalarType.Int64,
        "I32" => ScalarType.Int32,
        "I16" => ScalarType.Int16,
        "I8" => ScalarType.Int8,
        "U8" => ScalarType.Byte,
        "BOOL" => ScalarType.Bool,
        _ => throw new NotSupportedException($"Fixtures hold no {name}."),
    };
}

/// <summary>Element type, shape and little-endian elements of one stored tensor.</summary>
internal sealed record StoredTensor(ScalarType Type, long[] Shape, ReadOnlyMemory<byte> Bytes)
{
    public Tensor ToTensor() => Type switch
    {
        ScalarType.Float64 => tensor(As<double>(), Shape),
        ScalarType.Float32 => tensor(As<float>(), Shape),
        ScalarType.Int64 => tensor(As<long>(), Shape),
        ScalarType.Int32 => tensor(As<int>(), Shape),
        ScalarType.Int16 => tensor(As<short>(), Shape),
        ScalarType.Byte => tensor(As<byte>(), Shape),
        ScalarType.Bool => tensor(As<byte>(), Shape).@bool(),
        _ => throw new NotSupportedException($"No tensor is made from stored {Type}."),
    };

    public T[] As<T>() where T : unmanaged => MemoryMarshal.Cast<byte, T>(Bytes.Span).ToArray();
}
