namespace DasSearch.Architecture.Tests.Launcher;

/// <summary>The launcher as users call it, in this repository.</summary>
public sealed class LauncherTests
{
    private static readonly string Das = Repository.PathOf("das");

    [Theory]
    [InlineData("DAS_TORCH", "libtorch", "TorchSharp-cpu or TorchSharp-cuda-linux")]
    public async Task Package_Unknown_IsBadUsage(string variable, string value, string valid)
    {
        var run = await ProcessResult.OfAsync(Das, ["--version"], new Dictionary<string, string?> { [variable] = value });

        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.Equal($"das: {variable} is '{value}', but it must be {valid}", run.Error.Trim());
    }

    [Fact]
    public async Task Setup_UnknownArgument_IsBadUsage()
    {
        var run = await ProcessResult.OfAsync(Das, ["setup", "--agian"]);

        Assert.Equal(2, run.Code);
        Assert.Contains("'--agian'", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Version_FromAnotherFolderAndThroughALink_PrintsItAlone()
    {
        var folder = Directory.CreateTempSubdirectory("das elsewhere ");
        try
        {
            var link = Path.Combine(folder.FullName, "das");
            File.CreateSymbolicLink(link, Das);

            // The first call may have to build; the second has nothing to say but the answer.
            await ProcessResult.OfAsync(link, ["--version"], folder: folder.FullName);
            var run = await ProcessResult.OfAsync(link, ["--version"], folder: folder.FullName);

            Assert.Equal((0, ""), (run.Code, run.Error));
            Assert.Matches(@"^\d+\.\d+\.\d+\n$", run.Output);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Command_Unknown_IsBadUsageWithoutAStackTrace()
    {
        var run = await ProcessResult.OfAsync(Das, ["serach"]);

        Assert.Equal(2, run.Code);
        Assert.Contains("'serach'", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }
}
