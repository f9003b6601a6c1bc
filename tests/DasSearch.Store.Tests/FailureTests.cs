using System.Text.RegularExpressions;
using Dapper;
using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Store.Sqlite;
using Microsoft.Data.Sqlite;

namespace DasSearch.Store.Tests;

/// <summary>Whatever goes wrong is one sentence, and loses nothing.</summary>
public sealed class FailureTests : IDisposable
{
    private static readonly TimeSpan Impatience = TimeSpan.FromMilliseconds(50);

    private readonly TemporaryFolder _folder = new();
    private readonly Clock _clock = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Record_FailureWithinARound_LeavesWholeRoundsOnly()
    {
        using (var store = SqliteStore.Create(_folder.Database, _clock, RunStore.DefaultPatience))
        using (var recorder = store.Begin(Sample.Run()))
        {
            recorder.Record(Sample.Round(0, Sample.Scored("0,1", 0.5)));

            // The last gate fails, when all the rest of the round is written.
            store.Connection.Execute("CREATE TEMP TRIGGER crash BEFORE INSERT ON main.gate WHEN new.module = 2 BEGIN SELECT raise(ABORT, 'crash'); END");
            Assert.Contains("crash", Assert.Throws<StoreException>(() => recorder.Record(Sample.Round(1, Sample.Scored("1", 0.5)))).Message, StringComparison.Ordinal);
            Assert.Single(store.Read.Rounds(1));

            // The same round can be handed over again.
            store.Connection.Execute("DROP TRIGGER crash");
            recorder.Record(Sample.Round(1, Sample.Scored("2", 0.5)));
        }

        using var again = SqliteStore.Open(_folder.Database, _clock, RunStore.DefaultPatience);
        Assert.Equal(["0,1", "2"], again.Read.Evaluations(1).Select(stored => stored.Evaluation.Subnetwork.ToString()));
        Assert.Equal(0, again.Connection.ExecuteScalar<long>("SELECT count(*) FROM evaluation_skip WHERE evaluation_id NOT IN (SELECT id FROM evaluation)"));
        Assert.Empty(again.Connection.Query("PRAGMA foreign_key_check"));
    }

    [Theory]
    [InlineData("UPDATE run SET status = 'odd'")]
    [InlineData("UPDATE run SET started_at = 'yesterday'")]
    [InlineData("UPDATE run SET seed = 'text'")]
    [InlineData("UPDATE evaluation SET subnetwork = '0,99'")]
    [InlineData("UPDATE evaluation SET loss = NULL")]
    [InlineData("UPDATE gate SET gate = 9e999")]
    [InlineData("UPDATE metric SET name = ''")]
    [InlineData("UPDATE adapter SET placement = 'nowhere'")]
    [InlineData("UPDATE adapter_unit SET saliency = -1")]
    [InlineData("UPDATE truth SET subnetwork = '0,0'")]
    [InlineData("UPDATE truth SET losses = x''")]
    public void Read_ARowThatSomebodyDamaged_IsOneSentence(string damage)
    {
        using (var store = SqliteStore.Create(_folder.Database, _clock, RunStore.DefaultPatience))
        using (var recorder = store.Begin(Sample.Run()))
        {
            recorder.Record(Sample.Round(0, Sample.Scored("0,1", 0.5)));
            recorder.Record([new Metric("train/loss", 0, 1)]);
            recorder.Record([new AdapterEvidence(0, Placement.Replace, "module", 30, 21, 1000, [1])]);
            recorder.Record("validation", [new ExhaustiveScore(Subnetwork.Parse("0,1", 3), 1, [1, 2])]);
            store.Connection.Execute($"PRAGMA ignore_check_constraints = on; PRAGMA foreign_keys = off; {damage}");
        }

        using var again = SqliteStore.Open(_folder.Database, _clock, RunStore.DefaultPatience);
        var said = Assert.Throws<StoreException>(() =>
        {
            _ = again.Read.Run(1);
            _ = again.Read.Rounds(1).Count() + again.Read.Metrics(1).Count() + again.Read.Adapters(1).Count + again.Read.ExhaustiveScores(1, "validation").Count;
        }).Message;
        Assert.Matches($"^the database {Regex.Escape(_folder.Database)} holds what das has not written: .+; restore a copy$", said);
        Assert.DoesNotContain('\n', said);
    }

