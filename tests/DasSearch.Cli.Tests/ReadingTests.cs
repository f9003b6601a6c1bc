using System.Buffers.Binary;
using System.Text.RegularExpressions;
using DasSearch.Core;

namespace DasSearch.Cli.Tests;

/// <summary>The commands that read a database, on all that may be given to them instead of a finished run.</summary>
public sealed class ReadingTests : IDisposable
{
    private readonly StoredRuns _runs = new();

    public static TheoryData<string, string?> Commands => new() { { "runs", null }, { "show", "1" }, { "rewards", "1" }, { "plan", "1" }, { "report", "1" } };

    public static TheoryData<string> CommandsOfARun => ["show", "rewards", "plan", "report"];

    public void Dispose() => _runs.Dispose();

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Reading_NoDatabase_SaysSoAndMakesNone(string command, string? run)
    {
        Fails(await RunAsync(command, run), $"there is no database {_runs.Database}: run das search first, or name another file with --db");
        Assert.False(File.Exists(_runs.Database));
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Reading_AFileThatIsNoDatabase_SaysSoAndLeavesIt(string command, string? run)
    {
        File.WriteAllText(_runs.Database, string.Concat(Enumerable.Repeat("task: fashionvl-vqa\n", 100)));
        var before = File.ReadAllBytes(_runs.Database);

        Fails(await RunAsync(command, run), $"{_runs.Database} is no database of das: it is not an SQLite file; name another file with --db");
        Assert.Equal(before, File.ReadAllBytes(_runs.Database));
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Reading_ANewerSchema_SaysSo(string command, string? run)
    {
        // https://www.sqlite.org/fileformat2.html: the user version is at byte 60.
        _runs.Add(rounds: 1);
        var bytes = File.ReadAllBytes(_runs.Database);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(60), 99);
        File.WriteAllBytes(_runs.Database, bytes);

        var das = await RunAsync(command, run);
        Fails(das, $"the database {_runs.Database} has schema 99, but this das knows them up to ");
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Reading_ADatabaseCutShort_SaysThatItIsDamaged(string command, string? run)
    {
        _runs.Add(rounds: 500);
        var bytes = File.ReadAllBytes(_runs.Database);
        File.WriteAllBytes(_runs.Database, bytes[..(4096 * 3)]);

        Fails(await RunAsync(command, run), $"the database {_runs.Database} is damaged: restore a copy, or save what is left with sqlite3's .recover command");
    }

    [Theory]
    [MemberData(nameof(CommandsOfARun))]
    public async Task Reading_AnUnknownRun_SaysWhichThereAre(string command)
    {
        _runs.Add(rounds: 1);
        Fails(await RunAsync(command, "7"), $"there is no run 7 in {_runs.Database}, whose latest is 1: das runs --db {_runs.Database} lists them all");
        Fails(await RunAsync(command, "other"), $"there is no run named 'other' in {_runs.Database}, whose latest is 1: das runs --db {_runs.Database} lists them all");
        Fails(await RunAsync(command, "99999999999999999999"), "there is no run named '99999999999999999999'");
    }

    [Theory]
    [InlineData("rewards", RunStatus.Interrupted)]
    [InlineData("rewards", RunStatus.Running)]
    [InlineData("plan", RunStatus.Interrupted)]
    [InlineData("plan", RunStatus.Running)]
    public async Task Reading_ARunWithoutRounds_SaysHowToGoOn(string command, RunStatus status)
    {
        _runs.Add(rounds: 0, status);
        Fails(await RunAsync(command, "1"), $"run 1 has no rounds yet: das resume 1 --db {_runs.Database} goes on with it");
    }

    [Theory]
    [InlineData(RunStatus.Interrupted, "interrupted")]
    [InlineData(RunStatus.Running, "stopped (das resume 1 --db DB)")]
    public async Task RunsAndShow_ARunWithoutRounds_ShowWhatThereIs(RunStatus status, string expected)
    {
        _runs.Add(rounds: 0, status);
        expected = expected.Replace("DB", _runs.Database, StringComparison.Ordinal);
        var runs = await RunAsync("runs", null);
        var show = await RunAsync("show", "1");

        var report = await _runs.RunAsync("report", "1", "-o", _runs.PathOf("report"));

        Assert.Equal((ExitCode.Done, "", ExitCode.Done, ""), (runs.Code, runs.Error, show.Code, show.Error));
        Assert.Equal((ExitCode.Done, ""), (report.Code, report.Error));
        Assert.Matches($@"1 +made-up .* {Regex.Escape(expected)} +0 +0 ", runs.Output);
        Assert.Contains($"status      {expected}\n", show.Output, StringComparison.Ordinal);
        Assert.Contains($"rounds      none: run 1 has no rounds yet: das resume 1 --db {_runs.Database} goes on with it", show.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Case06_DoneWithoutRounds_AsOlderDasLeftIt_IsNotToldToBeResumed()
    {
        const string Expected = "run 1 has no rounds: its settings left none to it, and so nothing is known of its modules";
        _runs.Add(rounds: 0);
        Fails(await RunAsync("rewards", "1"), Expected);
        Fails(await RunAsync("plan", "1"), Expected);
        Assert.Contains(Expected, (await RunAsync("show", "1")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Runs_OfAnEmptyDatabase_SaySo()
    {
        Store.RunStore.Create(_runs.Database, TimeProvider.System).Dispose();
        var text = await RunAsync("runs", null);
        var json = await _runs.RunAsync("runs", "--json");

        Assert.Equal((ExitCode.Done, "", $"das: {_runs.Database} has no runs yet: das search CONFIG --db {_runs.Database} makes one\n"), (text.Code, text.Output, text.Error));
        Assert.Equal((ExitCode.Done, "[]", ""), (json.Code, json.Output.Trim(), json.Error));
    }

    private Task<Das> RunAsync(string command, string? run) => _runs.RunAsync(run is null ? [command] : [command, run]);

    private static void Fails(Das das, string sentence)
    {
        Assert.Equal((ExitCode.Failed, ""), (das.Code, das.Output));
        Assert.StartsWith($"das: {sentence}", das.Error, StringComparison.Ordinal);
        Assert.Single(das.Error.TrimEnd().Split('\n'));
    }
}
