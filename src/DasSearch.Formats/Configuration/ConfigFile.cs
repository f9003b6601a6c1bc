using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using DasSearch.Core.Configuration;

namespace DasSearch.Formats;

/// <summary>Reads configurations from YAML, and writes them back in canonical form.</summary>
internal static partial class ConfigFile
{
    private static readonly JsonSerializerOptions Quoted = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reads a file.</summary>
    /// <param name="schema">The settings that it may have.</param>
    /// <param name="path">The file; relative paths in it resolve against its folder.</param>
    /// <param name="overrides">Settings such as <c>search.epochs=2</c>, which go before those of the file; the last one counts.</param>
    /// <exception cref="ConfigException">It cannot be read, or is wrong: the message names the key, the line and what was expected.</exception>
    internal static ResolvedConfig<T> Load<T>(ConfigSchema<T> schema, string path, IReadOnlyList<string> overrides)
        where T : class
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ConfigException($"the configuration {path}", $"cannot be read: {failure.Message}");
        }

        return Parse(schema, text, path, Path.GetFullPath(path), overrides);
    }

    /// <summary>Reads a text.</summary>
    /// <param name="schema">The settings that it may have.</param>
    /// <param name="text">The YAML.</param>
    /// <param name="source">What messages call it.</param>
    /// <param name="path">The file that it comes from, in full, whose name is the run's unless the text has one; null for none.</param>
    /// <param name="overrides">Settings that go before those of the text.</param>
    /// <exception cref="ConfigException">It is wrong: the message names the key, the line and what was expected.</exception>
    internal static ResolvedConfig<T> Parse<T>(
        ConfigSchema<T> schema, string text, string source, string? path, IReadOnlyList<string> overrides)
        where T : class
    {
        var settings = new YamlSettings<T>(schema);
        var found = new List<FoundSetting<T>>(settings.Read(text, source));
        found.AddRange(overrides.Select(settings.FromArgument));
        foreach (var (name, example) in schema.Required)
        {
            if (!found.Exists(setting => setting.Key.Name == name))
            {
                throw new ConfigException(name, $"is missing; add a line such as {name}: {example}").At(source);
            }
        }

        var config = schema.Complete(found.Aggregate(schema.Blank(path), Set));
        return new ResolvedConfig<T>(config, Format(schema, config), path);
    }

    /// <summary>The canonical form: every setting that has a value, in one order and one notation.</summary>
    internal static string Format<T>(ConfigSchema<T> schema, T config)
        where T : class
    {
        var text = new StringBuilder();
        var section = "";
        foreach (var key in schema.Keys)
        {
            if (key.Get(config) is not { } value)
            {
                continue;
            }

            var dot = key.Name.IndexOf('.', StringComparison.Ordinal);
            if (dot >= 0 && key.Name[..dot] != section)
            {
                section = key.Name[..dot];
                text.Append(section).Append(":\n");
            }

            text.Append(dot >= 0 ? "  " : "").Append(key.Name.AsSpan(dot + 1)).Append(": ").Append(Scalar(value)).Append('\n');
        }

        return text.ToString();
    }

    private static T Set<T>(T config, FoundSetting<T> setting)
        where T : class
    {
        try
        {
            return setting.Key.Set(config, setting.Value)
                ?? throw new ConfigException(setting.Key.Name, $"must be {setting.Key.Expected}, not {Shown(setting.Value)}");
        }
        catch (ConfigException wrong)
        {
            throw wrong.At(setting.Place);
        }
    }

    private static string Shown(ConfigValue value) => value.Text is null ? "nothing" : $"'{value.Text}'";

    private static string Scalar(ConfigValue value) =>
        value.IsPlain || (Unambiguous().IsMatch(value.Text!) && !YamlNothing.Is(value.Text!))
            ? value.Text!
            : JsonSerializer.Serialize(value.Text, Quoted); // a JSON string is a YAML one

    [GeneratedRegex(@"^[A-Za-z0-9_./][A-Za-z0-9_./+-]*\z")]
    private static partial Regex Unambiguous();
}
