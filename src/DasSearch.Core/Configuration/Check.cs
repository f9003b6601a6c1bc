namespace DasSearch.Core.Configuration;

/// <summary>Ranges of settings; each returns its value, or says what was expected.</summary>
internal static class Check
{
    internal static string NotEmpty(string? value, string key) =>
        string.IsNullOrWhiteSpace(value) ? throw new ConfigException(key, "must not be empty") : value;

    internal static string? NotEmptyOrNull(string? value, string key) => value is null ? null : NotEmpty(value, key);

    internal static int AtLeast(int value, int least, string key) =>
        value >= least ? value : throw new ConfigException(key, $"must be at least {least}, not {value}");

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
