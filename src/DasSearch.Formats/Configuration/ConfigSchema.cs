namespace DasSearch.Formats;

/// <summary>All settings that a kind of configuration may have.</summary>
/// <typeparam name="T">The record of the settings.</typeparam>
/// <param name="Keys">In the order of the canonical form: those without a section first, those of one section together.</param>
/// <param name="Required">Those without a default, each with an example.</param>
/// <param name="Blank">The defaults, given the file's path or null; the required ones hold anything, since each is replaced.</param>
/// <param name="Complete">Settles, once all is set, what depends on other settings.</param>
internal sealed record ConfigSchema<T>(
    IReadOnlyList<ConfigKey<T>> Keys,
    IReadOnlyList<(string Name, string Example)> Required,
    Func<string?, T> Blank,
    Func<T, T> Complete)
    where T : class
{
    /// <summary>The names of all settings and sections.</summary>
    internal IReadOnlyList<string> Names { get; } =
        [.. Keys.Select(key => key.Name), .. Keys.Select(key => key.Name.Split('.')).Where(parts => parts.Length > 1).Select(parts => parts[0]).Distinct()];

    /// <summary>The setting of a name; null where there is none.</summary>
    internal ConfigKey<T>? Find(string name) => Keys.FirstOrDefault(key => key.Name == name);

    /// <summary>The names within a section, without it; none where there is no such section.</summary>
    internal IReadOnlyList<string> Within(string section) =>
        [.. Keys.Where(key => key.Name.StartsWith(section + ".", StringComparison.Ordinal)).Select(key => key.Name[(section.Length + 1)..])];
}
