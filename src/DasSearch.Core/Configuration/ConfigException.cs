namespace DasSearch.Core.Configuration;

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
