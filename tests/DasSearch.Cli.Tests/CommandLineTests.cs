using DasSearch.Cli.Commands;
using DasSearch.Core;

namespace DasSearch.Cli.Tests;

public sealed class CommandLineTests
{
    private sealed class BadConfigException() : UsageException("das.yaml:3: rounds must be positive, not -1");

    [Theory]
    [InlineData(ExitCode.Done, 0)]
    [InlineData(ExitCode.Failed, 1)]
    [InlineData(ExitCode.BadUsage, 2)]
    [InlineData(ExitCode.Interrupted, 130)]
    public void ExitCode_Numbers_AreAContractWithScripts(ExitCode code, int number) => Assert.Equal(number, (int)code);

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    public async Task Help_AtTheRoot_ListsEveryCommandWithItsDescription(string option)
    {
        var das = await Das.RunAsync([option]);

        Assert.Equal(ExitCode.Done, das.Code);
        Assert.Equal("", das.Error);
        Assert.Contains("das [command]", das.Output, StringComparison.Ordinal);
        using var terminal = new Terminal(TextWriter.Null, TextWriter.Null, isRedirected: true);
        foreach (var command in CommandTable.All.Select(create => create(new CommandContext(terminal, _ => null))))
        {
            Assert.Contains($"  {command.Name} ", das.Output, StringComparison.Ordinal);
            Assert.Contains(command.Description!, das.Output.ReplaceLineEndings(" "), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Version_Alone_PrintsNothingElse()
    {
        var das = await Das.RunAsync(["--version"]);

        Assert.Equal(ExitCode.Done, das.Code);
        Assert.Matches(@"^\d+\.\d+\.\d+\n$", das.Output.ReplaceLineEndings("\n"));
        Assert.Equal("", das.Error);
    }

    [Theory]
    [InlineData("'serach'", "das --help", "serach")]
    [InlineData("'--jsno'", "das doctor --help", "doctor", "--jsno")]
    [InlineData("command", "das --help")]
    public async Task BadUsage_AnyKind_SaysWhatAndWhereToLook(string culprit, string hint, params string[] args)
    {
        var das = await Das.RunAsync(args);

        Assert.Equal(ExitCode.BadUsage, das.Code);
        Assert.Equal("", das.Output);
        var lines = das.Error.Trim().Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("das: ", lines[0], StringComparison.Ordinal);
        Assert.Contains(culprit, lines[0], StringComparison.Ordinal);
        Assert.Equal($"Try '{hint}'.", lines[1]);
    }

    [Fact]
    public async Task DomainFailure_Thrown_IsItsSentenceAndItsExitCode()
    {
        var das = await Das.RunAsync(() => throw new BadConfigException());

        Assert.Equal(ExitCode.BadUsage, das.Code);
        Assert.Equal("das: das.yaml:3: rounds must be positive, not -1", das.Error.Trim());
    }

    [Fact]
    public async Task Defect_Thrown_IsOneSentenceWithoutAStackTrace()
    {
        var das = await Das.RunAsync(() => throw new InvalidOperationException("the gates went missing\nand more"));

        Assert.Equal(ExitCode.Failed, das.Code);
        Assert.Equal("", das.Output);
        Assert.StartsWith("das: unexpected InvalidOperationException: the gates went missing", das.Error, StringComparison.Ordinal);
        Assert.Contains("DAS_TRACE=1", das.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", das.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Defect_WithTraceAskedFor_PrintsTheStack()
    {
        var das = await Das.RunAsync(() => throw new InvalidOperationException("the gates went missing"), ("DAS_TRACE", "1"));

        Assert.Equal(ExitCode.Failed, das.Code);
        Assert.Contains("   at ", das.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancellation_Thrown_EndsAsInterrupted()
    {
        var das = await Das.RunAsync(() => throw new OperationCanceledException());

        Assert.Equal(ExitCode.Interrupted, das.Code);
        Assert.Equal("das: interrupted", das.Error.Trim());
    }
}
