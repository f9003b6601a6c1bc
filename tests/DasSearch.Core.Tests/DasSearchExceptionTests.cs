namespace DasSearch.Core.Tests;

public sealed class DasSearchExceptionTests
{
    [Fact]
    public void ExitCode_UnlessOverridden_IsFailed()
    {
        var cause = new IOException("disk full");
        var failure = new DasSearchException("the report could not be written", cause);
        Assert.Equal(ExitCode.Failed, failure.ExitCode);
        Assert.Same(cause, failure.InnerException);
    }

    [Theory]
    [InlineData(ExitCode.Done, 0)]
    [InlineData(ExitCode.Failed, 1)]
    [InlineData(ExitCode.BadUsage, 2)]
    [InlineData(ExitCode.Interrupted, 130)]
    public void ExitCode_Numbers_AreAContractWithScripts(ExitCode code, int number) => Assert.Equal(number, (int)code);
}
