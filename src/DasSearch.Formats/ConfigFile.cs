using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using DasSearch.Core;
using DasSearch.Core.Configuration;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace DasSearch.Formats;

/// <summary>Reads configurations from YAML, and writes them back in canonical form.</summary>
public static partial class ConfigFile
{
    private const int MaximumDepth = 16;
    private static readonly JsonSerializerOptions Quoted = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reads a file, for this machine.</summary>
    /// <param name="path">The file; relative paths in it resolve against its folder.</param>
    /// <param name="overrides">Settings such as <c>search.epochs=2</c>, which go before those of the file; the last one counts.</param>
    /// <exception cref="ConfigException">It cannot be read, or is wrong: the message names the key, the line and what was expected.</exception>
    public static ResolvedConfig<T> Load<T>(string path, IReadOnlyList<string> overrides)
        where T : class, ISettings<T>
    {
        string text;
        try
        {
            text = InputFile.ReadText(path, InputKind.Settings);
        }
        catch (InputException failure)
        {
            throw new ConfigException($"the configuration {path}", failure.Problem);
        }

        var config = Parse<T>(text, path, Path.GetFullPath(path), overrides);
        var values = config.Values.OnMachine(Environment.ProcessorCount);
        return config with { Values = values, Text = Format(values) };
    }

    /// <summary>Reads a text.</summary>
    /// <param name="text">The YAML.</param>
    /// <param name="source">What messages call it.</param>
    /// <param name="path">The file that it comes from, in full, whose name is the run's unless the text has one; null for none.</param>
    /// <param name="overrides">Settings that go before those of the text.</param>
    /// <exception cref="ConfigException">It is wrong: the message names the key, the line and what was expected.</exception>
    public static ResolvedConfig<T> Parse<T>(string text, string source, string? path, IReadOnlyList<string> overrides)
        where T : class, ISettings<T>
    {
        ArgumentNullException.ThrowIfNull(overrides);
        var table = SettingTable.Of<T>();
        var found = new List<FoundSetting>();
        if (Root(text, source) is { } root)
        {
            Walk(root, section: "", source, table, found);
        }

        found.AddRange(overrides.Select(argument => FromArgument(argument, table)));
        foreach (var setting in table.All.Where(setting => setting.IsRequired && !found.Exists(one => one.Setting.Name == setting.Name)))
        {
            throw new ConfigException(setting.Name, $"is missing; add a line such as {setting.Name}: {setting.Example}").At(source);
        }

        var config = T.Defaults(Path.GetFileNameWithoutExtension(path));
        foreach (var (setting, value, place) in found)
        {
            try
            {
                setting.Set(config, value);
            }
            catch (ConfigException wrong)
            {
                throw wrong.At(place);
            }
        }

        config = config.Resolved();
        return new ResolvedConfig<T>(config, Format(config), path);
    }

    /// <summary>The canonical form: every setting that has a value, in one order and one notation.</summary>
    public static string Format<T>(T config)
        where T : class
    {
        var text = new StringBuilder();
        var section = "";
        foreach (var setting in SettingTable.Of<T>().AllOf(config))
        {
            if (setting.Get(config) is not { Text: { } value } written)
            {
                continue;
            }

            var dot = setting.Name.IndexOf('.', StringComparison.Ordinal);
            if (dot >= 0 && setting.Name[..dot] != section)
            {
                section = setting.Name[..dot];
                text.Append(section).Append(":\n");
            }

            text.Append(dot >= 0 ? "  " : "").Append(Scalar(setting.Name[(dot + 1)..])).Append(": ");
            text.Append(written.IsPlain ? value : Scalar(value)).Append('\n');
        }

        return text.ToString();
    }

    private static FoundSetting FromArgument(string argument, SettingTable table)
    {
        var place = $"--set {argument}";
        var parts = argument.Split('=', 2);
        if (parts.Length < 2)
        {
            throw new ConfigException(place, "must have the form --set key=value");
        }

        var value = new WrittenValue(WrittenValue.IsNothing(parts[1]) ? null : parts[1], IsPlain: true);
        return new FoundSetting(table.Find(parts[0]) ?? throw Unknown(parts[0], table).At(place), value, place);
    }

