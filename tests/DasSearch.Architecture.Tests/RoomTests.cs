using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace DasSearch.Architecture.Tests;

public sealed class RoomTests
{
    // Assemblies that a package brings under a name other than its own.
    private static readonly Dictionary<string, string[]> AssembliesOfPackage = new()
    {
        ["OxyPlot.Core"] = ["OxyPlot"],
        ["Microsoft.Data.Sqlite"] = ["Microsoft.Data.Sqlite", "SQLitePCLRaw.core"],
    };

    public static TheoryData<string> Names => [.. Room.All.Select(room => room.Name)];

    [Fact]
    public void Table_HasEveryRoom_AndNoOther()
    {
        var folders = Directory.EnumerateDirectories(Repository.PathOf("src"), "DasSearch.*").Select(Path.GetFileName);
        Assert.Equal(Room.All.Select(room => $"DasSearch.{room.Name}").Order(), folders.Order());
    }

    [Fact]
    public void Table_PointsOnlyBackwards_SoNoArrowCloses()
    {
        var seen = new HashSet<string>();
        foreach (var room in Room.All)
        {
            Assert.Subset(seen, room.Rooms.ToHashSet());
            seen.Add(room.Name);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Project_References_AreAllowed(string name)
    {
        var room = Room.Named(name);
        var project = Repository.Xml(room.Project);

        var rooms = project.Includes("ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path)["DasSearch.".Length..]);
        Assert.Subset(room.Rooms.ToHashSet(), rooms.ToHashSet());
        Assert.Subset(room.Packages.ToHashSet(), project.Includes("PackageReference").ToHashSet());
        Assert.True(room.Torch || !project.IsTrue("UsesTorch"), $"{name} may not see tensors");
        Assert.Empty(project.Includes("Reference"));
        Assert.Equal(room.Web ? ["Microsoft.AspNetCore.App"] : [], project.Includes("FrameworkReference"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Assembly_References_AreAllowed(string name)
    {
        var room = Room.Named(name);
        var allowed = room.Rooms.Select(other => $"DasSearch.{other}")
            .Concat(room.Packages.SelectMany(package => AssembliesOfPackage.GetValueOrDefault(package, [package])))
            .Concat(room.Torch ? ["TorchSharp"] : [])
            .ToHashSet();

        var referenced = ReferencesOf(room.Assembly).Where(reference => !IsOfTheRuntime(reference) && !(room.Web && IsOfTheWebServer(reference)));
        Assert.Subset(allowed, referenced.ToHashSet());
    }

    [Fact]
    public void TransitiveReferences_AreOff_SoThatArrowsAreExplicit() =>
        Assert.True(Repository.Xml("Directory.Build.props").IsTrue("DisableTransitiveProjectReferences"));

    [Fact]
    public void Packages_OfOneRoom_AreNotSeenByTheRoomsAboveIt()
    {
        var assets = File.ReadAllText(Repository.PathOf("artifacts/obj/DasSearch.Reporter/project.assets.json"));
        using var document = System.Text.Json.JsonDocument.Parse(assets);
        var dapper = document.RootElement.GetProperty("targets").EnumerateObject().First().Value
            .EnumerateObject().Single(library => library.Name.StartsWith("Dapper/", StringComparison.Ordinal)).Value;

        Assert.True(dapper.TryGetProperty("runtime", out _), "Reporter runs with Dapper, which Store needs");
        Assert.False(
            dapper.TryGetProperty("compile", out var compile) && compile.EnumerateObject().Any(file => !file.Name.EndsWith("/_._", StringComparison.Ordinal)),
            "Reporter could compile against Dapper, which is Store's alone");
    }

    private static IEnumerable<string> ReferencesOf(string assembly)
    {
        using var reader = new PEReader(File.OpenRead(assembly));
        var metadata = reader.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
    }

    private static string RuntimeFolder => Path.GetDirectoryName(typeof(object).Assembly.Location)!;

    private static bool IsOfTheRuntime(string assembly) => File.Exists(Path.Combine(RuntimeFolder, assembly + ".dll"));

    // …/shared/Microsoft.NETCore.App/10.0.1 has a neighbour of the same version.
    private static bool IsOfTheWebServer(string assembly) =>
        File.Exists(Path.Combine(RuntimeFolder, "..", "..", "Microsoft.AspNetCore.App", Path.GetFileName(RuntimeFolder), assembly + ".dll"));
}
