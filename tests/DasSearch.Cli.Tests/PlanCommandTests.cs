using DasSearch.Formats;

namespace DasSearch.Cli.Tests;

/// <summary><c>das plan</c> says on stderr how sure its choice is, whatever becomes of stdout.</summary>
public sealed class PlanCommandTests : IDisposable
{
    private readonly StoredRuns _runs = new();

    public void Dispose() => _runs.Dispose();

    [Theory]
    [InlineData(40, 0.0, "note: skipping 0,1: The rewards give a probability of 100 % that these are exactly the least important ones. They tell layer 1, the last to be skipped, from layer 2, ")]
    [InlineData(12, 2.0, "warning: skipping 0,1: The rewards give a probability of ")]
    [InlineData(1, 0.0, "warning: the run's rewards are too few to say how sure this choice is")]
    public async Task Plan_OfARun_TellsHowSureItIs(int rounds, double noise, string expected)
    {
        _runs.Add(rounds, noise: noise);
        var das = await _runs.RunAsync("plan", "1");

        Assert.Equal(ExitCode.Done, das.Code);
        Assert.Equal([0, 1], PlanFile.Parse(das.Output, "stdout").Subnetwork.Skipped);
        Assert.StartsWith(expected, das.Error, StringComparison.Ordinal);
        Assert.Single(das.Error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Plan_AgainstTheEvidence_Warns()
    {
        _runs.Add(40);
        var das = await _runs.RunAsync("plan", "1", "--modules", "1,2");

        Assert.StartsWith(
            "warning: skipping 1,2: The rewards give a probability of 0 % that these are exactly the least important ones. "
                + "They tell otherwise: layer 2, which is skipped, matters more than layer 0, which is kept (margin -",
            das.Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plan_ThatSkipsNothing_HasNothingToBeSureOf()
    {
        _runs.Add(40);
        Assert.Equal("", (await _runs.RunAsync("plan", "1", "--modules", "-")).Error);
    }
}
