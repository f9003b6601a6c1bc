using DasSearch.Formats;

namespace DasSearch.Cli.Tests;

/// <summary>Every command that reads, on a database that das of an earlier schema wrote.</summary>
public sealed class OldDatabaseTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("das-old-");

    public OldDatabaseTests() => File.Copy(Path.Combine(AppContext.BaseDirectory, "Databases", "schema-4.db"), PathOf("old.db"));

    public static TheoryData<string> Commands => new(
    [
        "runs", "runs --json", "show 1", "show interrupted --json", "compare 1 2 3", "compare 1 2 --json",
        "rewards 1 --by layer", "rewards 2 --by round --format csv", "rewards 3 --by subnetwork --format json", "rewards 4 --by evaluation --sort -reward",
        "plan 1", "plan 2 --skip 1", "plan 3 --budget macs=-20%", "plan 1 --budget latency=-1%", "plan 1 --trainable 800", "plan 4",
        "report 1 -o @one", "report 1 2 3 -o @several",
        "replay 1 --controller das,thompson --seeds 3 --rounds 5", "replay 1 --controller das --stop 0.05 --seeds 3 --rounds 5 --json",
    ]);

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Reading_SchemaFour_Works(string line)
    {
        var das = await RunAsync(line);
        Assert.True(das.Code == ExitCode.Done, $"{line}: {das.Error}");
        Assert.NotEmpty(das.Output);
    }

    [Theory]
    [InlineData("1", "1,3")]
    [InlineData("2", "1,3")]
    [InlineData("3", "1,3")]
    public async Task Plan_OfSchemaFour_ChoosesWhatItsSearchDid(string run, string expected)
    {
        var das = await RunAsync($"plan {run}");
        Assert.Equal(expected, PlanFile.Parse(das.Output, "plan").Subnetwork.ToString());
    }

    [Theory]
    [InlineData("csv", "rewards.csv")]
    [InlineData("optuna", "study.db")]
    [InlineData("notebook", "notebook.ipynb")]
    public async Task Export_OfSchemaFour_FindsTheRun(string target, string file)
    {
        Assert.Equal(ExitCode.Done, (await RunAsync("plan 1 -o @my.plan.json")).Code);
        var das = await RunAsync($"export @my.plan.json --to {target} -o @{file}");
        Assert.True(das.Code == ExitCode.Done, das.Error);
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    // What begins with an @ lies in the test's folder.
    private Task<Das> RunAsync(string line) =>
        Das.RunAsync([.. line.Split(' ').Select(word => word.StartsWith('@') ? PathOf(word[1..]) : word), "--db", PathOf("old.db")]);
}
