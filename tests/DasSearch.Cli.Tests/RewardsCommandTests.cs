using System.Text.Json;
using System.Text.RegularExpressions;
using CsvHelper;

namespace DasSearch.Cli.Tests;

/// <summary><c>das rewards</c> on a run of twenty rounds.</summary>
public sealed class RewardsCommandTests : IDisposable
{
    private readonly StoredRuns _runs = new();

    public RewardsCommandTests() => _runs.Add(rounds: 20);

    public void Dispose() => _runs.Dispose();

    [Fact]
    public async Task Rewards_ByDefault_AreATableOfLayers()
    {
        var das = await _runs.RunAsync("rewards", "1");
        var lines = das.Output.TrimEnd().Split('\n');

        Assert.Equal((ExitCode.Done, ""), (das.Code, das.Error));
        Assert.Matches("^module  name +n_skipped  n_kept  mean_reward_skipped  mean_reward_kept  difference  standard_error +gate  probability$", lines[0]);
        Assert.Matches(@"^     0  transformer\.blocks\.0 +40 +20 +0\.\d{4} +0\.\d{4} +0\.\d{4} +0\.\d{4} +0\.3000 +0\.5700$", lines[1]);
        Assert.Equal(4, lines.Length);
    }

    [Theory]
    [InlineData("layer", 3)]
    [InlineData("round", 20)]
    [InlineData("subnetwork", 3)]
    [InlineData("evaluation", 60)]
    public async Task Rewards_AsCsvAndAsJson_AreTheSameNumbersInFull(string by, int rows)
    {
        var csv = await _runs.RunAsync("rewards", "made-up", "--by", by, "--format", "csv");
        var json = await _runs.RunAsync("rewards", "1", "--by", by, "--json");

        using var reader = CsvReader.Create(new StringReader(csv.Output));
        var objects = JsonDocument.Parse(json.Output).RootElement.EnumerateArray().ToList();
        foreach (var row in objects)
        {
            Assert.True(reader.Read());
            Assert.Equal(row.EnumerateObject().Select(property => property.Name), reader.Headers.ToArray());
            Assert.Equal(row.EnumerateObject().Select(Text), Enumerable.Range(0, reader.FieldCount).Select(reader.GetString));
        }

        Assert.Equal(rows, objects.Count);
        Assert.False(reader.Read());
        Assert.All(objects, row => Assert.Equal(1, row.GetProperty("run_id").GetInt32()));
    }

    [Fact]
    public async Task Rewards_FilteredSortedAndCut_AreThoseAskedFor()
    {
        var das = await _runs.RunAsync(
            "rewards", "1", "--by", "evaluation", "--rounds", "5..9", "--skipping", "1", "--keeping", "2", "--where", "round != 8", "--where", "round >= 6",
            "--sort", "loss", "--head", "2", "--columns", "round,subnetwork", "--format", "csv");
        Assert.Equal("round,subnetwork\n9,\"0,1\"\n7,\"0,1\"\n", das.Output);

        var tail = await _runs.RunAsync("rewards", "1", "--by", "round", "--sort", "-mean_reward", "--tail", "1", "--columns", "round", "--json");
        Assert.Equal("[\n{\"round\":0}\n]\n", tail.Output);

        var none = await _runs.RunAsync("rewards", "1", "--where", "n_kept > 1000", "--json");
        Assert.Equal("[]\n", none.Output);
    }

    [Theory]
    [InlineData("curve.csv", "run_id,module,name")]
    [InlineData("curve.JSON", "[\n{\"run_id\":1,")]
    [InlineData("curve.txt", "module  name ")]
    public async Task Rewards_IntoAFile_TakeTheFormatOfItsName_AndReplaceIt(string name, string start)
    {
        var path = _runs.PathOf(name);
        await _runs.RunAsync("rewards", "1", "--rounds", "..1", "-o", path);
        var old = File.ReadAllText(path);
        var das = await _runs.RunAsync("rewards", "1", "-o", path);

        Assert.NotEqual(old, File.ReadAllText(path));
        Assert.Equal((ExitCode.Done, path), (das.Code, das.Output.Trim()));
        Assert.StartsWith(start, File.ReadAllText(path), StringComparison.Ordinal);
        Assert.Equal([path], Directory.GetFiles(_runs.PathOf(""), name + "*"));
    }

