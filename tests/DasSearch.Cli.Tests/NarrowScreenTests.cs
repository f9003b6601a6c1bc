using System.Text.RegularExpressions;
using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Store;

namespace DasSearch.Cli.Tests;

/// <summary>Case 05: tables on screens of any width lose no number, wrap none, and never leave out which run a row is about.</summary>
public sealed partial class NarrowScreenTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-narrow-");

    public NarrowScreenTests()
    {
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Databases", "schema-4.db"), Database);
        using var store = RunStore.Open(Database, TimeProvider.System);
        using var recorder = store.Append(1);
        var modules = store.Read.Run(1).Costs.Modules.Count;
        recorder.Record("validation", [.. Combinations.All(modules, 2).Select(set => new ExhaustiveScore(set, 0, [set.Skipped.Sum(), 1]))]);
        recorder.Record(store.Read.Plans(1)[0].Plan with
        {
            Result = new PlanResult("das", 0, 10, new Dictionary<string, double> { ["test.accuracy"] = 0.8307, ["test.loss"] = 3e-5 }, new PlanLatency(64, 63, 45, new(-28, -29.1, -27.2, 34)), null, null),
        });
    }

    public static TheoryData<string, int> Commands()
    {
        var data = new TheoryData<string, int>();
        string[] lines =
        [
            "runs", "show 1", "show 2", "compare 1 2 3", "rewards 1", "rewards 2 --by round", "rewards 1 --by subnetwork", "rewards 3 --by evaluation",
            "replay 1 --controller das,thompson --seeds 2 --rounds 3 --stop 0.05", "profile vilt",
        ];
        foreach (var line in lines)
        {
            foreach (var width in (int[])[40, 50, 80, 200])
            {
                data.Add(line, width);
            }
        }

        return data;
    }

    private string Database => Path.Combine(_folder.FullName, "das.db");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task NarrowTerminal_EveryTable_FitsAndKeepsItsNumbers(string line, int width)
    {
        string[] args = [.. line.Split(' '), .. line.StartsWith("profile", StringComparison.Ordinal) ? (string[])[] : ["--db", Database]];
        var (wide, narrow) = (await Das.RunAsync(args), await Das.RunAtWidthAsync(width, args));

        Assert.Equal((ExitCode.Done, wide.Error), (narrow.Code, narrow.Error));
        var (expected, found) = (Numbers(wide.Output), Numbers(narrow.Output));
        Assert.All(expected, number => Assert.True(found.GetValueOrDefault(number.Key) >= number.Value, $"{number.Key} is lost at {width} columns:\n{narrow.Output}"));
        Assert.All(narrow.Output.Split('\n'), one => Assert.True(one.Length <= width || !one.Trim().Contains(' ', StringComparison.Ordinal), $"{one.Length} > {width}: {one}"));
    }

    [Theory]
    [InlineData(40)]
    [InlineData(50)]
    [InlineData(80)]
    public async Task NarrowTerminal_Runs_HaveTheirNumberInEveryBlock(int width)
    {
        var das = await Das.RunAtWidthAsync(width, ["runs", "--db", Database]);
        var blocks = das.Output.TrimEnd().Split("\n\n");
        Assert.True(blocks.Length > 1, das.Output);
        Assert.All(blocks, block => Assert.StartsWith("run", block.Split('\n').Last(heading => heading.StartsWith("run", StringComparison.Ordinal)), StringComparison.Ordinal));
        Assert.All(blocks, block => Assert.Matches(@"(?m)^  1 .*\n  2 .*\n  3 .*\n  4 ", block));
        Assert.Contains("took", das.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WideTerminal_Show_IsOneTable()
    {
        var das = await Das.RunAtWidthAsync(200, ["show", "1", "--db", Database]);
        Assert.Matches(@"module  name +skipped  reward skipped  reward kept  difference  ± error +gate  probability\n", das.Output);
    }

    [Fact]
    public void Table_OfAnything_KeepsEveryNumberWholeAtEveryWidth()
    {
        var random = new SeededRandom(5);
        for (var i = 0; i < 300; i++)
        {
            var columns = Enumerable.Range(0, random.Next(1, 9)).Select(at => (at > 0 && random.Next(2) == 0 ? "" : ">") + Word(random, 12)).ToArray();
            var table = new TextTable(columns) { Keys = Math.Min(columns.Length, random.Next(1, 3)) };
            var rows = Enumerable.Range(0, random.Next(4)).Select(_ => columns.Select(name => name[0] == '>' ? $"{random.Next(1_000_000)}" : Word(random, 60)).ToArray()).ToList();
            rows.ForEach(row => table.Add(row));
            var width = random.Next(20, 120);
            var lines = table.Lines(width).ToList();
            for (var row = 0; row < rows.Count; row++)
            {
                var text = string.Join(' ', lines.Where(line => line.Row == row).Select(line => line.Text)).Split(' ');
                Assert.All(columns.Zip(rows[row]).Where(cell => cell.First[0] == '>'), cell => Assert.Contains(cell.Second, text));
            }

            // A key of two columns may be of two numbers, each of up to six digits or as wide as its heading.
            Assert.All(lines, line => Assert.True(line.Text.Length <= Math.Max(width, 60), line.Text));
            Assert.Equal(lines.Any(line => line.Text.Contains('…', StringComparison.Ordinal)), lines[^1].Text.StartsWith("(cut to ", StringComparison.Ordinal));
        }

        static string Word(SeededRandom random, int most) => string.Concat(Enumerable.Range(0, random.Next(1, most)).Select(_ => "abc -"[random.Next(5)])).Trim(' ', '-') is { Length: > 0 } word ? word : "x";
    }

    [Fact]
    public void Table_OfNamesThatDrawOrAreWide_StaysStraight()
    {
        var table = new TextTable(">run", "name", ">took");
        table.Add("1", "a\e[31m\nb", "0:01");
        table.Add("22", "視覚", "10:00");
        Assert.Equal(["run  name       took", "  1  a [31m b   0:01", " 22  視覚      10:00"], table.Lines(80).Select(line => line.Text));
    }

    private static Dictionary<string, int> Numbers(string text) => Number().Matches(text).CountBy(match => match.Value).ToDictionary();

    [GeneratedRegex(@"(?<![\w.,:])[-+±<>]?\d[\d.,:E+-]*\d|(?<![\w.,:])[-+±<>]?\d(?![\d.,:])")]
    private static partial Regex Number();
}
