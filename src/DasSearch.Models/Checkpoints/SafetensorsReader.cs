using System.Buffers.Binary;
using System.Text.Json;
using DasSearch.Core;
using static TorchSharp.torch;

namespace DasSearch.Models.Checkpoints;

/// <summary>Reads tensors by name from a safetensors file: a header of JSON, then raw numbers. No code is ever run.</summary>
/// <remarks>
/// The format is https://huggingface.co/docs/safetensors. Everything in the header is checked against the file's length
/// before memory is asked for: offsets lie inside the file, do not overlap, and fit type and shape.
/// </remarks>
public static class SafetensorsReader
{
    private const int MaximumHeader = 64 << 20;
    private const int MaximumDimensions = 8;

    /// <summary>All tensors of a file, on the CPU, and the file's own metadata.</summary>
    /// <exception cref="DasSearchException">There is no such file, or it is not a sound safetensors file.</exception>
    public static Checkpoint Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            using var file = File.OpenRead(path);
            var (entries, metadata, start) = ReadHeader(file, path);
            var tensors = new Dictionary<string, Tensor>(entries.Count, StringComparer.Ordinal);
            foreach (var entry in entries)
            {
                var read = empty(entry.Shape, entry.Type);
                tensors.Add(entry.Name, read);
                file.Position = start + entry.Start;
                file.ReadExactly(read.bytes);
            }

            return new Checkpoint(tensors, metadata);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new DasSearchException($"checkpoint {path} cannot be read: {failure.Message}");
        }
    }

    private static (List<Entry> Entries, Dictionary<string, string> Metadata, long Start) ReadHeader(FileStream file, string path)
    {
        Span<byte> prefix = stackalloc byte[8];
        Require(file.Length >= prefix.Length, path, $"is {file.Length} bytes long, too short for a safetensors file");
        file.ReadExactly(prefix);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        Require(
            length <= MaximumHeader && (long)length <= file.Length - prefix.Length,
            path,
            $"is no safetensors file: its header would be {length} bytes long, the file is {file.Length}");
        var json = new byte[length];
        file.ReadExactly(json);
        var start = prefix.Length + (long)length;
        try
        {
            using var header = JsonDocument.Parse(json);
            Require(header.RootElement.ValueKind == JsonValueKind.Object, path, "has a header that is no JSON object");
            return Parse(header.RootElement, path, start, file.Length - start);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            // The second is what names that are no UTF-8 lead to.
            throw new DasSearchException($"checkpoint {path} has a header that is no JSON: {failure.Message}");
        }
    }

    private static (List<Entry> Entries, Dictionary<string, string> Metadata, long Start) Parse(
        JsonElement header, string path, long start, long available)
    {
        var entries = new List<Entry>();
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var property in header.EnumerateObject())
        {
            if (property.NameEquals("__metadata__"))
            {
                Require(property.Value.ValueKind == JsonValueKind.Object, path, "has a __metadata__ that is no JSON object");
                foreach (var pair in property.Value.EnumerateObject())
                {
                    metadata[pair.Name] = pair.Value.ToString();
                }
            }
            else
            {
                entries.Add(ParseEntry(property, path, available));
            }
        }

        entries.Sort(static (a, b) => a.Start.CompareTo(b.Start));
        for (var i = 1; i < entries.Count; i++)
        {
            Require(
                entries[i].Start >= entries[i - 1].End, path, $"has tensors that overlap: {entries[i - 1].Name} and {entries[i].Name}");
        }

        var twice = entries.GroupBy(static entry => entry.Name, StringComparer.Ordinal).FirstOrDefault(static group => group.Count() > 1);
        Require(twice is null, path, $"names tensor {twice?.Key} twice");
        return (entries, metadata, start);
    }

    private static Entry ParseEntry(JsonProperty property, string path, long available)
    {
        var (name, value) = (property.Name, property.Value);
        if (value.ValueKind != JsonValueKind.Object
            || !value.TryGetProperty("dtype", out var dtype)
            || dtype.ValueKind != JsonValueKind.String
            || !Longs(value, "shape", out var shape)
            || !Longs(value, "data_offsets", out var offsets)
            || offsets.Length != 2)
        {
            throw new DasSearchException($"checkpoint {path}: tensor {name} lacks a dtype, a shape or two data_offsets");
        }

        var type = SafetensorsTypes.Of(dtype.GetString()!)
            ?? throw new DasSearchException(
                $"checkpoint {path}: tensor {name} is of type {dtype.GetString()}, expected one of {SafetensorsTypes.Names}");
        Require(shape.Length <= MaximumDimensions, path, $"tensor {name} has {shape.Length} dimensions");
        Int128 bytes = SafetensorsTypes.Size(type);
        foreach (var size in shape)
        {
            Require(size >= 0, path, $"tensor {name} has a negative size");
            bytes *= size;
            Require(bytes <= available, path, $"tensor {name} is larger than the file");
        }

        var (start, end) = (offsets[0], offsets[1]);
        Require(
            start >= 0 && end >= start && end <= available && end - start == bytes,
            path,
            $"tensor {name} lies at [{start}, {end}], which does not fit its {bytes} bytes or the file's {available}");
        Require(bytes <= int.MaxValue, path, $"tensor {name} is larger than 2 GiB");
        return new Entry(name, type, shape, start, end);
    }

    private static bool Longs(JsonElement value, string name, out long[] numbers)
    {
        numbers = [];
        if (!value.TryGetProperty(name, out var list) || list.ValueKind != JsonValueKind.Array)
        {
            return false;
        }

        var result = new List<long>();
        foreach (var item in list.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt64(out var number))
            {
                return false;
            }

            result.Add(number);
        }

        numbers = [.. result];
        return true;
    }

    private static void Require(bool condition, string path, string problem)
    {
        if (!condition)
        {
            throw new DasSearchException($"checkpoint {path} {problem}");
        }
    }

    private readonly record struct Entry(string Name, ScalarType Type, long[] Shape, long Start, long End);
}