    [Fact]
    public async Task Rewards_IntoAFolderThatIsNotThere_SaySo()
    {
        var path = _runs.PathOf("no/curve.csv");
        var das = await _runs.RunAsync("rewards", "1", "-o", path);

        Assert.Equal((ExitCode.BadUsage, ""), (das.Code, das.Output));
        Assert.Equal($"das: the output {path} lies in {_runs.PathOf("no")}, which is no folder\n", das.Error);
        Assert.Single(das.Error.TrimEnd().Split('\n'));
    }

    [Theory]
    [InlineData("'week'", "--by", "week")]
    [InlineData("'xml'", "--format", "xml")]
    [InlineData("--rounds must be such as 10..50, 10.., ..50 or 10, not '5..3'", "--rounds", "5..3")]
    [InlineData("not '..'", "--rounds", "..")]
    [InlineData("not '1..2..3'", "--rounds", "1..2..3")]
    [InlineData("not '99999999999..'", "--rounds", "99999999999..")]
    [InlineData("--skipping must be modules such as 3,5, not 'a'", "--skipping", "a")]
    [InlineData("run 1 has modules 0 to 2, but no module 3", "--keeping", "0,3")]
    [InlineData("'gate >> 2' is no condition", "--where", "gate >> 2")]
    [InlineData("the column gate holds numbers, but is compared with 'high'", "--where", "gate > high")]
    [InlineData("no column 'gates': did you mean gate?", "--sort", "-gates")]
    [InlineData("no column 'round'", "--columns", "module,round")]
    [InlineData("--head must be at least 1, not 0", "--head", "0")]
    [InlineData("--head and --tail exclude each other", "--head", "1", "--tail", "1")]
    [InlineData("--json and --format exclude each other", "--json", "--format", "csv")]
    public async Task Rewards_BadUsage_SaysWhatIsWrong(string expected, params string[] options)
    {
        var das = await _runs.RunAsync(["rewards", "1", .. options]);

        Assert.Equal((ExitCode.BadUsage, ""), (das.Code, das.Output));
        Assert.StartsWith("das: ", das.Error, StringComparison.Ordinal);
        Assert.Contains(expected, das.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rewards_OfNoRun_SayHowARunIsNamed()
    {
        var das = await Das.RunAsync(["rewards"]);

        Assert.Equal(ExitCode.BadUsage, das.Code);
        Assert.Equal(
            "das: RUN is missing. The run's number, or a name, which means the latest run of that name.\nTry 'das rewards --help'.\n", das.Error);
    }

    [Fact]
    public async Task Help_EndsWithExamples_AndEachOfThemWorks()
    {
        var help = await Das.RunAsync(["rewards", "--help"]);
        var examples = help.Output[help.Output.IndexOf("Examples:", StringComparison.Ordinal)..].Split('\n').Where(line => line.StartsWith("  das ", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(examples);
        foreach (var example in examples)
        {
            var line = example.Trim().Split("  ")[0].Replace("-o ", $"-o {_runs.PathOf("")}", StringComparison.Ordinal);
            var words = Regex.Matches(line, "\"([^\"]*)\"|(\\S+)").Select(match => match.Value.Trim('"')).Skip(1);
            var das = await _runs.RunAsync([.. words]);
            Assert.Equal((example, ExitCode.Done, ""), (example, das.Code, das.Error));
        }
    }

    private static string Text(JsonProperty property) => property.Value.ValueKind switch
    {
        JsonValueKind.String => property.Value.GetString()!,
        JsonValueKind.Null => "",
        _ => property.Value.GetRawText(),
    };
}
