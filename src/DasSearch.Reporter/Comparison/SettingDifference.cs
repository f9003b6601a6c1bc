namespace DasSearch.Reporter.Comparison;

/// <summary>A setting in which runs differ.</summary>
/// <param name="Key">The setting, such as <c>search.epochs</c>.</param>
/// <param name="Values">Its value in each run, in the runs' order; null where a run has no such setting.</param>
public sealed record SettingDifference(string Key, IReadOnlyList<string?> Values)
{
    // They tell runs apart rather than what was searched.
    private static readonly string[] _labels = ["name", "seed"];

    /// <summary>What differs, name and seed apart, in the settings' order.</summary>
    /// <param name="texts">Each run's settings in their canonical form: sections and, two blanks further in, their settings.</param>
    internal static IReadOnlyList<SettingDifference> Of(IReadOnlyList<string> texts)
    {
        var settings = texts.Select(Flatten).ToList();
        return
        [
            .. settings.SelectMany(run => run.Keys).Distinct().Except(_labels)
                .Select(key => new SettingDifference(key, [.. settings.Select(run => run.GetValueOrDefault(key))]))
                .Where(setting => setting.Values.Distinct().Count() > 1),
        ];
    }

    private static Dictionary<string, string> Flatten(string text)
    {
        var (settings, section) = (new Dictionary<string, string>(), "");
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var (key, value) = line.Split(": ", 2) is [var name, var its] ? (name.Trim(), its.Trim()) : (line.Trim().TrimEnd(':'), "");
            section = line.StartsWith(' ') ? section : key + ".";
            if (value.Length > 0)
            {
                settings[line.StartsWith(' ') ? section + key : key] = value;
            }
        }

        return settings;
    }
}
