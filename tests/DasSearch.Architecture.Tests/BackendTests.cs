using System.Text.Json;

namespace DasSearch.Architecture.Tests;

/// <summary>One property chooses each backend: what a project asks for by UsesTorch and UsesPlot follows it.</summary>
public sealed class BackendTests
{
    private static readonly string Dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    [Theory]
    [InlineData("src/DasSearch.Models/DasSearch.Models.csproj", "Torch=system", "TorchSharp.csproj")]
    [InlineData("src/DasSearch.Models/DasSearch.Models.csproj", "Torch=TorchSharp-cpu", "TorchSharp-cpu")]
    [InlineData("src/DasSearch.Models/DasSearch.Models.csproj", "Torch=TorchSharp-cuda-linux", "TorchSharp-cuda-linux")]
    [InlineData("src/DasSearch.Reporter/DasSearch.Reporter.csproj", "Plot=standin", "OxyPlot.csproj")]
    [InlineData("src/DasSearch.Reporter/DasSearch.Reporter.csproj", "Plot=OxyPlot.Core", "OxyPlot.Core")]
    public async Task Project_ForEachChoice_ReferencesThatBackendAlone(string project, string choice, string expected)
    {
        var evaluated = await ProcessResult.OfAsync(
            Dotnet, ["msbuild", project, $"-p:{choice}", "-getItem:ProjectReference", "-getItem:PackageReference"]);

        Assert.Equal(0, evaluated.Code);
        var items = JsonDocument.Parse(evaluated.Output).RootElement.GetProperty("Items");
        var backends = items.GetProperty("ProjectReference").EnumerateArray()
            .Concat(items.GetProperty("PackageReference").EnumerateArray())
            .Select(item => Path.GetFileName(item.GetProperty("Identity").GetString()!))
            .Where(name => name.StartsWith("TorchSharp", StringComparison.Ordinal) || name.StartsWith("OxyPlot", StringComparison.Ordinal));
        Assert.Equal([expected], backends);
    }

    [Theory]
    [InlineData("system", "standin", "OxyPlot.csproj", "TorchSharp.csproj")]
    [InlineData("TorchSharp-cuda-linux", "standin", "OxyPlot.csproj")]
    [InlineData("TorchSharp-cpu", "OxyPlot.Core")]
    public async Task Solution_ForEachChoice_HasOnlyTheStandInsItNeeds(string torch, string plot, params string[] standIns)
    {
        var file = Path.GetTempFileName();
        try
        {
            // The restore graph names every project that the solution would restore, and so build.
            var listed = await ProcessResult.OfAsync(
                Dotnet,
                ["msbuild", "DasSearch.sln", "-nologo", "-t:GenerateRestoreGraphFile", $"-p:RestoreGraphOutputPath={file}", $"-p:Torch={torch}", $"-p:Plot={plot}"]);

            Assert.True(listed.Code == 0, listed.Output);
            using var graph = JsonDocument.Parse(await File.ReadAllTextAsync(file));
            var projects = graph.RootElement.GetProperty("projects").EnumerateObject().Select(project => project.Name).ToList();
            Assert.Contains(projects, project => project.EndsWith("DasSearch.Models.csproj", StringComparison.Ordinal));
            Assert.Equal(
                standIns,
                projects.Where(project => project.Contains("/standins/", StringComparison.Ordinal)).Select(project => Path.GetFileName(project)));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("Torch=libtorch", "Torch is 'libtorch', but it must be system, TorchSharp-cpu or TorchSharp-cuda-linux.")]
    [InlineData("Plot=gnuplot", "Plot is 'gnuplot', but it must be standin or OxyPlot.Core.")]
    public async Task Build_UnknownChoice_IsRefusedWithOneSentence(string choice, string sentence)
    {
        var built = await ProcessResult.OfAsync(
            Dotnet, ["msbuild", "src/DasSearch.Core/DasSearch.Core.csproj", "-t:CheckBackends", $"-p:{choice}", "-nologo"]);

        Assert.NotEqual(0, built.Code);
        Assert.Contains(sentence, built.Output, StringComparison.Ordinal);
    }
}
