namespace DasSearch.Cli.Tests;

/// <summary>One round of a search on random weights.</summary>
public sealed class ProfileRoundTests
{
    [Fact]
    public async Task Round_OnTextsAlone_SaysHowMuchMemoryItTook()
    {
        var das = await Das.RunAsync(["profile", "minilm", "--round", "--batch", "2", "--json"]);
        Assert.Equal((ExitCode.Done, ""), (das.Code, das.Error));
        Assert.Contains("\"training_steps\": 2", das.Output, StringComparison.Ordinal);
        Assert.Contains("\"candidates\": 3", das.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--batch goes with --round", "vilt", "--batch", "4")]
    [InlineData("--batch must be at least 1, not 0", "vilt", "--round", "--batch", "0")]
    [InlineData("--round is for backbones, vilt, meter, meter-mini, minilm, vit, swin, clip", "plan.json", "--round")]
    public async Task Round_OfNonsense_IsBadUsage(string expected, params string[] arguments)
    {
        var das = await Das.RunAsync(["profile", .. arguments]);
        Assert.Equal((ExitCode.BadUsage, $"das: {expected}"), (das.Code, das.Error.Split('\n')[0]));
    }
}
