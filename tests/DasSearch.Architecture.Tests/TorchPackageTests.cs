using System.Text.Json;

namespace DasSearch.Architecture.Tests;

/// <summary>One property chooses the package of tensors: what a project asks for by UsesTorch follows it.</summary>
public sealed class TorchPackageTests
{
    private static readonly string Dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    [Theory]
    [InlineData("TorchSharp-cpu", "TorchSharp")]
    [InlineData("TorchSharp-cuda-linux", "TorchSharp-cuda-linux")]
    public async Task Project_ForEachChoice_ReferencesThatPackageAlone(string choice, string expected)
    {
        var evaluated = await ProcessResult.OfAsync(
            Dotnet, ["msbuild", "src/DasSearch.Models/DasSearch.Models.csproj", $"-p:Torch={choice}", "-getItem:PackageReference"]);

        Assert.Equal(0, evaluated.Code);
        var packages = JsonDocument.Parse(evaluated.Output).RootElement.GetProperty("Items").GetProperty("PackageReference").EnumerateArray()
            .Select(item => item.GetProperty("Identity").GetString()!)
            .Where(name => name.Contains("torch", StringComparison.OrdinalIgnoreCase));
        Assert.Equal([expected], packages);
    }

    [Fact]
    public async Task Build_UnknownChoice_IsRefusedWithOneSentence()
    {
        var built = await ProcessResult.OfAsync(
            Dotnet, ["msbuild", "src/DasSearch.Core/DasSearch.Core.csproj", "-t:CheckTorch", "-p:Torch=libtorch", "-nologo"]);

        Assert.NotEqual(0, built.Code);
        Assert.Contains("Torch is 'libtorch', but it must be TorchSharp-cpu or TorchSharp-cuda-linux.", built.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Outputs_HaveNoLibtorchOfTheirOwn()
    {
        var copies = Directory.EnumerateFiles(Repository.PathOf("artifacts/bin"), "*torch_cpu*", SearchOption.AllDirectories);

        Assert.Equal([], copies);
        Assert.NotEmpty(Directory.EnumerateFiles(Repository.PathOf("artifacts/native"), "*torch_cpu*"));
    }
}
