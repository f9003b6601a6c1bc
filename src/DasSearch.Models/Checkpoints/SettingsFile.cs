using System.Text.Json;
using DasSearch.Core;
using DasSearch.Formats;

namespace DasSearch.Models.Checkpoints;

/// <summary>What JSON beside a checkpoint says of a model that its tensors do not, such as Hugging Face's <c>config.json</c>; or an object within that.</summary>
/// <param name="Path">The file.</param>
internal sealed record SettingsFile(string Path)
{
    private readonly JsonElement _all;

    private SettingsFile(string path, JsonElement all)
        : this(path) =>
        _all = all;

    /// <summary>The first of several files that is beside a checkpoint; null where none is.</summary>
    /// <exception cref="DasSearchException">It is not sound.</exception>
    internal static SettingsFile? Beside(CheckpointSource source, params IReadOnlyList<string> files)
    {
        var folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(source.Path))!;
        return files.Select(file => System.IO.Path.Combine(folder, file)).FirstOrDefault(File.Exists) is { } path ? Read(path) : null;
    }

    /// <summary>An object within; null where there is none.</summary>
    internal SettingsFile? Within(string name) => Of(name) is { ValueKind: JsonValueKind.Object } value ? new SettingsFile(Path, value) : null;

    /// <summary>A text; null where there is none.</summary>
    internal string? Text(string name) => Of(name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    /// <summary>A positive integer; null where nothing is said.</summary>
    /// <exception cref="DasSearchException">It is something else.</exception>
    internal int? Count(string name) => Number(name) is not { } number ? null
        : number is >= 1 and <= int.MaxValue && number == Math.Floor(number) ? (int)number
        : throw new DasSearchException($"{Path} says that {name} is {number}, expected a positive integer");

    /// <summary>A positive number; null where nothing is said.</summary>
    /// <exception cref="DasSearchException">It is something else.</exception>
    internal double? Number(string name) => Of(name) is not { ValueKind: not JsonValueKind.Null } value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number > 0 && double.IsFinite(number) ? number
        : throw new DasSearchException($"{Path} says that {name} is {value.GetRawText()}, expected a positive number");

    private static SettingsFile Read(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(InputFile.ReadBytes(path, InputKind.ModelSettings));
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new SettingsFile(path, document.RootElement.Clone())
                : throw new DasSearchException($"{path} is no object of settings");
        }
        catch (JsonException failure)
        {
            throw new DasSearchException($"{path} is no JSON: {failure.Message}", failure);
        }
    }

    private JsonElement? Of(string name) => _all.TryGetProperty(name, out var value) ? value : null;
}
