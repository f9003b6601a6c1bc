namespace DasSearch.Cli.Tests.Exports;

/// <summary>Networks exported as a user does it.</summary>
[Collection(nameof(ExportFixture))]
public sealed class NetworkExportTests(ExportFixture fixture)
{
    [Theory]
    [InlineData("onnx")]
    [InlineData("pytorch")]
    public async Task Export_AsACommand_GivesTheSameFileAndNeverLoadsLibtorch(string target)
    {
        var plan = fixture.Plan("vqa");
        var output = plan.Export(target, fixture.PathOf("command." + target)).Files[0];
        var expected = File.ReadAllBytes(output);
        File.Delete(output);
        var libraries = await LoadedLibraries.OfAsync(
            fixture.PathOf("libraries-" + target), ["export", plan.Path, "--to", target, "-o", output]);

        Assert.DoesNotContain("libtorch", libraries, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(expected, File.ReadAllBytes(output));
    }
}
