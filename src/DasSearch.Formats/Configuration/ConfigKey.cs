using System.Globalization;
using DasSearch.Core;

namespace DasSearch.Formats;

/// <summary>One setting: its name in files, and how it gets into and out of the record of all settings.</summary>
/// <typeparam name="T">The record of all settings.</typeparam>
/// <param name="Name">The name with its section, such as <c>search.epochs</c>.</param>
/// <param name="Expected">What a value must be, as messages say it.</param>
/// <param name="Set">Reads a value into the record; null where it is ill-typed.</param>
/// <param name="Get">The value in its canonical form; null where it is not set.</param>
internal sealed record ConfigKey<T>(
    string Name, string Expected, Func<T, ConfigValue, T?> Set, Func<T, ConfigValue?> Get)
    where T : class
{
    /// <summary>A setting that is a text.</summary>
    internal static ConfigKey<T> Text(string name, Func<T, string> get, Func<T, string, T> set) => new(
        name, "a text", (config, value) => value.Text is { } text ? set(config, text) : null, config => new ConfigValue(get(config), IsPlain: false));

    /// <summary>A setting that is a text or nothing.</summary>
    internal static ConfigKey<T> OptionalText(string name, Func<T, string?> get, Func<T, string?, T> set) => new(
        name, "a text", (config, value) => set(config, value.Text), config => get(config) is { } text ? new ConfigValue(text, IsPlain: false) : null);

    /// <summary>A setting that is an integer.</summary>
    internal static ConfigKey<T> Integer(string name, Func<T, int> get, Func<T, int, T> set) => new(
        name, "an integer", (config, value) => Int(value) is { } number ? set(config, number) : null, config => Plain(get(config)));

    /// <summary>A setting that is an integer or nothing.</summary>
    internal static ConfigKey<T> OptionalInteger(string name, Func<T, int?> get, Func<T, int?, T> set) => new(
        name,
        "an integer",
        (config, value) => value.Text is null ? set(config, null) : Int(value) is { } number ? set(config, number) : null,
        config => get(config) is { } number ? Plain(number) : null);

    /// <summary>A setting that is a large integer.</summary>
    internal static ConfigKey<T> Long(string name, Func<T, long> get, Func<T, long, T> set) => new(
        name,
        "an integer",
        (config, value) => value.IsPlain && long.TryParse(value.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? set(config, number)
            : null,
        config => Plain(get(config)));

    /// <summary>A setting that is a number.</summary>
    internal static ConfigKey<T> Number(string name, Func<T, double> get, Func<T, double, T> set) => new(
        name,
        "a number",
        (config, value) => Double(value) is { } number ? set(config, number) : null,
        config => Plain(get(config)));

    /// <summary>A setting that is a number or nothing.</summary>
    internal static ConfigKey<T> OptionalNumber(string name, Func<T, double?> get, Func<T, double?, T> set) => new(
        name,
        "a number",
        (config, value) => value.Text is null ? set(config, null) : Double(value) is { } number ? set(config, number) : null,
        config => get(config) is { } number ? Plain(number) : null);

    /// <summary>A setting that is a change in percent, such as −20%, or nothing.</summary>
    internal static ConfigKey<T> OptionalPercent(string name, Func<T, double?> get, Func<T, double?, T> set) => new(
        name,
        "a change such as -20%",
        (config, value) => value.Text is not { } text
            ? set(config, null)
            : text.EndsWith('%') && double.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                ? set(config, number)
                : null,
        config => get(config) is { } number ? new ConfigValue(string.Create(CultureInfo.InvariantCulture, $"{number}%"), IsPlain: false) : null);

    /// <summary>A setting that is one of several names.</summary>
    internal static ConfigKey<T> Choice<TEnum>(string name, Func<T, TEnum?> get, Func<T, TEnum, T> set)
        where TEnum : struct, Enum => new(
        name,
        string.Join(" or ", EnumNames.All<TEnum>()),
        (config, value) => EnumNames.TryParse<TEnum>(value.Text, out var choice) ? set(config, choice) : null,
        config => get(config) is { } choice ? new ConfigValue(EnumNames.NameOf(choice), IsPlain: true) : null);

    private static int? Int(ConfigValue value) =>
        value.IsPlain && int.TryParse(value.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static double? Double(ConfigValue value) =>
        value.IsPlain && double.TryParse(value.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static ConfigValue Plain(IFormattable number) => new(number.ToString(null, CultureInfo.InvariantCulture), IsPlain: true);
}
