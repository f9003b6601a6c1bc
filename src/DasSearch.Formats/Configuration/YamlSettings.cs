using System.Globalization;
using DasSearch.Core;
using DasSearch.Core.Configuration;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace DasSearch.Formats;

/// <summary>One setting as it was found.</summary>
/// <typeparam name="T">The record of all settings.</typeparam>
/// <param name="Key">The setting.</param>
/// <param name="Value">Its value as written.</param>
/// <param name="Place">Where, as messages say it.</param>
internal sealed record FoundSetting<T>(ConfigKey<T> Key, ConfigValue Value, string Place)
    where T : class;

/// <summary>Takes a YAML text apart into settings, each with the line that it stands on.</summary>
/// <typeparam name="T">The record of all settings.</typeparam>
/// <param name="schema">The settings that there may be.</param>
internal sealed class YamlSettings<T>(ConfigSchema<T> schema)
    where T : class
{
    /// <summary>The settings of a text, in its order.</summary>
    /// <param name="text">The YAML.</param>
    /// <param name="source">What messages call it, such as the file's name.</param>
    /// <exception cref="ConfigException">It is no YAML, or has a key that is unknown or ill-typed.</exception>
    internal IReadOnlyList<FoundSetting<T>> Read(string text, string source)
    {
        var yaml = new YamlStream();
        try
        {
            yaml.Load(new StringReader(text));
        }
        catch (YamlException broken)
        {
            throw new ConfigException("this", $"is no valid YAML: {broken.Message}").At(Place(source, broken.Start));
        }

        if (yaml.Documents.Count > 1)
        {
            throw new ConfigException("a configuration", $"is one document, not {yaml.Documents.Count}").At(source);
        }

        var found = new List<FoundSetting<T>>();
        if (yaml.Documents.Count == 1 && !IsNothing(yaml.Documents[0].RootNode))
        {
            Walk(yaml.Documents[0].RootNode, section: "", source, found);
        }

        return found;
    }

    /// <summary>One setting from the command line.</summary>
    /// <param name="argument">Such as <c>search.epochs=2</c>.</param>
    /// <exception cref="ConfigException">It has no such form, or the key is unknown.</exception>
    internal FoundSetting<T> FromArgument(string argument)
    {
        var place = $"--set {argument}";
        var parts = argument.Split('=', 2);
        if (parts.Length < 2)
        {
            throw new ConfigException(place, "must have the form --set key=value");
        }

        var value = new ConfigValue(YamlNothing.Is(parts[1]) ? null : parts[1], IsPlain: true);
        return new FoundSetting<T>(schema.Find(parts[0]) ?? throw Unknown(parts[0]).At(place), value, place);
    }

    private void Walk(YamlNode node, string section, string source, List<FoundSetting<T>> found)
    {
        var place = Place(source, node.Start);
        if (node is not YamlMappingNode mapping)
        {
            throw new ConfigException(
                section.Length == 0 ? "a configuration" : section,
                $"must be a section with the keys {string.Join(", ", section.Length == 0 ? schema.Keys.Select(key => key.Name) : schema.Within(section))}").At(place);
        }

        foreach (var (keyNode, value) in mapping.Children)
        {
            var at = Place(source, keyNode.Start);
            var name = keyNode is YamlScalarNode { Value: { } scalar }
                ? section.Length == 0 ? scalar : $"{section}.{scalar}"
                : throw new ConfigException("a key", "must be a name, not a list or section").At(at);
            if (schema.Find(name) is { } key)
            {
                found.Add(new FoundSetting<T>(key, Scalar(value, key, at), at));
            }
            else if (schema.Within(name).Count == 0)
            {
                throw Unknown(name).At(at);
            }
            else if (!IsNothing(value))
            {
                Walk(value, name, source, found);
            }
        }
    }

    private static ConfigValue Scalar(YamlNode node, ConfigKey<T> key, string place)
    {
        if (node is not YamlScalarNode scalar)
        {
            throw new ConfigException(key.Name, $"must be {key.Expected}, not a {(node is YamlSequenceNode ? "list" : "section")}").At(place);
        }

        return new ConfigValue(IsNothing(node) ? null : scalar.Value, scalar.Style == ScalarStyle.Plain);
    }

    private ConfigException Unknown(string name)
    {
        var nearest = NearestName.Of(name, schema.Names);
        return new ConfigException(
            name,
            nearest is not null
                ? $"is unknown; did you mean {nearest}?"
                : $"is unknown; the keys are {string.Join(", ", schema.Keys.Select(key => key.Name))}");
    }

    private static bool IsNothing(YamlNode node) =>
        node is YamlScalarNode { Style: ScalarStyle.Plain } scalar && YamlNothing.Is(scalar.Value ?? "");

    private static string Place(string source, Mark mark) => string.Create(CultureInfo.InvariantCulture, $"{source}:{mark.Line}");
}
