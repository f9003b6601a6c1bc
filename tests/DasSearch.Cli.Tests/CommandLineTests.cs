using System.Runtime.InteropServices;
using DasSearch.Cli.Commands;
using DasSearch.Core;

namespace DasSearch.Cli.Tests;

public sealed class CommandLineTests
{
    // TorchSharp throws its base class itself.
    private sealed class LibtorchException(string message) : ExternalException(message);

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

    [Theory]
    [InlineData("[enforce fail at alloc_cpu.cpp:127] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to allocate 64000000000 bytes. Error code 12", "64000000000 bytes")]
    [InlineData("CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 15.77 GiB", "2.00 GiB")]
    public async Task LackOfMemory_OfLibtorch_IsASentenceThatTellsWhatNeedsLess(string message, string amount)
    {
        var das = await Das.RunAsync(() => throw new LibtorchException(message));

        Assert.Equal(ExitCode.Failed, das.Code);
        Assert.StartsWith($"das: there is not enough memory: libtorch asked for {amount} at once; smaller batches", das.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("defect", das.Error, StringComparison.Ordinal);
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