    /// <summary>The one document's node; null where the text says nothing.</summary>
    private static YamlNode? Root(string text, string source)
    {
        var yaml = new YamlStream();
        try
        {
            CheckDepth(text, source);
            yaml.Load(new StringReader(text));
        }
        catch (YamlException broken)
        {
            throw new ConfigException("this", $"is no valid YAML: {broken.Message}").At(Place(source, broken.Start));
        }
        catch (Exception broken) when (broken is InvalidOperationException or ArgumentException or FormatException or OverflowException or IndexOutOfRangeException)
        {
            // What the parser's own slips lead to, on texts that are none.
            throw new ConfigException("this", "is no valid YAML: it cannot be taken apart").At(source);
        }

        return yaml.Documents.Count switch
        {
            0 => null,
            1 => IsNothing(yaml.Documents[0].RootNode) ? null : yaml.Documents[0].RootNode,
            _ => throw new ConfigException("a configuration", $"is one document, not {yaml.Documents.Count}").At(source),
        };
    }

    // Nodes are read by recursion, events are not.
    private static void CheckDepth(string text, string source)
    {
        var events = new Parser(new StringReader(text));
        for (var depth = 0; events.MoveNext();)
        {
            depth += events.Current!.NestingIncrease;
            if (depth > MaximumDepth)
            {
                throw new ConfigException("a configuration", "has sections with settings, and no deeper ones").At(Place(source, events.Current.Start));
            }
        }
    }

    private static void Walk(YamlNode node, string section, string source, SettingTable table, List<FoundSetting> found)
    {
        if (node is not YamlMappingNode mapping)
        {
            throw new ConfigException(
                section.Length == 0 ? "a configuration" : section,
                $"must be a section with the keys {string.Join(", ", table.Within(section))}").At(Place(source, node.Start));
        }

        foreach (var (keyNode, value) in mapping.Children)
        {
            var at = Place(source, keyNode.Start);
            var name = keyNode is YamlScalarNode { Value: { } scalar }
                ? section.Length == 0 ? scalar : $"{section}.{scalar}"
                : throw new ConfigException("a key", "must be a name, not a list or section").At(at);
            if (table.Find(name) is { } setting)
            {
                found.Add(new FoundSetting(setting, Written(value, setting, at), at));
            }
            else if (section.Length > 0 || !table.IsSection(name))
            {
                throw Unknown(name, table).At(at);
            }
            else if (!IsNothing(value))
            {
                Walk(value, name, source, table, found);
            }
        }
    }

    private static WrittenValue Written(YamlNode node, Setting setting, string place) => node is YamlScalarNode scalar
        ? new WrittenValue(IsNothing(node) ? null : scalar.Value, scalar.Style == ScalarStyle.Plain)
        : throw new ConfigException(setting.Name, $"must be {setting.Expected}, not a {(node is YamlSequenceNode ? "list" : "section")}").At(place);

    private static ConfigException Unknown(string name, SettingTable table)
    {
        var nearest = NearestName.Of(name, table.Names);
        return new ConfigException(
            name,
            nearest is not null
                ? $"is unknown; did you mean {nearest}?"
                : $"is unknown; the keys are {string.Join(", ", table.All.Select(setting => setting.Name))}");
    }

    private static bool IsNothing(YamlNode node) =>
        node is YamlScalarNode { Style: ScalarStyle.Plain } scalar && WrittenValue.IsNothing(scalar.Value ?? "");

    private static string Place(string source, Mark mark) => string.Create(CultureInfo.InvariantCulture, $"{source}:{mark.Line}");

    // Where YAML could take it for something else, a JSON string is a YAML one.
    private static string Scalar(string text) =>
        Unambiguous().IsMatch(text) && !WrittenValue.IsNothing(text) ? text : JsonSerializer.Serialize(text, Quoted);

    [GeneratedRegex(@"^[A-Za-z0-9_./][A-Za-z0-9_./+-]*\z")]
    private static partial Regex Unambiguous();

    /// <summary>One setting as it was found, and where, as messages say it.</summary>
    private sealed record FoundSetting(Setting Setting, WrittenValue Value, string Place);
}
