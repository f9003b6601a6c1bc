using System.Text.Json;
using DasSearch.Core;

namespace DasSearch.Formats;

/// <summary>An index that tells in which of several files each tensor lies: <c>model.safetensors.index.json</c>, <c>pytorch_model.bin.index.json</c>.</summary>
/// <remarks>As Hugging Face writes it. The files lie beside it, of any format that is told by content; their names are never taken for paths.</remarks>
internal static class WeightIndex
{
    private const string Suffix = ".index.json";

    /// <summary>Whether a file's name is an index's.</summary>
    internal static bool IsNamedSo(string path) => path.EndsWith(Suffix, StringComparison.Ordinal);

    /// <summary>Reads what all the files that it names say of their tensors.</summary>
    /// <exception cref="DasSearchException">A file is missing or not sound, or index and files contradict each other.</exception>
    internal static WeightFile Open(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(InputFile.ReadBytes(path, InputKind.WeightIndex));
            return Read(path, document.RootElement);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            // The second is what names that are no UTF-8 lead to.
            throw new DasSearchException($"{path} is no index of a checkpoint's files: it is no JSON", failure);
        }
    }

    private static WeightFile Read(string path, JsonElement index)
    {
        if (index.ValueKind != JsonValueKind.Object || !index.TryGetProperty("weight_map", out var map) || map.ValueKind != JsonValueKind.Object)
        {
            throw new DasSearchException($"{path} is no index of a checkpoint's files: it has no weight_map");
        }

        var files = new Dictionary<string, WeightFile>(StringComparer.Ordinal);
        var tensors = new Dictionary<string, WeightTensor>(StringComparer.Ordinal);
        foreach (var entry in map.EnumerateObject())
        {
            var name = entry.Value.ValueKind == JsonValueKind.String ? entry.Value.GetString()! : "";

            // Beside the index, and nowhere else.
            if (name is "" or "." or ".." || name.IndexOfAny(['/', '\\', '\0']) >= 0)
            {
                throw new DasSearchException($"{path} has tensor {entry.Name} in {entry.Value.GetRawText()}, expected the name of a file beside it");
            }

            if (!files.TryGetValue(name, out var file))
            {
                file = WeightFile.Read(ByteRange.OfFile(Path.Combine(Path.GetDirectoryName(path) ?? "", name), InputKind.Checkpoint));
                files.Add(name, file);
            }

            if (!file.Tensors.TryGetValue(entry.Name, out var tensor))
            {
                throw new DasSearchException($"{path} has tensor {entry.Name} in {name}, which does not have it");
            }

            if (!tensors.TryAdd(entry.Name, tensor))
            {
                throw new DasSearchException($"{path} has tensor {entry.Name} twice");
            }
        }

        var lost = files.Values.SelectMany(static file => file.Tensors.Values).FirstOrDefault(tensor => !tensors.ContainsKey(tensor.Name));
        return lost is null
            ? new WeightFile(path, tensors, MetadataOf(index))
            : throw new DasSearchException($"{path} lacks tensor {lost.Name}, which {lost.Source} has");
    }

    private static Dictionary<string, string> MetadataOf(JsonElement index) =>
        index.TryGetProperty("metadata", out var metadata) && metadata.ValueKind == JsonValueKind.Object
            ? metadata.EnumerateObject().DistinctBy(static text => text.Name).ToDictionary(static text => text.Name, static text => text.Value.ToString(), StringComparer.Ordinal)
            : [];
}
