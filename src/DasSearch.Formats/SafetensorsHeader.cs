using System.Text.Json;
using DasSearch.Core;

namespace DasSearch.Formats;

/// <summary>Takes a safetensors header apart, and holds it against the file.</summary>
/// <param name="path">What messages call it.</param>
/// <param name="numbers">What follows the header.</param>
internal sealed class SafetensorsHeader(string path, ByteRange numbers)
{

    /// <exception cref="DasSearchException">The header contradicts itself or the file.</exception>
    internal (IReadOnlyDictionary<string, WeightTensor> Tensors, IReadOnlyDictionary<string, string> Metadata) Parse(JsonElement header)
    {
        Require(header.ValueKind == JsonValueKind.Object, "is no safetensors file: its header is no JSON object");
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        var places = new List<(string Name, long Begin, long End)>();
        var tensors = new Dictionary<string, WeightTensor>(StringComparer.Ordinal);
        foreach (var property in header.EnumerateObject())
        {
            if (property.NameEquals("__metadata__"))
            {
                ReadMetadata(property.Value, metadata);
                continue;
            }

            var (tensor, begin, end) = ReadTensor(property);
            Require(tensors.TryAdd(tensor.Name, tensor), $"has tensor {tensor.Name} twice");
            places.Add((tensor.Name, begin, end));
        }

        CheckPlaces(places);
        return (tensors, metadata);
    }

    private void ReadMetadata(JsonElement value, Dictionary<string, string> metadata)
    {
        Require(value.ValueKind == JsonValueKind.Object, "has a __metadata__ that is no JSON object");
        foreach (var text in value.EnumerateObject())
        {
            Require(text.Value.ValueKind == JsonValueKind.String, $"has a __metadata__.{text.Name} that is no text");
            metadata[text.Name] = text.Value.GetString()!;
        }
    }

    private (WeightTensor Tensor, long Begin, long End) ReadTensor(JsonProperty property)
    {
        var name = property.Name;
        if (property.Value is not { ValueKind: JsonValueKind.Object } value
            || !value.TryGetProperty("dtype", out var dtype)
            || dtype.ValueKind != JsonValueKind.String
            || Integers(value, "shape") is not { } shape
            || Integers(value, "data_offsets") is not { Length: 2 } offsets)
        {
            throw Wrong($"has tensor {name} without a dtype, a shape of at most {WeightChecks.MaximumDimensions} sizes or two data_offsets");
        }

        var type = dtype.GetString()!;
        var bytes = WeightChecks.Bytes(path, name, type, shape, numbers.Length);
        var (begin, end) = (offsets[0], offsets[1]);
        Require(
            begin >= 0 && end >= begin && end <= numbers.Length && end - begin == bytes,
            $"has tensor {name} of {bytes} bytes at [{begin}, {end}], which does not fit it or the file's {numbers.Length}");
        return (new WeightTensor(name, type, shape, path, numbers.Slice(begin, end - begin).Open), begin, end);
    }

    // Null for anything but a short list of integers.
    private static long[]? Integers(JsonElement value, string name)
    {
        if (!value.TryGetProperty(name, out var list)
            || list.ValueKind != JsonValueKind.Array
            || list.GetArrayLength() > WeightChecks.MaximumDimensions)
        {
            return null;
        }

        var integers = new List<long>();
        foreach (var item in list.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt64(out var number))
            {
                return null;
            }

            integers.Add(number);
        }

        return [.. integers];
    }

    private void CheckPlaces(List<(string Name, long Begin, long End)> places)
    {
        var reached = 0L;
        foreach (var (name, begin, end) in places.OrderBy(static place => place.Begin).ThenBy(static place => place.End))
        {
            Require(begin == reached, $"has tensor {name} at {begin}, but the one before it ends at {reached}");
            reached = end;
        }

        Require(reached == numbers.Length, $"has tensors up to {reached}, but {numbers.Length} bytes");
    }

    private void Require(bool condition, string problem)
    {
        if (!condition)
        {
            throw Wrong(problem);
        }
    }

    private DasSearchException Wrong(string problem) => new($"{path} {problem}");
}
