using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace DasSearch.Models.Checkpoints;

/// <summary>Writes tensors by name into a safetensors file, the same bytes for the same tensors.</summary>
public static class SafetensorsWriter
{
    private const int Alignment = 8;

    /// <summary>Writes beside the place first and renames, so that a crash leaves the old file or the new one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tensors">The tensors, on any device; written in the order of their names.</param>
    /// <param name="metadata">Free texts by name.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(
        string path, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(tensors);
        var ordered = tensors.OrderBy(static entry => entry.Key, StringComparer.Ordinal).ToArray();
        var draft = path + ".part";
        using (var file = File.Create(draft))
        {
            var header = JsonSerializer.SerializeToUtf8Bytes(Header(ordered, metadata));
            var padded = (header.Length + Alignment - 1) / Alignment * Alignment;
            Span<byte> length = stackalloc byte[8];
            BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)padded);
            file.Write(length);
            file.Write(header);
            file.Write("        "u8[..(padded - header.Length)]);
            foreach (var (_, tensor) in ordered)
            {
                using var scope = NewDisposeScope();
                file.Write(tensor.detach().cpu().contiguous().bytes);
            }

            file.Flush(flushToDisk: true);
        }

        File.Move(draft, path, overwrite: true);
    }

    private static JsonObject Header(
        KeyValuePair<string, Tensor>[] tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        var header = new JsonObject();
        if (metadata is { Count: > 0 })
        {
            var texts = metadata.OrderBy(static entry => entry.Key, StringComparer.Ordinal);
            header["__metadata__"] = new JsonObject(texts.Select(static entry => KeyValuePair.Create(entry.Key, (JsonNode?)entry.Value)));
        }

        var offset = 0L;
        foreach (var (name, tensor) in tensors)
        {
            var end = offset + (tensor.numel() * tensor.element_size());
            header[name] = new JsonObject
            {
                ["dtype"] = SafetensorsTypes.Name(tensor.dtype),
                ["shape"] = new JsonArray([.. tensor.shape.Select(static size => (JsonNode)size)]),
                ["data_offsets"] = new JsonArray(offset, end),
            };
            offset = end;
        }

        return header;
    }
}
