using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Nodes;
using DasSearch.Core;

namespace DasSearch.Formats;

/// <summary>What lies in a safetensors file: its header is read at once, numbers when they are asked for.</summary>
/// <remarks>
/// The format is https://huggingface.co/docs/safetensors: a length, a header of JSON, then raw numbers without holes. The
/// header is held against the file's length before memory is asked for, and no code is ever run. Numbers are mapped into
/// memory, so that a file of any size costs what is used of it.
/// </remarks>
public sealed class SafetensorsFile
{
    private const int LengthBytes = sizeof(ulong);
    internal const int MaximumHeader = 100_000_000; // The format's own limit.
    private const int Alignment = 8;

    private SafetensorsFile(string path, IReadOnlyDictionary<string, WeightTensor> tensors, IReadOnlyDictionary<string, string> metadata) =>
        (Path, Tensors, Metadata) = (path, tensors, metadata);

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The tensors by name.</summary>
    public IReadOnlyDictionary<string, WeightTensor> Tensors { get; }

    /// <summary>Free texts by name.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Reads a file's header.</summary>
    /// <exception cref="DasSearchException">There is no such file, or it is not sound.</exception>
    public static SafetensorsFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Read(ByteRange.OfFile(path, InputKind.Weights));
    }

    /// <summary>Files that one of their free texts tells from others.</summary>
    /// <param name="name">What messages call one.</param>
    /// <param name="key">The text's name.</param>
    /// <param name="value">What it says.</param>
    public static OutputKind Kind(string name, string key, string value) => new(name, path =>
    {
        try
        {
            return Open(path).Metadata.GetValueOrDefault(key) == value;
        }
        catch (DasSearchException)
        {
            return false; // something else
        }
    });

    /// <summary>Writes a file as a whole, the same bytes for the same tensors: they lie in the order of their names, and one after the other is in memory.</summary>
    /// <param name="tensors">The tensors; each name once.</param>
    /// <param name="metadata">Free texts by name.</param>
    /// <exception cref="DasSearchException">A tensor cannot be read, or the file cannot be written.</exception>
    public static void Write(string path, IEnumerable<WeightEntry> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        var ordered = tensors.OrderBy(static tensor => tensor.Name, StringComparer.Ordinal).ToList();
        var header = JsonSerializer.SerializeToUtf8Bytes(HeaderOf(ordered, metadata));
        var padded = (header.Length + Alignment - 1) / Alignment * Alignment;
        OutputFile.Write(path, file =>
        {
            Span<byte> length = stackalloc byte[LengthBytes];
            BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)padded);
            file.Write(length);
            file.Write(header);
            file.Write("        "u8[..(padded - header.Length)]);
            foreach (var tensor in ordered)
            {
                tensor.CopyTo(file);
            }
        });
    }

    private static JsonObject HeaderOf(List<WeightEntry> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        var header = new JsonObject();
        if (metadata is { Count: > 0 })
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

    /// <summary>Reads the header from wherever its bytes are.</summary>
    /// <exception cref="DasSearchException">It is not sound.</exception>
    public static SafetensorsFile Read(ByteRange bytes)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        return Guarded(bytes.Source, "no safetensors file: its header is no JSON", () =>
        {
            var json = ReadHeader(bytes);
            using var document = JsonDocument.Parse(json);
            var header = new SafetensorsHeader(bytes.Source, bytes.Slice(LengthBytes + json.Length, bytes.Length - LengthBytes - json.Length));
            var (tensors, metadata) = header.Parse(document.RootElement);
            return new SafetensorsFile(bytes.Source, tensors, metadata);
        });
    }

    private static T Guarded<T>(string path, string problem, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new DasSearchException($"{path} cannot be read: {failure.Message}", failure);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            // The second is what names that are no UTF-8 lead to.
            throw new DasSearchException($"{path} is {problem}", failure);
        }
    }

    private static byte[] ReadHeader(ByteRange bytes)
    {
        if (bytes.Length < LengthBytes)
        {
            throw new DasSearchException($"{bytes.Source} is no safetensors file: it has {bytes.Length} bytes");
        }

        var length = BinaryPrimitives.ReadUInt64LittleEndian(bytes.Slice(0, LengthBytes).ToArray());
        return length <= MaximumHeader && (long)length <= bytes.Length - LengthBytes
            ? bytes.Slice(LengthBytes, (long)length).ToArray()
            : throw new DasSearchException(
                $"{bytes.Source} is no safetensors file: its header would be {length} bytes long, the file has {bytes.Length}");
    }
}
