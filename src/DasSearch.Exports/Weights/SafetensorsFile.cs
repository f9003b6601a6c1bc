using System.Buffers.Binary;
using System.Text.Json;
using DasSearch.Core;

namespace DasSearch.Exports;

/// <summary>What lies in a safetensors file, read without a tensor library: the header at once, numbers when they are asked for.</summary>
/// <remarks>
/// The format is https://huggingface.co/docs/safetensors: a length, a header of JSON, then raw numbers without holes. The
/// header is held against the file's length before memory is asked for, and no code is ever run.
/// </remarks>
public sealed class SafetensorsFile
{
    private const int LengthBytes = sizeof(ulong);
    private const int MaximumHeader = 100_000_000; // The format's own limit.

    private SafetensorsFile(string path, IReadOnlyDictionary<string, WeightTensor> tensors, IReadOnlyDictionary<string, string> metadata) =>
        (Path, Tensors, Metadata) = (path, tensors, metadata);

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The tensors by name.</summary>
    public IReadOnlyDictionary<string, WeightTensor> Tensors { get; }

    /// <summary>Free texts by name.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Reads a file's header.</summary>
    /// <exception cref="DasSearchException">There is no such file, or it is not a sound safetensors file.</exception>
    public static SafetensorsFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            using var file = File.OpenRead(path);
            var json = ReadHeader(file, path);
            using var document = JsonDocument.Parse(json);
            var header = new SafetensorsHeader(path, LengthBytes + json.Length, file.Length - LengthBytes - json.Length);
            var (tensors, metadata) = header.Parse(document.RootElement);
            return new SafetensorsFile(path, tensors, metadata);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new DasSearchException($"{path} cannot be read: {failure.Message}", failure);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            // The second is what names that are no UTF-8 lead to.
            throw new DasSearchException($"{path} is no safetensors file: its header is no JSON", failure);
        }
    }

    private static byte[] ReadHeader(FileStream file, string path)
    {
        Span<byte> prefix = stackalloc byte[LengthBytes];
        if (file.Length < prefix.Length)
        {
            throw new DasSearchException($"{path} is no safetensors file: it has {file.Length} bytes");
        }

        file.ReadExactly(prefix);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > MaximumHeader || (long)length > file.Length - prefix.Length)
        {
            throw new DasSearchException(
                $"{path} is no safetensors file: its header would be {length} bytes long, the file has {file.Length}");
        }

        var json = new byte[length];
        file.ReadExactly(json);
        return json;
    }
}
