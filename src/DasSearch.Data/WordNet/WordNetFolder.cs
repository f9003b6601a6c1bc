namespace DasSearch.Data.WordNet;

/// <summary>Where WordNet's data files lie (Princeton University; its own licence, which allows use for any purpose).</summary>
public static class WordNetFolder
{
    /// <summary>The environment variable that names another folder.</summary>
    public const string Variable = "WORDNET";

    /// <summary>Where Debian's package <c>wordnet-base</c> installs.</summary>
    public const string Default = "/usr/share/wordnet";

    /// <summary>What every message about the files ends in.</summary>
    internal const string Remedy =
        $"install the Debian package wordnet-base (sudo apt-get install wordnet-base), or set {Variable} to a folder with data.noun, data.verb, data.adj and data.adv";

    /// <summary>The files, in the order in which they are read.</summary>
    internal static IReadOnlyList<string> Files { get; } = ["data.noun", "data.verb", "data.adj", "data.adv"];

    /// <summary>The names of the files that a folder lacks.</summary>
    public static IReadOnlyList<string> Missing(string folder) => [.. Files.Where(name => !File.Exists(Path.Combine(folder, name)))];

    /// <summary>The folder that the environment asks for, else the package's.</summary>
    /// <param name="environment">Looks an environment variable up.</param>
    public static string Resolve(Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        return environment(Variable) is { Length: > 0 } chosen ? chosen : Default;
    }
}
