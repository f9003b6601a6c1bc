namespace DasSearch.Architecture.Tests.Launcher;

/// <summary>When the launcher builds, and that it builds once.</summary>
public sealed class FreshnessTests : IDisposable
{
    // A repository with one source and one test, built a second after they were written.
    private const string Built = """
        mkdir -p "$root"/{src/a,build,tests}
        : | tee "$root"/{src/a/A.cs,src/a/B.cs,tests/T.cs,Directory.Build.props,global.json,.editorconfig,BannedSymbols.txt}
        torch=TorchSharp-cpu
        find "$root" -exec touch -d '1 minute ago' {} +
        build_key >"$state/built-command-line"
        build_key >"$state/built-everything"
        answer() { if is_fresh "$1"; then echo fresh; else echo stale; fi; }

        """;

    private readonly MadeUpMachine _machine = new();

    public void Dispose() => _machine.Dispose();

    [Theory]
    [InlineData("", "fresh", "fresh")]
    [InlineData("touch \"$root/src/a/A.cs\"", "stale", "stale")]
    [InlineData("rm \"$root/src/a/B.cs\"", "stale", "stale")]
    [InlineData("touch \"$root/Directory.Build.props\"", "stale", "stale")]
    [InlineData("touch \"$root/tests/T.cs\"", "fresh", "stale")]
    [InlineData("touch \"$root/README.md\"", "fresh", "fresh")]
    [InlineData("torch=TorchSharp-cuda-linux", "stale", "stale")]
    [InlineData("rm \"$state\"/built-*", "stale", "stale")]
    public async Task IsFresh_AfterAChange_SeesWhetherItMatters(string change, string commandLine, string everything)
    {
        var run = await _machine.RunAsync([], $"{Built}sleep 0.05\n{change}\nanswer command-line; answer everything");

        Assert.Equal("", run.Error);
        Assert.Equal($"{commandLine}\n{everything}\n", run.Output);
    }

    [Fact]
    public async Task SetUp_TwiceAtOnce_RunsOneAfterTheOther()
    {
        Directory.CreateDirectory(_machine.PathOf("build"));
        await File.WriteAllTextAsync(
            _machine.PathOf("build/setup.sh"), "cd \"${0%/*}\"; echo begin >>log; sleep 0.3; echo end >>log");

        var run = await _machine.RunAsync([], "set_up command-line & set_up command-line & wait; cat \"$root/build/log\"");

        Assert.Equal("begin\nend\nbegin\nend\n", run.Output);
        Assert.Contains("another das is setting up", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SetUp_Failing_PassesItsExitCodeOn()
    {
        Directory.CreateDirectory(_machine.PathOf("build"));
        await File.WriteAllTextAsync(_machine.PathOf("build/setup.sh"), "exit 7");

        var run = await _machine.RunAsync([], "set_up command-line; echo not reached");

        Assert.Equal((7, ""), (run.Code, run.Output));
    }
}
