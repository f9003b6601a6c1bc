using System.Text.Json;

namespace DasSearch.Cli.Tests;

public sealed class NoteCommandTests : IDisposable
{
    private readonly StoredRuns _runs = new();

    public NoteCommandTests() => _runs.Add(rounds: 2);

    public void Dispose() => _runs.Dispose();

    [Fact]
    public async Task Note_TagsARun_AndNotesSomething_WhichOtherCommandsShow()
    {
        var notes = _runs.PathOf("notes.md");
        await File.WriteAllTextAsync(notes, "# Why\nsee **run 2**\n");
        Assert.Equal("run 1  made-up  tags: <i> a\n# Why\nsee **run 2**\n", (await _runs.RunAsync("note", "1", "--file", notes, "--tag", "a", "--tag", "b", "--tag", "<i>", "--untag", "b")).Output);
        Assert.Equal("run 1  made-up  tags: <i>\n# Why\nsee **run 2**\n", (await _runs.RunAsync("note", "1", "--untag", "a")).Output);
        Assert.EndsWith(" <i>\n", (await _runs.RunAsync("runs")).Output, StringComparison.Ordinal);
        Assert.Contains("notes       # Why\n            see **run 2**\nevents      ", (await _runs.RunAsync("show", "1")).Output, StringComparison.Ordinal);
        var facts = JsonDocument.Parse((await _runs.RunAsync("note", "1", "--clear", "--json")).Output).RootElement;
        Assert.Equal(("", "<i>"), (facts.GetProperty("notes").GetString(), facts.GetProperty("tags")[0].GetString()));
    }

    [Theory]
    [InlineData("a tag must be a word of 1 to 40 characters without commas, not 'two words'", "--tag", "two words")]
    [InlineData("--text, --file and --clear exclude each other: there is one text of notes.", "--text", "x", "--file", "y")]
    public async Task Note_ThatCannotBe_IsBadUsage(string sentence, params string[] options)
    {
        var das = await _runs.RunAsync(["note", "1", .. options]);
        Assert.Equal(ExitCode.BadUsage, das.Code);
        Assert.StartsWith($"das: {sentence}", das.Error, StringComparison.Ordinal);
    }
}
