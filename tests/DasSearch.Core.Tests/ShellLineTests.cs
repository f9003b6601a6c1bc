using System.Diagnostics;
using System.Globalization;

namespace DasSearch.Core.Tests;

/// <summary>Lines to be pasted mean in a shell what they say, whatever files are called.</summary>
public sealed class ShellLineTests
{
    private static readonly string[] _pieces =
        ["a", "das", " ", "'", "\"", "$HOME", "`date`", "\\", "\n", "*", "?", "~", "!", "#", "&", "|", ";", "(", ")", "<", ">", "{a,b}", "é", "层", "-", "--db", "=", "%", "\t", "/", "."];

    [Theory]
    [InlineData("das resume 1", null, "resume", 1)]
    [InlineData("das resume 1", "das.db", "resume", 1)]
    [InlineData("das resume 1 --db runs.db", "runs.db", "resume", 1)]
    [InlineData("das train 'my search-1.plan.json' --db 'my runs.db'", "my runs.db", "train", "my search-1.plan.json")]
    [InlineData(@"das train 'it'\''s.json'", null, "train", "it's.json")]
    [InlineData("das export '' --to csv", null, "export", "", "--to", "csv")]
    public void Das_QuotesWhatNeedsIt_AndNamesTheDatabaseUnlessItIsTheDefault(string expected, string? database, params object[] words) =>
        Assert.Equal(expected, ShellLine.Das(database, words));

    [Theory]
    [InlineData("-1.plan.json", "./-1.plan.json")]
    [InlineData("a-1.plan.json", "a-1.plan.json")]
    public void File_IsNoOption(string path, string expected) => Assert.Equal(expected, ShellLine.File(path));

    [Fact]
    public async Task Of_AnyWords_AreThoseThatAShellReads()
    {
        var words = Words(int.Parse(Environment.GetEnvironmentVariable("DAS_FUZZ") ?? "2000", CultureInfo.InvariantCulture));
        using var shell = Process.Start(new ProcessStartInfo("sh") { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        var output = shell.StandardOutput.ReadToEndAsync();
        foreach (var some in words.Chunk(500))
        {
            await shell.StandardInput.WriteAsync(ShellLine.Of([@"printf", @"%s\0", .. some]) + "\n");
        }

        shell.StandardInput.Close();
        Assert.Equal(words, (await output).Split('\0')[..^1]);
    }

    private static List<string> Words(int count)
    {
        var random = SeededRandom.Derive(15, "tests/words");
        return [.. Enumerable.Range(0, count).Select(_ => string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => _pieces[random.Next(_pieces.Length)])))];
    }
}
