namespace DasSearch.Cli.Tests.Exports;

/// <summary>Plans exported as a user does it.</summary>
[Collection(nameof(ExportFixture))]
public sealed class NetworkExportTests(ExportFixture fixture)
{
    [Theory]
    [InlineData("json", false)]
    [InlineData("csv", false)]
    [InlineData("das-official", false)]
    [InlineData("onnx", true)]
    [InlineData("pytorch", true)]
    public async Task Export_AsACommand_GivesTheSameFile_AndLoadsLibtorchForNetworksAlone(string target, bool isNetwork)
    {
        var plan = fixture.Plan("vqa");
        var output = plan.Export(target, fixture.PathOf("command." + target)).Files[0];
        var expected = File.ReadAllBytes(output);
        File.Delete(output);
        var libraries = await LoadedLibraries.OfAsync(
            fixture.PathOf("libraries-" + target), ["export", plan.Path, "--to", target, "-o", output]);

        Assert.True(isNetwork || !libraries.Contains("libtorch", StringComparison.OrdinalIgnoreCase), $"{target} loads libtorch");
        Assert.Equal(expected, File.ReadAllBytes(output));
    }
}
