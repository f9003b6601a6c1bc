using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using DasSearch.Core;

namespace DasSearch.Formats;

/// <summary>JSON in the shape of records: every member is required, none but these may be there, and texts are not empty.</summary>
internal static class JsonShape
{
    /// <summary>How the records are read and written.</summary>
    internal static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false) },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        WriteIndented = true,
        NewLine = "\n",
        // The default escapes + and ' for the sake of browsers.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>A record of that shape.</summary>
    /// <exception cref="JsonException">It is no JSON: the exception has the line.</exception>
    /// <exception cref="WrongShapeException">It is of another shape: the message names the path and what was expected.</exception>
    internal static T Read<T>(JsonElement json)
    {
        Check(json, Options.GetTypeInfo(typeof(T)), isNullable: false, "$");
        return json.Deserialize<T>(Options)!;
    }

    /// <summary>The JSON Schema of a shape, draft 2020-12.</summary>
    internal static JsonObject Schema<T>(string id, string title)
    {
        var exported = Options.GetJsonSchemaAsNode(typeof(T), new() { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Enrich }).AsObject();
        var schema = new JsonObject { ["$schema"] = "https://json-schema.org/draft/2020-12/schema", ["$id"] = id, ["title"] = title };
        foreach (var (name, value) in exported)
        {
            schema[name] = value?.DeepClone();
        }

        return schema;
    }

    private static void Check(JsonElement json, JsonTypeInfo type, bool isNullable, string path)
    {
        if (json.ValueKind == JsonValueKind.Null && isNullable)
        {
            return;
        }

        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object:
                Require(json.ValueKind == JsonValueKind.Object, json, path, "an object");
                CheckMembers(json, type, path);
                break;
            case JsonTypeInfoKind.Enumerable:
                Require(json.ValueKind == JsonValueKind.Array, json, path, "a list");
                foreach (var (item, index) in json.EnumerateArray().Select(static (item, index) => (item, index)))
                {
                    Check(item, Options.GetTypeInfo(type.ElementType!), isNullable: false, $"{path}[{index}]");
                }

                break;
            case JsonTypeInfoKind.Dictionary:
                Require(json.ValueKind == JsonValueKind.Object, json, path, "an object of numbers");
                foreach (var member in json.EnumerateObject())
                {
                    Check(member.Value, Options.GetTypeInfo(type.ElementType!), isNullable: false, $"{path}.{member.Name}");
                }

                break;
            default:
                CheckValue(json, Nullable.GetUnderlyingType(type.Type) ?? type.Type, path);
                break;
        }
    }

    private static void CheckMembers(JsonElement json, JsonTypeInfo type, string path)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in json.EnumerateObject().Select(static member => member.Name))
        {
            if (!seen.Add(name))
            {
                throw new WrongShapeException($"{path}.{name} is there twice");
            }
        }

        foreach (var property in type.Properties)
        {
            if (json.TryGetProperty(property.Name, out var value))
            {
                var isNullable = property.IsGetNullable || Nullable.GetUnderlyingType(property.PropertyType) is not null;
                Check(value, Options.GetTypeInfo(property.PropertyType), isNullable, $"{path}.{property.Name}");
            }
            else if (property.IsRequired)
            {
                throw new WrongShapeException($"{path}.{property.Name} is missing");
            }
        }

        if (seen.FirstOrDefault(name => !type.Properties.Any(property => property.Name == name)) is { } unknown)
        {
            var known = type.Properties.Where(static property => property.IsRequired).Select(static property => property.Name);
            throw new WrongShapeException($"{path}.{unknown} is unknown; the fields here are {string.Join(", ", known)}");
        }
    }

    private static void CheckValue(JsonElement json, Type type, string path)
    {
        var isNumber = json.ValueKind == JsonValueKind.Number;
        if (type == typeof(double))
        {
            Require(isNumber && json.TryGetDouble(out var number) && double.IsFinite(number), json, path, "a finite number");
        }
        else if (type == typeof(long) || type == typeof(int))
        {
            Require(isNumber && json.TryGetInt64(out _), json, path, "an integer");
            Require(type == typeof(long) || json.TryGetInt32(out _), json, path, "an integer of 32 bits");
        }
        else
        {
            var text = json.ValueKind == JsonValueKind.String ? json.GetString() : null;
            var names = type.IsEnum ? NamesOf(type) : [];
            Require(!string.IsNullOrEmpty(text), json, path, "a text that is not empty");
            Require(names.Count == 0 || names.Contains(text!), json, path, string.Join(" or ", names));
        }
    }

    private static void Require(bool holds, JsonElement json, string path, string expected)
    {
        if (!holds)
        {
            var found = json.ValueKind switch
            {
                JsonValueKind.Object => "an object",
                JsonValueKind.Array => "a list",
                _ => json.GetRawText(),
            };
            throw new WrongShapeException($"{path} must be {expected}, not {found}");
        }
    }

    private static List<string> NamesOf(Type type) => [.. Enum.GetNames(type).Select(JsonNamingPolicy.KebabCaseLower.ConvertName)];

    private static JsonNode Enrich(JsonSchemaExporterContext context, JsonNode node)
    {
        if (node is not JsonObject schema)
        {
            return node;
        }

        var attributes = context.PropertyInfo?.AttributeProvider;
        var ofType = context.TypeInfo.Type;
        if ((Find<DescriptionAttribute>(attributes) ?? ofType.GetCustomAttribute<DescriptionAttribute>()) is { } description)
        {
            schema.Insert(0, "description", description.Description);
        }

        if (Find<RangeAttribute>(attributes) is { } range)
        {
            // A largest value that is the type's own is none.
            var (minimum, maximum) = (Convert.ToDouble(range.Minimum, CultureInfo.InvariantCulture), Convert.ToDouble(range.Maximum, CultureInfo.InvariantCulture));
            schema["minimum"] = (long)minimum;
            if (maximum < int.MaxValue)
            {
                schema["maximum"] = (long)maximum;
            }
        }

        if (Find<RegularExpressionAttribute>(attributes) is { } pattern)
        {
            schema["pattern"] = pattern.Pattern;
        }
        else if (ofType == typeof(string) && context.PropertyInfo?.IsRequired == true)
        {
            schema["minLength"] = 1;
        }

        if (Find<AllowedValuesAttribute>(attributes) is { Values: [string only] })
        {
            schema.Clear();
            schema["const"] = only;
        }

        return schema;
    }

    private static T? Find<T>(ICustomAttributeProvider? attributes)
        where T : Attribute => attributes?.GetCustomAttributes(typeof(T), inherit: true).OfType<T>().FirstOrDefault();
}

/// <summary>JSON is of another shape than expected.</summary>
internal sealed class WrongShapeException(string message) : DasSearchException(message);
