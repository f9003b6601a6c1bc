using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace DasSearch.Formats.Tests;

/// <summary>Checks JSON against the keywords of JSON Schema that plan.schema.json uses; an unknown keyword is a problem.</summary>
internal static class JsonSchema
{
    internal static IEnumerable<string> Problems(JsonNode schema, JsonNode? value, string path = "$") =>
        schema.AsObject().SelectMany(keyword => Problems(keyword.Key, keyword.Value!, schema, value, path));

    private static IEnumerable<string> Problems(string keyword, JsonNode rule, JsonNode schema, JsonNode? value, string path)
    {
        var holds = keyword switch
        {
            "$schema" or "$id" or "title" or "description" => true,
            "type" => (rule is JsonArray types ? types.Select(type => (string)type!) : [(string)rule!]).Any(type => Is(value, type)),
            "const" => JsonNode.DeepEquals(rule, value),
            "enum" => rule.AsArray().Any(allowed => JsonNode.DeepEquals(allowed, value)),
            "minimum" => !Is(value, "number") || (double)value! >= (double)rule,
            "maximum" => !Is(value, "number") || (double)value! <= (double)rule,
            "minLength" => !Is(value, "string") || ((string)value!).Length >= (int)rule,
            "pattern" => !Is(value, "string") || Regex.IsMatch((string)value!, (string)rule!),
            "required" => value is not JsonObject fields || rule.AsArray().All(name => fields.ContainsKey((string)name!)),
            "properties" or "items" or "additionalProperties" => true,
            _ => false,
        };
        if (!holds)
        {
            yield return $"{path}: {keyword} {rule.ToJsonString()}";
        }

        foreach (var problem in Children(keyword, rule, schema, value, path))
        {
            yield return problem;
        }
    }

    private static IEnumerable<string> Children(string keyword, JsonNode rule, JsonNode schema, JsonNode? value, string path) => (keyword, value) switch
    {
        ("items", JsonArray items) => items.SelectMany((item, i) => Problems(rule, item, $"{path}[{i}]")),
        ("properties", JsonObject fields) => fields.Where(field => rule[field.Key] is not null)
            .SelectMany(field => Problems(rule[field.Key]!, field.Value, $"{path}.{field.Key}")),
        ("additionalProperties", JsonObject fields) => fields.Where(field => schema["properties"]?[field.Key] is null)
            .SelectMany(field => rule is JsonObject ? Problems(rule, field.Value, $"{path}.{field.Key}") : [$"{path}.{field.Key}: not allowed"]),
        _ => [],
    };

    private static bool Is(JsonNode? value, string type) => (type, value?.GetValueKind() ?? JsonValueKind.Null) switch
    {
        ("null", JsonValueKind.Null) or ("object", JsonValueKind.Object) or ("array", JsonValueKind.Array)
            or ("string", JsonValueKind.String) or ("number", JsonValueKind.Number) => true,
        ("integer", JsonValueKind.Number) => double.IsInteger((double)value!),
        _ => false,
    };
}