    [Fact]
    public void Open_RunCutOffInItsFirstRound_HasTheRunAndNoRound()
    {
        // As a program leaves it that is killed while it writes the round: the last page of the log is missing.
        var cut = _folder.PathOf("cut.db");
        using (var store = SqliteStore.Create(_folder.Database, _clock, RunStore.DefaultPatience))
        using (var recorder = store.Begin(Sample.Run()))
        {
            recorder.Record(Sample.Round(0, Sample.Scored("0,1", 0.5), Sample.Scored("1", 0.25)));
            File.Copy(_folder.Database, cut);
            using var log = new FileStream(_folder.Database + "-wal", FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var rest = File.Create(cut + "-wal");
            log.CopyTo(rest);
            rest.SetLength(rest.Length - 1);
        }

        using var again = SqliteStore.Open(cut, _clock, RunStore.DefaultPatience);
        Assert.Equal((RunStatus.Stopped, 0, 0L), (again.Read.Run(1).Summary.Status, again.Read.Run(1).Summary.Rounds, again.Read.Run(1).Summary.Evaluations));
        Assert.Empty(again.Read.Evaluations(1));
        Assert.All(again.Read.LayerRewards(1), layer => Assert.Null(layer.Gate));
        using var goesOn = again.Reopen(1, 0);
        goesOn.Record(Sample.Round(0, Sample.Scored("0,1", 0.5)));
        Assert.Single(again.Read.Rounds(1));
    }

    [Fact]
    public void Record_DiskFull_SaysSoAndKeepsWhatWasThere()
    {
        using (var store = SqliteStore.Create(_folder.Database, _clock, RunStore.DefaultPatience))
        using (var recorder = store.Begin(Sample.Run()))
        {
            recorder.Record(Sample.Round(0, Sample.Scored("0,1", 0.5)));
            var pages = store.Connection.ExecuteScalar<long>("PRAGMA page_count");
            store.Connection.Execute($"PRAGMA max_page_count = {pages + 2}");
            var number = 1;
            var failure = Assert.Throws<StoreException>(() =>
            {
                for (; number < 1000; number++)
                {
                    recorder.Record(Sample.Round(number, [.. Enumerable.Repeat(Sample.Scored("0,1", 0.5), 20)]));
                }
            });
            Assert.Equal(
                $"the disk that holds the database {_folder.Database} is full: free some space, then resume the run; all that was stored before is kept",
                failure.Message);

            store.Connection.Execute("PRAGMA max_page_count = 1000000");
            recorder.Record(Sample.Round(number, Sample.Scored("2", 0.5)));
            Assert.Equal(number + 1, store.Read.Rounds(1).Count());
        }

        using var again = SqliteStore.Open(_folder.Database, _clock, RunStore.DefaultPatience);
        Assert.Equal("ok", again.Connection.ExecuteScalar<string>("PRAGMA integrity_check"));
    }

    [Fact]
    public void Record_ReadOnlyDatabase_SaysSoAndKeepsWhatWasThere()
    {
        using var store = SqliteStore.Create(_folder.Database, _clock, RunStore.DefaultPatience);
        using var recorder = store.Begin(Sample.Run());
        recorder.Record(Sample.Round(0, Sample.Scored("0,1", 0.5)));

        // As if the file had been made read-only, which does not hold back an administrator.
        store.Connection.Execute("PRAGMA query_only = ON");
        var failure = Assert.Throws<StoreException>(() => recorder.Record(Sample.Round(1, Sample.Scored("0,1", 0.5))));
        Assert.Equal(
            $"the database {_folder.Database} cannot be written: make the file and its folder writable, or name another file with --db",
            failure.Message);
        Assert.Single(store.Read.Rounds(1));
    }

    [Fact]
    public void Case11_OpenAsItIs_ReadsAndNeverWrites_UnlessAPartIsInTheLog()
    {
        SqliteStore.Create(_folder.Database, _clock, RunStore.DefaultPatience).Dispose();
        var names = Directory.GetFiles(Path.GetDirectoryName(_folder.Database)!).Order().ToList();
        using (var sound = Database.OpenAsItIs(_folder.Database, Migrations.Known))
        {
            Assert.Equal(0, sound.Connection.ExecuteScalar<long>("SELECT count(*) FROM run"));
            Refuses(sound);
        }

        // One that would have to be brought forward is so in memory, where nothing that is written would last.
        var later = new Migrations([.. Enumerable.Repeat("", Migrations.Known.Last), "CREATE TABLE more (id INTEGER)"]);
        using (var older = Database.OpenAsItIs(_folder.Database, later))
        {
            Assert.Equal(0, older.Connection.ExecuteScalar<long>("SELECT count(*) FROM more"));
            Refuses(older);
        }

        Assert.Equal(names, Directory.GetFiles(Path.GetDirectoryName(_folder.Database)!).Order());
        File.WriteAllText(_folder.Database + "-wal", "a log");
        Assert.Equal(
            $"the database {_folder.Database} cannot be read where it is, since {Path.GetFileName(_folder.Database)}-wal holds a part of it that is not in the file yet: "
                + "copy both to a folder that you may write, and name the copy with --db",
            Assert.Throws<StoreException>(() => Database.OpenAsItIs(_folder.Database, Migrations.Known)).Message);

        void Refuses(Database database) => Assert.Equal(
            $"the database {_folder.Database} cannot be written: make the file and its folder writable, or name another file with --db",
            Assert.Throws<StoreException>(() => database.InTransaction(transaction => database.Connection.Execute("CREATE TABLE t (i)", transaction: transaction))).Message);
    }

    [Fact]
    public void OpenToRead_SeesWhatIsStoredMeanwhile_AndWritesNothing()
    {
        using var store = SqliteStore.Create(_folder.Database, _clock, Impatience);
        using var recorder = store.Begin(Sample.Run());
        using var reading = RunStore.OpenToRead(_folder.Database, _clock);
        Assert.Empty(reading.Read.Rounds(1));
        recorder.Record(Sample.Round(0, Sample.Scored("0,1", 0.5)));
        Assert.Single(reading.Read.Rounds(1));
        Assert.Contains("cannot be written", Assert.Throws<StoreException>(() => reading.Begin(Sample.Run())).Message, StringComparison.Ordinal);
        Assert.Single(store.Read.Runs());
    }

    [Fact]
    public void Create_FolderThatCannotBeWritten_SaysSo()
    {
        // A folder of the kernel's own, in which not even an administrator can make a file.
        var failure = Assert.Throws<StoreException>(() => SqliteStore.Create("/proc/das.db", _clock, RunStore.DefaultPatience));
        Assert.Equal(
            "the database /proc/das.db cannot be opened: make the file and its folder readable and writable, or name another file with --db",
            failure.Message);
    }

    [Fact]
    public void Create_MissingFolder_SaysSo()
    {
        var path = _folder.PathOf(Path.Combine("no", "das.db"));
        var failure = Assert.Throws<StoreException>(() => SqliteStore.Create(path, _clock, RunStore.DefaultPatience));
        Assert.Equal(
            $"the database {path} cannot be opened: there is no folder {_folder.PathOf("no")}; create it, or name another file with --db", failure.Message);
    }

    [Fact]
    public void Open_NoSuchFile_SaysSoAndMakesNone()
    {
        var failure = Assert.Throws<StoreException>(() => SqliteStore.Open(_folder.Database, _clock, RunStore.DefaultPatience));
        Assert.Equal($"there is no database {_folder.Database}: run das search first, or name another file with --db", failure.Message);
        Assert.False(File.Exists(_folder.Database));
    }

    [Fact]
    public void Open_NoDatabase_SaysSo()
    {
        File.WriteAllText(_folder.Database, string.Concat(Enumerable.Repeat("this is a shopping list\n", 100)));
        var before = File.ReadAllBytes(_folder.Database);
        var failure = Assert.Throws<StoreException>(() => SqliteStore.Create(_folder.Database, _clock, RunStore.DefaultPatience));
        Assert.Equal($"{_folder.Database} is no database of das: it is not an SQLite file; name another file with --db", failure.Message);
        Assert.Equal(before, File.ReadAllBytes(_folder.Database));
    }

    [Fact]
    public void Open_DatabaseOfAnotherProgram_SaysSoAndLeavesIt()
    {
        using (var other = Raw())
        {
            other.Execute("CREATE TABLE bookmark (url TEXT)");
        }

        var failure = Assert.Throws<StoreException>(() => SqliteStore.Create(_folder.Database, _clock, RunStore.DefaultPatience));
        Assert.Equal($"{_folder.Database} is no database of das: another program made it; name another file with --db", failure.Message);
        using var again = Raw();
        Assert.Equal(1, again.ExecuteScalar<long>("SELECT count(*) FROM sqlite_schema"));
    }

    [Fact]
    public void Open_NewerSchema_SaysSo()
    {
        SqliteStore.Create(_folder.Database, _clock, RunStore.DefaultPatience).Dispose();
        using (var newer = Raw())
        {
            newer.Execute("PRAGMA user_version = 99");
        }

        var failure = Assert.Throws<StoreException>(() => SqliteStore.Open(_folder.Database, _clock, RunStore.DefaultPatience));
        Assert.Equal(
            $"the database {_folder.Database} has schema 99, but this das knows them up to 10: use a newer das, or name another file with --db",
            failure.Message);
    }

    [Fact]
    public void Record_LockedDatabase_WaitsThenSaysSo()
    {
        using var store = SqliteStore.Create(_folder.Database, _clock, Impatience);
        using var recorder = store.Begin(Sample.Run());
        using var other = Raw();
        using (other.BeginTransaction(deferred: false))
        {
            var failure = Assert.Throws<StoreException>(() => recorder.Record(Sample.Round(0, Sample.Scored("0", 0.5))));
            Assert.Equal($"the database {_folder.Database} is still locked by another program: end that one, or try again later", failure.Message);
            Assert.Empty(store.Read.Rounds(1)); // readers do not wait
        }

        recorder.Record(Sample.Round(0, Sample.Scored("0", 0.5)));
        Assert.Single(store.Read.Rounds(1));
    }

    [Fact]
    public async Task Record_LockThatLasts_IsToldOnceEachTime()
    {
        var told = new List<string>();
        using var store = SqliteStore.Create(_folder.Database, _clock, RunStore.DefaultPatience, told.Add);
        using var recorder = store.Begin(Sample.Run());
        for (var time = 1; time <= 2; time++)
        {
            using var other = Raw();
            using var writing = other.BeginTransaction(deferred: false);
            var waiting = Task.Run(() => recorder.Record([new Metric("train.loss", time, 1)]));
            await Task.Delay(TimeSpan.FromSeconds(2));
            await writing.RollbackAsync();
            await waiting;
            Assert.Equal(Enumerable.Repeat($"waiting for another program that holds {_folder.Database}…", time), told);
        }

        Assert.Equal(2, store.Read.Metrics(1).Count());
    }

    [Fact]
    public void Open_ForeignKeysAndWal_AreOn()
    {
        using var store = SqliteStore.Create(_folder.Database, _clock, RunStore.DefaultPatience);
        Assert.Equal("wal", store.Connection.ExecuteScalar<string>("PRAGMA journal_mode"));
        Assert.Equal(1, store.Connection.ExecuteScalar<long>("PRAGMA foreign_keys"));
        Assert.Equal(10, store.Connection.ExecuteScalar<long>("PRAGMA user_version"));
    }

    [Fact]
    public void Open_SchemaOne_IsBroughtForward_AndKeepsItsRuns()
    {
        var assembly = typeof(Migrations).Assembly;
        var name = assembly.GetManifestResourceNames().Single(name => name.EndsWith("001.sql", StringComparison.Ordinal));
        using (var reader = new StreamReader(assembly.GetManifestResourceStream(name)!))
        using (var old = Database.Open(_folder.Database, SqliteOpenMode.ReadWriteCreate, Impatience, new Migrations([reader.ReadToEnd()])))
        {
            Assert.Equal(1, old.Connection.ExecuteScalar<long>("PRAGMA user_version"));
            old.Connection.Execute("""
                INSERT INTO run (name, task, backbone, controller, skip_count, seed, status, started_at, updated_at, config, config_sha256,
                  tool_version, device, torch_version, torch_backend, threads, machine, outside_parameters, outside_trained, outside_multiply_accumulates)
                VALUES ('kept', 't', 'vilt', 'das', 1, 0, 'done', '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z', 'c', 's', 'v', 'cpu', '1', 'system', 1, 'm', 1, 1, 1);
                INSERT INTO module VALUES (1, 0, 'blocks.0', 'whole', 'fused', 1, 1, 1, 1, 1, 1);
                """);
        }

        using var store = SqliteStore.Open(_folder.Database, _clock, RunStore.DefaultPatience);
        var run = store.Read.Find("kept");
        Assert.Null(run.Latency);
        Assert.Single(run.Costs.Modules);
    }

    [Fact]
    public void Open_OlderSchema_IsBroughtForwardStepByStep()
    {
        var first = new Migrations(["CREATE TABLE run (id INTEGER PRIMARY KEY, name TEXT)"]);
        using (var old = Database.Open(_folder.Database, SqliteOpenMode.ReadWriteCreate, Impatience, first))
        {
            old.Connection.Execute("INSERT INTO run (name) VALUES ('kept')");
        }

        var later = new Migrations(
        [
            "this step was done long ago",
            "ALTER TABLE run ADD COLUMN seed INTEGER NOT NULL DEFAULT 0",
            "UPDATE run SET seed = 7; CREATE VIEW v AS SELECT name, seed FROM run",
        ]);
        using (var migrated = Database.Open(_folder.Database, SqliteOpenMode.ReadWrite, Impatience, later))
        {
            Assert.Equal(("kept", 7L), migrated.Connection.QuerySingle<(string, long)>("SELECT name, seed FROM v"));
            Assert.Equal(3, migrated.Connection.ExecuteScalar<long>("PRAGMA user_version"));
        }

        // A step that fails leaves the database as it was.
        var broken = new Migrations(["", "", "", "CREATE TABLE half (id INTEGER); this is no SQL"]);
        Assert.Throws<StoreException>(() => Database.Open(_folder.Database, SqliteOpenMode.ReadWrite, Impatience, broken));
        using var raw = Raw();
        Assert.Equal((3L, 0L), (raw.ExecuteScalar<long>("PRAGMA user_version"), raw.ExecuteScalar<long>("SELECT count(*) FROM sqlite_schema WHERE name = 'half'")));
    }

    private SqliteConnection Raw()
    {
        var connection = new SqliteConnection($"Data Source={_folder.Database};Pooling=False");
        connection.Open();
        return connection;
    }
}
