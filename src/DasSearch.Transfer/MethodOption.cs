using System.Globalization;
using DasSearch.Core;
using DasSearch.Core.Configuration;

namespace DasSearch.Transfer;

/// <summary>A setting of a transfer method, <c>method.NAME</c>.</summary>
public abstract record MethodOption
{
    private protected MethodOption(string name, string summary, string expected) => (Name, Summary, Expected) = (name, summary, expected);

    public string Name { get; }

    /// <summary>What it means, in a few words.</summary>
    public string Summary { get; }

    /// <summary>The values that it takes, such as "a whole number of at least 1".</summary>
    public string Expected { get; }

    /// <summary>The value that it has where nobody gives one, as it is written.</summary>
    public abstract string Default { get; }

    /// <exception cref="ConfigException">The text is none of its values.</exception>
    public abstract void Check(string text);

    /// <summary>A whole number.</summary>
    public static MethodOption<int> Count(string name, int value, string summary, int least = 1) => new(
        name,
        value,
        summary,
        $"a whole number of at least {least}",
        (string text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= least,
        static number => Numbers.Whole((long)number));

    /// <summary>A finite number; of at least <paramref name="least"/> and less than <paramref name="below"/> where these are given.</summary>
    public static MethodOption<double> Number(string name, double value, string summary, double? least = null, double? below = null) => new(
        name,
        value,
        summary,
        "a number" + (least is { } low ? $" of at least {Written(low)}" : "") + (below is { } high ? $"{(least is null ? "" : " and")} less than {Written(high)}" : ""),
        (string text, out double number) => Numbers.TryParse(text, out number) && !(number < least || number >= below),
        Written);

    /// <summary>Yes or no.</summary>
    public static MethodOption<bool> Flag(string name, bool value, string summary) => new(
        name,
        value,
        summary,
        "true or false",
        static (string text, out bool flag) => (flag = text == "true") || text == "false",
        static flag => flag ? "true" : "false");

    /// <summary>One of several names.</summary>
    public static MethodOption<T> Choice<T>(string name, T value, string summary)
        where T : struct, Enum => new(name, value, summary, string.Join(" or ", EnumNames.All<T>()), EnumNames.TryParse, EnumNames.NameOf);

    private static string Written(double number) => number.ToString("R", CultureInfo.InvariantCulture);
}

/// <summary>Reads a value as it is written.</summary>
/// <returns>Whether it is one.</returns>
public delegate bool OptionReader<T>(string text, out T value);

/// <summary>A setting of a transfer method with its values.</summary>
public sealed record MethodOption<T> : MethodOption
{
    private readonly OptionReader<T> _read;

    internal MethodOption(string name, T value, string summary, string expected, OptionReader<T> read, Func<T, string> write)
        : base(name, summary, expected)
    {
        (_read, Default) = (read, write(value));
    }

    /// <inheritdoc/>
    public override string Default { get; }

    /// <inheritdoc/>
    public override void Check(string text) => Read(text);

    internal T Read(string text) =>
        _read(text, out var value) ? value : throw new ConfigException("method." + Name, $"must be {Expected}, not '{text}'");
}
