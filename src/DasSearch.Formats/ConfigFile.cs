using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using DasSearch.Core;
using DasSearch.Core.Configuration;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
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

        foreach (var (name, value) in config.Preset.Where(entry => !found.Exists(one => one.Setting.Name == entry.Key)))
        {
            table.Find(name)!.Set(config, new WrittenValue(value, IsPlain: true));
        }

        config = config.Resolved();
        return new ResolvedConfig<T>(config, Format(config), path);
    }

    /// <summary>Every setting as it stands, in the canonical order.</summary>
    public static IReadOnlyList<SettingValue> Values<T>(T config)
        where T : class =>
        [.. SettingTable.Of<T>().AllOf(config).Select(setting => new SettingValue(setting.Name, setting.Expected, setting.Get(config)?.Text))];

    /// <summary>The canonical form: every setting that has a value, in one order and one notation.</summary>
    public static string Format<T>(T config)
        where T : class
    {
        var text = new StringBuilder();
        var section = "";
        var preset = (config as IPreset)?.Preset;
        foreach (var setting in SettingTable.Of<T>().AllOf(config))
        {
            // Nothing has to be said where something else is preset.
            var written = setting.Get(config) ?? (preset?.ContainsKey(setting.Name) == true ? new WrittenValue("null", IsPlain: true) : null);
            if (written is not { Text: { } value })
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

        if (table.IsSection(parts[0]))
        {
            throw new ConfigException(parts[0], $"is a section: write --set {parts[0]}.{table.Within(parts[0]).First()}=… for each of its settings").At(place);
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
            CheckNodes(text, source);
            yaml.Load(new StringReader(text));
        }
        catch (YamlException broken)
        {
            throw Unreadable(text, broken, source);
        }
        catch (Exception broken) when (IsSlip(broken))
        {
            throw new ConfigException("this", "is no valid YAML: something that begins here, such as { or [, does not end").At(
                string.Create(CultureInfo.InvariantCulture, $"{source}:{LastLine(text)}"));
        }

        return yaml.Documents.Count switch
        {
            0 => null,
            1 => IsNothing(yaml.Documents[0].RootNode) ? null : yaml.Documents[0].RootNode,
            _ => throw new ConfigException("a configuration", $"is one document, not {yaml.Documents.Count}").At(source),
        };
    }

    // Nodes are read by recursion, events are not; and of a key that is there twice, they know both lines.
    private static void CheckNodes(string text, string source)
    {
        var events = new Parser(new StringReader(text));
        var open = new Stack<OpenNode>();
        while (events.MoveNext())
        {
            var (now, inside) = (events.Current!, open.TryPeek(out var top) ? top : null);
            var key = inside?.Begins(now);
            if (key is not null && !inside!.Lines.TryAdd(key, now.Start.Line))
            {
                throw new ConfigException(inside.Section + key, $"is there twice, first in line {inside.Lines[key]}: keep one of them").At(Place(source, now.Start));
            }

            if (now.NestingIncrease > 0)
            {
                open.Push(new OpenNode(now is MappingStart, inside?.LastKey is { } name ? $"{inside.Section}{name}." : ""));
            }
            else if (now.NestingIncrease < 0)
            {
                open.Pop();
            }

            if (open.Count > MaximumDepth)
            {
                throw new ConfigException("a configuration", "has sections with settings, and no deeper ones").At(Place(source, now.Start));
            }
        }
    }

    // What the parser's own slips lead to, on texts that are none.
    private static bool IsSlip(Exception failure) =>
        failure is InvalidOperationException or ArgumentException or FormatException or OverflowException or IndexOutOfRangeException;

    // The line of the last thing that could be read.
    private static long LastLine(string text)
    {
        var (events, line) = (new Parser(new StringReader(text)), 1L);
        try
        {
            while (events.MoveNext())
            {
                line = events.Current!.End.Line;
            }
        }
        catch (Exception failure) when (failure is YamlException || IsSlip(failure))
        {
        }

        return line;
    }

    // Where a tab is what is wrong, the reader may have noticed it some lines later, or blame what comes before it.
    private static ConfigException Unreadable(string text, YamlException broken, string source)
    {
        var end = broken.End.Line > 1 ? broken.End.Line : long.MaxValue; // where the reader does not know, it says 1
        var tab = text.Split('\n').Index()
            .Where(line => line.Index + 1 >= broken.Start.Line && line.Index <= end)
            .FirstOrDefault(line => line.Item.TakeWhile(char.IsWhiteSpace).Contains('\t') && !string.IsNullOrWhiteSpace(line.Item), (Index: -1, Item: ""));
        return tab.Index >= 0
            ? new ConfigException("this line", "begins with a tab, which YAML does not allow: write spaces instead").At(string.Create(CultureInfo.InvariantCulture, $"{source}:{tab.Index + 1}"))
            : new ConfigException("this", $"is no valid YAML: {broken.Message}").At(Place(source, broken.Start));
    }

    private static void Walk(YamlNode node, string section, string source, SettingTable table, List<FoundSetting> found)
    {
        if (node is not YamlMappingNode mapping)
        {
            throw new ConfigException(
                section.Length == 0 ? "a configuration" : section,
                $"must be a section with the keys {string.Join(", ", table.Within(section))}{Colon(node)}").At(Place(source, node.Start));
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
        : throw new ConfigException(setting.Name, $"must be {setting.Expected}, not a {(node is YamlSequenceNode list ? $"list{Hint(list, setting)}" : "section")}").At(place);

    // Lists are texts with commas between.
    private static string Hint(YamlSequenceNode list, Setting setting)
    {
        var text = string.Join(',', list.Children.Select(static item => (item as YamlScalarNode)?.Value));
        return setting.Accepts(text) && list.Children.All(static item => item is YamlScalarNode) ? $": write {text}" : "";
    }

    private static string Colon(YamlNode node) =>
        node is YamlScalarNode { Style: ScalarStyle.Plain, Value: { } text } && Glued().Match(text) is { Success: true } pair ? $": write {pair.Groups[1].Value}: {pair.Groups[2].Value}, with a space" : "";

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

    [GeneratedRegex(@"^(\w+):(\S+)\z")]
    private static partial Regex Glued();

    /// <summary>A section or list that is being read.</summary>
    private sealed class OpenNode(bool isMapping, string section)
    {
        private int _nodes;

        internal string Section => section;

        internal string? LastKey { get; private set; }

        internal Dictionary<string, long> Lines { get; } = new(StringComparer.Ordinal);

        /// <summary>Notes what begins within it.</summary>
        /// <returns>The key, where it is one.</returns>
        internal string? Begins(ParsingEvent node)
        {
            if (!isMapping || node is not (NodeEvent or AnchorAlias) || _nodes++ % 2 != 0)
            {
                return null;
            }

            return LastKey = (node as Scalar)?.Value;
        }
    }

    /// <summary>One setting as it was found, and where, as messages say it.</summary>
    private sealed record FoundSetting(Setting Setting, WrittenValue Value, string Place);
}
