using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Nodes;
using DasSearch.Core;
using DasSearch.Formats;

namespace DasSearch.Exports;

/// <summary>Writes tensors into a safetensors file, one after the other, so that only one of them is in memory.</summary>
public static class SafetensorsWriter
{
    private const int Alignment = 8;

    /// <summary>Writes a file as a whole, the same bytes for the same tensors: they lie in the order of their names.</summary>
    /// <param name="tensors">The tensors; each name once.</param>
    /// <param name="metadata">Free texts by name.</param>
    /// <exception cref="DasSearchException">A tensor cannot be read, or the file cannot be written.</exception>
    public static void Write(string path, IEnumerable<WeightTensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        ArgumentNullException.ThrowIfNull(metadata);
        var ordered = tensors.OrderBy(static tensor => tensor.Name, StringComparer.Ordinal).ToList();
        var header = JsonSerializer.SerializeToUtf8Bytes(Header(ordered, metadata));
        var padded = (header.Length + Alignment - 1) / Alignment * Alignment;
        OutputFile.Write(path, file =>
        {
            Span<byte> length = stackalloc byte[sizeof(ulong)];
            BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)padded);
            file.Write(length);
            file.Write(header);
            file.Write("        "u8[..(padded - header.Length)]);
            foreach (var tensor in ordered)
            {
                file.Write(tensor.Read());
            }
        });
    }

    private static JsonObject Header(List<WeightTensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        var header = new JsonObject();
        if (metadata.Count > 0)
        {
            var texts = metadata.OrderBy(static entry => entry.Key, StringComparer.Ordinal);
            header["__metadata__"] = new JsonObject(texts.Select(static entry => KeyValuePair.Create(entry.Key, (JsonNode?)entry.Value)));
        }

        var offset = 0L;
        foreach (var tensor in tensors)
        {
            header.Add(tensor.Name, new JsonObject
            {
                ["dtype"] = tensor.Type,
                ["shape"] = new JsonArray([.. tensor.Shape.Select(static size => (JsonNode)size)]),
                ["data_offsets"] = new JsonArray(offset, offset += tensor.Bytes),
            });
        }

        return header;
    }
}
