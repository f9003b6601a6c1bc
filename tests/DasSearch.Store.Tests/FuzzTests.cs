using Dapper;
using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Fuzzing;
using DasSearch.Store.Rewards;
using DasSearch.Store.Sqlite;
using Microsoft.Data.Sqlite;

namespace DasSearch.Store.Tests;

/// <summary>Databases that were sound once, whatever happened to them: they are read, or refused in one sentence.</summary>
public sealed class FuzzTests : IDisposable
{
    private static readonly string[] _values =
    [
        "NULL", "''", "'text'", "'0,0'", "'9999999999'", "'0,1,2'", "-1", "0", "9223372036854775807", "-9223372036854775808", "1e308", "-9e999", "0.5", "x''", "x'00ff'",
        "'[]'", "'{}'", "'{\"a\":null}'", "'null'", "'2026-01-01T00:00:00.000Z'", "zeroblob(3)",
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Database_OfAnyBytes_IsReadOrRefusedInASentence()
    {
        Write();
        var sound = File.ReadAllBytes(_folder.Database);
        var outcome = Fuzz.Check("database", 150, [sound], file =>
        {
            Clear();
            File.WriteAllBytes(_folder.Database, file);
            ReadAll();
        });
        Assert.True(outcome.Refused > 0);
    }

    [Fact]
    public void Database_WithAnyValueAnywhere_IsReadOrRefusedInASentence()
    {
        Write();
        var sound = File.ReadAllBytes(_folder.Database);
        var changes = Columns().SelectMany(static column => _values.Select(value => $"UPDATE {column.Table} SET {column.Name} = {value}")).ToList();
        var random = SeededRandom.Derive(0, "values");
        for (var number = 0; number < Math.Min(Fuzz.Count(150), changes.Count); number++)
        {
            // Drawn without another try, so that large counts see each of them.
            var at = random.Next(number, changes.Count);
            (changes[number], changes[at]) = (changes[at], changes[number]);
            Clear();
            File.WriteAllBytes(_folder.Database, sound);
            using (var connection = new SqliteConnection($"Data Source={_folder.Database};Pooling=False"))
            {
                connection.Open();
                try
                {
                    connection.Execute($"PRAGMA ignore_check_constraints = on; PRAGMA foreign_keys = off; {changes[number]}");
                }
                catch (SqliteException)
                {
                    continue; // A column of that type takes no such value.
                }
            }

            if (Record.Exception(ReadAll) is { } thrown)
            {
                Assert.True(thrown is DasSearchException, $"{changes[number]}: {thrown}");
            }
        }
    }

    private static void Drain<T>(IEnumerable<T> rows) => _ = rows.Count();

    private void Write()
    {
        using var store = SqliteStore.Create(_folder.Database, new Clock(), RunStore.DefaultPatience);
        using (var recorder = store.Begin(Sample.Run()))
        {
            for (var round = 0; round < 3; round++)
            {
                recorder.Record(Sample.Round(round, Sample.Scored("0,1", 0.5), Sample.Unscored("1,2", EvaluationOutcome.Diverged, "NaN")));
            }

            recorder.Record([new Metric("train/loss", 0, 1), new Metric("train/loss", 1, null)]);
            recorder.Record(Sample.Plan());
            recorder.Record([new AdapterEvidence(0, Placement.Replace, "module", 30, 21, 1000, [1, 2])]);
            recorder.Record(new NetworkLatency(64, 60, 10, [5, 5, 5]));
            recorder.Record("validation", [new ExhaustiveScore(Subnetwork.Parse("0,1", 3), 1, [1, 2])]);
            recorder.Finish(RunStatus.Done);
        }

        store.Connection.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
    }

    private void Clear()
    {
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(_folder.Database)!))
        {
            File.Delete(file);
        }
    }

    private List<(string Table, string Name)> Columns()
    {
        using var connection = new SqliteConnection($"Data Source={_folder.Database};Pooling=False");
        return [.. connection.Query<(string, string)>(
            "SELECT m.name, c.name FROM sqlite_schema AS m, pragma_table_info(m.name) AS c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'")];
    }

    private void ReadAll()
    {
        using var store = RunStore.Open(_folder.Database, TimeProvider.System, TimeSpan.FromMilliseconds(10));
        var read = store.Read;
        foreach (var run in read.Runs().Select(static run => run.Run).ToList())
        {
            _ = read.Run(run);
            _ = read.Find("vqa-das4");
            Drain(read.Rounds(run));
            Drain(read.RoundSummaries(run));
            Drain(read.Evaluations(run));
            Drain(read.Gates(run));
            Drain(read.LastGates(run));
            Drain(read.LayerRewards(run));
            Drain(read.Subnetworks(run));
            Drain(read.Metrics(run));
            Drain(read.LastMetrics(run));
            Drain(read.Plans(run));
            Drain(read.ExhaustiveScores(run, "validation"));
            Drain(read.Adapters(run));
            foreach (var by in Enum.GetValues<RewardGrouping>())
            {
                Drain(read.Rewards(run, new RewardQuery(by)).Rows);
            }
        }
    }
}
