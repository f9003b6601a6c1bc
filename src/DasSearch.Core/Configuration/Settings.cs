using System.Security.Cryptography;
using System.Text;

namespace DasSearch.Core.Configuration;

/// <summary>A record of all settings of one kind of command, checked when they are set.</summary>
/// <remarks>
/// Every property that can be set is a setting: <c>StepsBetweenRounds</c> of the section <c>Search</c> is
/// <c>search.steps_between_rounds</c> in a file. A new setting is one such property and nothing else; texts, numbers and
/// enumerations are known, and may be null where they may be left open.
/// </remarks>
public interface ISettings<TSelf> : IPreset
    where TSelf : class, ISettings<TSelf>
{
    /// <summary>The defaults; the required settings hold anything, since each is replaced.</summary>
    /// <param name="fileName">The settings' file without folder and extension; null for none.</param>
    static abstract TSelf Defaults(string? fileName);

    /// <summary>The same with nothing left open: every setting whose default depends on another has its value.</summary>
    TSelf Resolved();

    /// <summary>The same for a machine, where a setting is left to it.</summary>
    /// <param name="cores">Its processors.</param>
    TSelf OnMachine(int cores);
}

/// <summary>Settings of which one may stand for others.</summary>
public interface IPreset
{
    /// <summary>What other settings are where nobody gives them, by their names; none by default.</summary>
    IReadOnlyDictionary<string, string> Preset => new Dictionary<string, string>();
}

/// <summary>What a setting's type does not say.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SettingAttribute : Attribute
{
    /// <summary>A value that a message can suggest where the setting is missing.</summary>
    public string? Example { get; init; }

    /// <summary>Whether it is written as a change in percent, such as −20%.</summary>
    public bool IsPercent { get; init; }
}

/// <summary>A configuration together with the text that is stored for it.</summary>
/// <typeparam name="T">The record of its settings.</typeparam>
/// <param name="Values">The settings, with nothing left open.</param>
/// <param name="Text">The same in canonical form: equal settings have equal texts.</param>
/// <param name="Path">The file that they were read from, in full, against whose folder paths resolve; null for none.</param>
public sealed record ResolvedConfig<T>(T Values, string Text, string? Path)
    where T : class
{
    /// <summary>SHA-256 of the text's UTF-8 bytes, 64 lower-case hexadecimal digits.</summary>
    public string Sha256 => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text)));

    /// <summary>A path from the settings in full: relative ones start from the file's folder, else from the working directory.</summary>
    public string FullPath(string path) =>
        System.IO.Path.GetFullPath(path, System.IO.Path.GetDirectoryName(Path) ?? Environment.CurrentDirectory);
}

/// <summary>A configuration asks for what cannot be: repeating the command cannot help.</summary>
public sealed class ConfigException : UsageException
{
    /// <summary>A key whose value will not do.</summary>
    /// <param name="key">The key with its sections, such as <c>search.epochs</c>.</param>
    /// <param name="problem">What follows the key in a sentence, such as <c>must be at least 1, not 0</c>.</param>
    public ConfigException(string key, string problem)
        : this(key, problem, null)
    {
    }

    private ConfigException(string key, string problem, string? place)
        : base(place is null ? $"{key} {problem}" : $"{place}: {key} {problem}")
    {
        Key = key;
        Problem = problem;
    }

    /// <summary>The key with its sections.</summary>
    public string Key { get; }

    /// <summary>What is wrong with it.</summary>
    public string Problem { get; }

    /// <summary>The same, with the place where the value came from.</summary>
    /// <param name="place">Such as <c>vqa.yaml:7</c> or <c>--set search.epochs=0</c>.</param>
    public ConfigException At(string place) => new(Key, Problem, place);
}

/// <summary>Ranges of settings; each returns its value, or says what was expected.</summary>
internal static class Check
{
    private const int MostThreads = 1024; // libtorch makes each of them at once

    internal static string NotEmpty(string? value, string key) =>
        string.IsNullOrWhiteSpace(value) ? throw new ConfigException(key, "must not be empty")
        : value.Any(char.IsControl) ? throw new ConfigException(key, "must be one line, without control characters")
        : value;

    internal static string? NotEmptyOrNull(string? value, string key) => value is null ? null : NotEmpty(value, key);

    internal static int AtLeast(int value, int least, string key) =>
        value >= least ? value : throw new ConfigException(key, $"must be at least {least}, not {value}");

    /// <summary>A number that what there is allows.</summary>
    internal static int AtMost(int value, long most, string key, string what) =>
        value <= most ? value : throw new ConfigException(key, $"must be at most {most}, {what}, not {value}");

    /// <summary>Threads within an operation; 0 for one a core.</summary>
    internal static int Threads(int value) => AtMost(AtLeast(value, 0, "threads"), MostThreads, "threads", "more than there are cores anywhere");

    internal static int? AtLeastOrNull(int? value, int least, string key) =>
        value is { } number ? AtLeast(number, least, key) : null;

    internal static double Positive(double value, string key) =>
        value > 0 && double.IsFinite(value) ? value : throw new ConfigException(key, $"must be positive and finite, not {value}");

    internal static double? PositiveOrNull(double? value, string key) => value is { } number ? Positive(number, key) : null;

    internal static double NotNegative(double value, string key) =>
        value >= 0 && double.IsFinite(value) ? value : throw new ConfigException(key, $"must be finite and at least 0, not {value}");

    internal static double? NotNegativeOrNull(double? value, string key) => value is { } number ? NotNegative(number, key) : null;

    /// <summary>A change in percent that leaves something: below 0 and above −100.</summary>
    internal static double? SavingOrNull(double? value, string key) =>
        value is null or (< 0 and > -100) ? value : throw new ConfigException(key, $"must be a change such as -20%, below 0 and above -100 %, not {value}");

    /// <summary>From 0 to 1, without either.</summary>
    internal static double? ChanceOrNull(double? value, string key) =>
        value is null or (> 0 and < 1) ? value : throw new ConfigException(key, $"must be above 0 and below 1, not {value}");

    /// <summary>From 0 to 1, both included.</summary>
    internal static double Fraction(double value, string key) =>
        value is >= 0 and <= 1 ? value : throw new ConfigException(key, $"must be from 0 to 1, not {value}");

    /// <summary>From 0 to 1, without 1.</summary>
    internal static double BelowOne(double value, string key) =>
        value is >= 0 and < 1 ? value : throw new ConfigException(key, $"must be at least 0 and below 1, not {value}");

    internal static T Known<T>(T value, string key)
        where T : struct, Enum =>
        Enum.IsDefined(value) ? value : throw new ConfigException(key, $"must be {string.Join(" or ", EnumNames.All<T>())}, not {value}");
}
