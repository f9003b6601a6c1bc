using System.Text;
using System.Text.RegularExpressions;
using DasSearch.Cli.Commands;
using DasSearch.Formats;
using Microsoft.Data.Sqlite;

namespace DasSearch.Cli.Tests;

/// <summary>Databases that others have locked, or that lie where nothing may be written.</summary>
public sealed class DatabaseAccessTests : IDisposable
{
    private readonly StoredRuns _runs = new();
    private int _outputs;

    public DatabaseAccessTests()
    {
        _runs.Add(rounds: 6, noise: 0.1);
        _runs.Add(rounds: 6, noise: 0.1);
    }

    /// <summary>Every command that only reads a database, whatever is made of it; PLAN is a plan of run 1.</summary>
    public static IReadOnlyList<string> Reading { get; } =
    [
        "runs", "runs --json", "show 1", "rewards 1 --by evaluation", "rewards 2 --format csv", "compare 1 2", "report 1 -o @report", "plan 1", "plan 2 --skip 1",
        "export PLAN --to csv -o @module.csv", "export PLAN --to optuna -o @study.db", "export PLAN --to notebook -o @note.ipynb",
    ];

    public void Dispose() => _runs.Dispose();

    [Fact]
    public async Task Case11_DatabaseInAFolderThatCannotBeWritten_IsReadByEveryCommandThatReads()
    {
        var plan = await PlanAsync();
        var expected = new List<string>();
        foreach (var line in Reading)
        {
            expected.Add((await RunAsync(line, plan)).Output);
        }

        LockTheFolder();
        var (before, bytes) = (Files(), File.ReadAllBytes(_runs.Database));
        foreach (var (line, output) in Reading.Zip(expected))
        {
            var das = await RunAsync(line, plan);
            Assert.True(das.Code == ExitCode.Done, $"{line}: {das.Error}");
            Assert.True(output == das.Output || line.Contains('@', StringComparison.Ordinal), $"{line}: {das.Output}"); // which names its files
        }

        Assert.Equal(before, Files());
        Assert.Equal(bytes, File.ReadAllBytes(_runs.Database));
    }

    [Fact]
    public async Task Case11_DatabaseOfAnOlderSchema_IsReadThereToo()
    {
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Databases", "schema-4.db"), _runs.Database, overwrite: true);
        var bytes = File.ReadAllBytes(_runs.Database);
        LockTheFolder();
        foreach (var line in new[] { "runs", "show 3", "rewards 2", "compare 1 2 3", "plan 1", "replay 1 --controller das --seeds 2 --rounds 2" })
        {
            var das = await _runs.RunAsync(line.Split(' '));
            Assert.True(das.Code == ExitCode.Done, $"{line}: {das.Error}");
        }

        Assert.Equal(bytes, File.ReadAllBytes(_runs.Database));
    }

    [Fact]
    public async Task Case28_DatabaseThatAnotherProgramHolds_IsSaidToBeWaitedFor_ByEveryCommandThatOpensOne()
    {
        // Of no run in the database, so that no network is built for it.
        var (plan, strange) = (await PlanAsync(), _runs.PathOf("strange.json"));
        File.WriteAllText(
            strange, File.ReadAllText(plan).Replace(PlanFile.Read(plan).Provenance.ConfigSha256!, new string('0', 64), StringComparison.Ordinal));
        string[] lines =
        [
            .. Reading, "resume 1", "truth 1", "replay 1", $"train {strange}", $"eval {strange}", $"profile {strange}",
        ];

        var errors = lines.Select(_ => new Heard()).ToList();
        List<Task<ExitCode>> waiting;
        using (var other = new SqliteConnection($"Data Source={_runs.Database};Pooling=False"))
        {
            other.Open();
            Execute(other, "PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE");
            waiting = [.. lines.Zip(errors, (line, error) => Task.Run(() => RunAsync(line, plan, error)))];
            for (var left = 100; left > 0 && !errors.TrueForAll(error => error.Text.Contains(Expected(), StringComparison.Ordinal)); left--)
            {
                await Task.Delay(TimeSpan.FromSeconds(0.2));
            }

            Assert.DoesNotContain(waiting, das => das.IsCompleted);
            Execute(other, "COMMIT");
        }

        var codes = await Task.WhenAll(waiting);
        foreach (var (line, code, error) in lines.Zip(codes, errors.Select(error => error.Text)))
        {
            Assert.True(Regex.Count(error, Regex.Escape(Expected())) == 1, $"{line}: {error}");
            Assert.True(code == ExitCode.Done || !Reading.Contains(line), $"{line}: {error}");
        }

        string Expected() => $"das: waiting for another program that holds {_runs.Database}…\n";
    }

    // What SQLite needs beside a database in WAL mode cannot be made, which holds back an administrator, too.
    private void LockTheFolder() => Directory.CreateDirectory(_runs.Database + "-shm");

    // A log without anything in it SQLite begins before it finds out that it cannot go on.
    private IReadOnlyList<string> Files() =>
    [
        .. Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(_runs.Database)!, "runs.db*")
            .Where(path => !path.EndsWith("-wal", StringComparison.Ordinal) || new FileInfo(path).Length > 0)
            .Order(StringComparer.Ordinal),
    ];

    private async Task<string> PlanAsync()
    {
        var plan = _runs.PathOf("my.plan.json");
        Assert.Equal(ExitCode.Done, (await _runs.RunAsync("plan", "1", "-o", plan)).Code);
        return plan;
    }

    private Task<Das> RunAsync(string line, string plan) => _runs.RunAsync(Words(line, plan));

    private async Task<ExitCode> RunAsync(string line, string plan, Heard error)
    {
        using var output = new StringWriter();
        using var terminal = new Terminal(output, error, isRedirected: true);
        return await new CommandLine(terminal, _ => null, CommandTable.All).RunAsync([.. Words(line, plan), "--db", _runs.Database], CancellationToken.None);
    }

    // What begins with an @ lies in the test's folder, under another name each time.
    private string[] Words(string line, string plan) =>
        [.. line.Split(' ').Select(word => word == "PLAN" ? plan : word.StartsWith('@') ? _runs.PathOf($"{Interlocked.Increment(ref _outputs)}-{word[1..]}") : word)];

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>What one thread writes and another looks at.</summary>
    private sealed class Heard : TextWriter
    {
        private readonly StringBuilder _text = new();

        public override Encoding Encoding => Encoding.UTF8;

        internal string Text
        {
            get
            {
                lock (_text)
                {
                    return _text.ToString();
                }
            }
        }

        public override void Write(char value)
        {
            lock (_text)
            {
                _text.Append(value);
            }
        }
    }
}
