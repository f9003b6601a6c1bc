using System.Text.Json;
using DasSearch.Core;
using DasSearch.Core.Plans;

namespace DasSearch.Formats;

/// <summary>One JSON object, read field by field: whatever is missing, ill-typed or left over is an error that names its path.</summary>
internal sealed class JsonFields
{
    private readonly Dictionary<string, JsonElement> _left = new(StringComparer.Ordinal);
    private readonly List<string> _known = [];
    private readonly string _path;

    internal JsonFields(JsonElement element, string path)
    {
        _path = path;
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw Wrong(path, "an object", element);
        }

        foreach (var field in element.EnumerateObject())
        {
            if (!_left.TryAdd(field.Name, field.Value))
            {
                throw new PlanException($"{path}.{field.Name} is there twice");
            }
        }
    }

    /// <summary>Passes over a field that may be there or not.</summary>
    internal void Ignore(string name) => _left.Remove(name);

    internal string Text(string name) => OptionalText(name) ?? throw Missing(name, "a text");

    internal string? OptionalText(string name)
    {
        if (Take(name) is not { } value)
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : throw Wrong(At(name), "a text that is not empty", value);
    }

    internal T Name<T>(string name)
        where T : struct, Enum
    {
        var text = Text(name);
        return EnumNames.TryParse<T>(text, out var value)
            ? value
            : throw new PlanException($"{At(name)} must be {string.Join(" or ", EnumNames.All<T>())}, not \"{text}\"");
    }

    internal int Integer(string name)
    {
        var value = Long(name);
        return value is >= int.MinValue and <= int.MaxValue ? (int)value : throw new PlanException($"{At(name)} is too large: {value}");
    }

    internal long Long(string name) => OptionalLong(name) ?? throw Missing(name, "an integer");

    internal long? OptionalLong(string name)
    {
        if (Take(name) is not { } value)
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : throw Wrong(At(name), "an integer", value);
    }

    internal double Number(string name) => OptionalNumber(name) ?? throw Missing(name, "a number");

    internal double? OptionalNumber(string name) => Take(name) is { } value ? Number(value, At(name)) : null;

    internal T Section<T>(string name, Func<JsonFields, T> read)
        where T : class => OptionalSection(name, read) ?? throw Missing(name, "an object");

    internal T? OptionalSection<T>(string name, Func<JsonFields, T> read)
        where T : class => Take(name) is { } value ? Read(value, At(name), read) : null;

    internal IReadOnlyList<T> List<T>(string name, Func<JsonFields, T> read)
    {
        var value = Take(name) ?? throw Missing(name, "a list");
        return value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Select((item, index) => Read(item, $"{At(name)}[{index}]", read))]
            : throw Wrong(At(name), "a list", value);
    }

    internal IReadOnlyDictionary<string, double> Numbers(string name)
    {
        var value = Take(name) ?? throw Missing(name, "an object of numbers");
        if (value.ValueKind != JsonValueKind.Object)
        {
            throw Wrong(At(name), "an object of numbers", value);
        }

        var numbers = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var field in value.EnumerateObject())
        {
            numbers[field.Name] = Number(field.Value, $"{At(name)}.{field.Name}");
        }

        return numbers;
    }

    /// <summary>Reads an object whole; what its parts contradict is told with its path.</summary>
    internal static T Read<T>(JsonElement element, string path, Func<JsonFields, T> read)
    {
        var fields = new JsonFields(element, path);
        T value;
        try
        {
            value = read(fields);
        }
        catch (ArgumentException contradiction)
        {
            // Only its first sentence: what follows are names of parameters.
            throw new PlanException($"{path}: {contradiction.Message.Split(" (Parameter", 2)[0]}", contradiction);
        }

        if (fields._left.Count > 0)
        {
            throw new PlanException($"{fields.At(fields._left.Keys.First())} is unknown; the fields here are {string.Join(", ", fields._known)}");
        }

        return value;
    }

    private static double Number(JsonElement value, string path) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number)
            ? number
            : throw Wrong(path, "a finite number", value);

    private static PlanException Wrong(string path, string expected, JsonElement got)
    {
        var text = got.ValueKind switch
        {
            JsonValueKind.Object => "an object",
            JsonValueKind.Array => "a list",
            _ => got.GetRawText(),
        };
        return new PlanException($"{path} must be {expected}, not {text}");
    }

    private JsonElement? Take(string name)
    {
        _known.Add(name);
        if (!_left.Remove(name, out var value))
        {
            throw new PlanException($"{At(name)} is missing");
        }

        return value.ValueKind == JsonValueKind.Null ? null : value;
    }

    private PlanException Missing(string name, string expected) => new($"{At(name)} must be {expected}, not null");

    private string At(string name) => $"{_path}.{name}";
}
