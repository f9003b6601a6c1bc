using System.Globalization;
using DasSearch.Core;
using DasSearch.Core.Configuration;

namespace DasSearch.Cli.Config;

/// <summary>One setting: its name in files, and how it gets into and out of the record of all settings.</summary>
/// <param name="Name">The name with its section, such as <c>search.epochs</c>.</param>
/// <param name="Expected">What a value must be, as messages say it.</param>
/// <param name="Set">Reads a value into the record; null where it is ill-typed.</param>
/// <param name="Get">The value in its canonical form; null where it is not set.</param>
internal sealed record ConfigKey(
    string Name, string Expected, Func<RunConfig, ConfigValue, RunConfig?> Set, Func<RunConfig, ConfigValue?> Get)
{
    /// <summary>A setting that is a text.</summary>
    internal static ConfigKey Text(string name, Func<RunConfig, string> get, Func<RunConfig, string, RunConfig> set) => new(
        name, "a text", (config, value) => value.Text is { } text ? set(config, text) : null, config => new ConfigValue(get(config), IsPlain: false));

    /// <summary>A setting that is a text or nothing.</summary>
    internal static ConfigKey OptionalText(string name, Func<RunConfig, string?> get, Func<RunConfig, string?, RunConfig> set) => new(
        name, "a text", (config, value) => set(config, value.Text), config => get(config) is { } text ? new ConfigValue(text, IsPlain: false) : null);

    /// <summary>A setting that is an integer.</summary>
    internal static ConfigKey Integer(string name, Func<RunConfig, int> get, Func<RunConfig, int, RunConfig> set) => new(
        name, "an integer", (config, value) => Int(value) is { } number ? set(config, number) : null, config => Plain(get(config)));

    /// <summary>A setting that is an integer or nothing.</summary>
    internal static ConfigKey OptionalInteger(string name, Func<RunConfig, int?> get, Func<RunConfig, int?, RunConfig> set) => new(
        name,
        "an integer",
        (config, value) => value.Text is null ? set(config, null) : Int(value) is { } number ? set(config, number) : null,
        config => get(config) is { } number ? Plain(number) : null);

    /// <summary>A setting that is a large integer.</summary>
    internal static ConfigKey Long(string name, Func<RunConfig, long> get, Func<RunConfig, long, RunConfig> set) => new(
        name,
        "an integer",
        (config, value) => value.IsPlain && long.TryParse(value.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? set(config, number)
            : null,
        config => Plain(get(config)));

    /// <summary>A setting that is a number.</summary>
    internal static ConfigKey Number(string name, Func<RunConfig, double> get, Func<RunConfig, double, RunConfig> set) => new(
        name,
        "a number",
        (config, value) => value.IsPlain && double.TryParse(value.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? set(config, number)
            : null,
        config => Plain(get(config)));

    /// <summary>A setting that is one of several names.</summary>
    internal static ConfigKey Choice<T>(string name, Func<RunConfig, T?> get, Func<RunConfig, T, RunConfig> set)
        where T : struct, Enum => new(
        name,
        string.Join(" or ", EnumNames.All<T>()),
        (config, value) => EnumNames.TryParse<T>(value.Text, out var choice) ? set(config, choice) : null,
        config => get(config) is { } choice ? new ConfigValue(EnumNames.NameOf(choice), IsPlain: true) : null);

    private static int? Int(ConfigValue value) =>
        value.IsPlain && int.TryParse(value.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static ConfigValue Plain(IFormattable number) => new(number.ToString(null, CultureInfo.InvariantCulture), IsPlain: true);
}
