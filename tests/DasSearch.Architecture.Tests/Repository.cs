using System.Xml.Linq;

namespace DasSearch.Architecture.Tests;

/// <summary>The repository around the running tests.</summary>
internal static class Repository
{
    /// <summary>Its root: the closest folder above that has the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Debug or Release, in the spelling of the output folders: that of the running tests.</summary>
    public static string Configuration { get; } = new DirectoryInfo(AppContext.BaseDirectory).Name;

    /// <summary>Every project, relative to the root, with slashes; what is built is not searched.</summary>
    public static IReadOnlyList<string> Projects { get; } = [.. Files("src", "*.csproj").Concat(Files("tests", "*.csproj")).Concat(Files("build", "*.csproj"))];

    /// <summary>The files of a folder, relative to the root, with slashes, in order.</summary>
    public static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(PathOf(folder), pattern, SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);

    /// <summary>The full path of a file or folder of the repository.</summary>
    public static string PathOf(string relative) => Path.Combine(Root, relative);

    /// <summary>A project or property file as XML.</summary>
    public static XDocument Xml(string relative) => XDocument.Load(PathOf(relative));

    /// <summary>The Include attributes of an item type in a file.</summary>
    public static IEnumerable<string> Includes(this XDocument project, string item) =>
        project.Descendants(item).Attributes("Include").Select(attribute => attribute.Value.Replace('\\', '/'));

    /// <summary>Whether a file sets a property to true.</summary>
    public static bool IsTrue(this XDocument project, string property) =>
        project.Descendants(property).Any(element => element.Value == "true");

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "DasSearch.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName
            ?? throw new InvalidOperationException($"no folder above {AppContext.BaseDirectory} has DasSearch.sln");
    }
}
