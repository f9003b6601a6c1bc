using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace DasSearch.Architecture.Tests;

public sealed partial class HygieneTests
{
    [Fact]
    public void Solution_HasEveryProject_AndNoOther()
    {
        var listed = ProjectLine().Matches(File.ReadAllText(Repository.PathOf("DasSearch.sln")))
            .Select(match => match.Groups["path"].Value.Replace('\\', '/'));
        Assert.Equal(Repository.Projects.Order(), listed.Order());
    }

    [Fact]
    public void Versions_AreExact_AndInOnePlace()
    {
        var central = Repository.Xml("Directory.Packages.props");
        var properties = central.Descendants("PropertyGroup").Elements().ToDictionary(element => $"$({element.Name})", element => element.Value);
        foreach (var package in central.Descendants("PackageVersion"))
        {
            var version = package.Attribute("Version")!.Value;
            Assert.Matches(@"^\d+\.\d+\.\d+(\.\d+)?(-[0-9A-Za-z.]+)?$", properties.GetValueOrDefault(version, version));
        }

        foreach (var project in Repository.Projects)
        {
            var own = Repository.Xml(project).Descendants("PackageReference")
                .SelectMany(reference => reference.Attributes().Concat<XObject>(reference.Elements()))
                .Select(part => part is XAttribute attribute ? attribute.Name.LocalName : ((XElement)part).Name.LocalName);
            Assert.DoesNotContain(own, name => name.StartsWith("Version", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Sources_HaveNoConditionalCompilation()
    {
        var conditional = Repository.Files("src", "*.cs").Where(file => IfDirective().IsMatch(File.ReadAllText(Repository.PathOf(file))));
        Assert.Equal([], conditional);
    }

    [Fact]
    public void Sources_NameNoPlaceOfTheirAuthors()
    {
        // A path below somebody's home, or below this very checkout, works on one machine only.
        var place = new Regex($@"(?<![\w.*)}}]){Regex.Escape(Repository.Root)}[/""\\]|/(home|Users)/\w+/|C:\\Users\\");
        var named = Repository.Projects.Select(project => Path.GetDirectoryName(project)!)
            .SelectMany(folder => Repository.Files(folder, "*.*"))
            .Where(file => Path.GetExtension(file) is ".cs" or ".csproj" or ".props" or ".sh" or ".py" or ".cpp" or ".h")
            .Where(file => !file.EndsWith("HygieneTests.cs", StringComparison.Ordinal))
            .Where(file => place.IsMatch(File.ReadAllText(Repository.PathOf(file))));
        Assert.Equal([], named);
    }

    [GeneratedRegex(@"^Project\(""\{FAE04EC0[^""]*""\) = ""[^""]*"", ""(?<path>[^""]*)""", RegexOptions.Multiline)]
    private static partial Regex ProjectLine();

    [GeneratedRegex(@"^\s*#\s*if\b", RegexOptions.Multiline)]
    private static partial Regex IfDirective();
}
