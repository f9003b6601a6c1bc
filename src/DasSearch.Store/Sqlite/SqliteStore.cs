using Dapper;
using DasSearch.Core;
using Microsoft.Data.Sqlite;

namespace DasSearch.Store.Sqlite;

/// <summary>Runs in one SQLite file, in WAL mode, with the schema that Schema/*.sql documents; their files lie in folders beside it.</summary>
internal sealed class SqliteStore : IRunStore
{
    private readonly Database _database;
    private readonly TimeProvider _time;
    private readonly RunFolders _folders;

    private SqliteStore(string path, Database database, TimeProvider time)
    {
        _database = database;
        _time = time;
        _folders = new RunFolders(path);
        Read = new SqliteReader(_database, _folders);
    }

    /// <inheritdoc/>
    public IRunReader Read { get; }

    /// <inheritdoc/>
    public IRunArtifacts Artifacts => _folders;

    /// <summary>The connection, for tests that make it fail.</summary>
    internal SqliteConnection Connection => _database.Connection;

    /// <inheritdoc/>
    public IRunWriter Begin(RunDescription run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var id = 0L;
        _database.InTransaction(transaction =>
        {
            const string Sql = """
                INSERT INTO module (
                  run_id, module, name, kind, stream, parameters, multiply_accumulates,
                  replacement_parameters, replacement_multiply_accumulates, attached_parameters, attached_multiply_accumulates, trained_parameters)
                VALUES (
                  @Id, @Index, @Name, @Kind, @Stream, @Parameters, @MultiplyAccumulates,
                  @ReplacementParameters, @ReplacementMultiplyAccumulates, @AttachedParameters, @AttachedMultiplyAccumulates, @TrainedParameters)
                """;
            id = InsertRun(run, transaction);
            Connection.Execute(
                Sql,
                run.Costs.Modules.Select(costs => new
                {
                    Id = id,
                    costs.Module.Index,
                    costs.Module.Name,
                    Kind = EnumNames.NameOf(costs.Module.Kind),
                    costs.Module.Stream,
                    costs.Module.Parameters,
                    costs.Module.MultiplyAccumulates,
                    costs.ReplacementParameters,
                    costs.ReplacementMultiplyAccumulates,
                    costs.AttachedParameters,
                    costs.AttachedMultiplyAccumulates,
                    costs.TrainedParameters,
                }),
                transaction);
            AddEvent(Connection, transaction, id, RunEventKind.Begun, rounds: 0, problem: null, Times.Now(_time));
        });
        return new SqliteWriter(_database, _time, id, run.Costs.Modules.Count, nextRound: 0, new WorkClock(_time, 0));
    }

    /// <inheritdoc/>
    public IRunWriter Reopen(long run, int rounds)
    {
        var details = Read.Run(run);
        ArgumentOutOfRangeException.ThrowIfNegative(rounds);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rounds, details.Summary.Rounds);
        _database.InTransaction(transaction =>
        {
            // Whoever goes on with a run has its lock: the process that left it running is gone.
            if (details.Summary is { Status: RunStatus.Running or RunStatus.Stopped } left)
            {
                AddEvent(Connection, transaction, run, RunEventKind.Stopped, left.Rounds, problem: null, Times.Format(left.UpdatedAt));
            }

            RemoveRounds(Connection, transaction, run, rounds);
        });
        var writer = new SqliteWriter(_database, _time, run, details.Costs.Modules.Count, rounds, new WorkClock(_time, details.Summary.WorkedMilliseconds));
        writer.Finish(RunStatus.Running);
        return writer;
    }

    /// <inheritdoc/>
    public IRunWriter Append(long run)
    {
        var details = Read.Run(run);
        return new SqliteWriter(_database, _time, run, details.Costs.Modules.Count, details.Summary.Rounds, work: null);
    }

    /// <inheritdoc/>
    public void Annotate(long run, Annotation annotation)
    {
        ArgumentNullException.ThrowIfNull(annotation);
        _ = Read.Run(run);
        _database.InTransaction(transaction =>
        {
            if (annotation.Notes is { } notes)
            {
                Connection.Execute("UPDATE run SET notes = @notes WHERE id = @run", new { run, notes }, transaction);
            }

            if (annotation.Tags is { } tags)
            {
                Connection.Execute("DELETE FROM run_tag WHERE run_id = @run", new { run }, transaction);
                Connection.Execute("INSERT INTO run_tag (run_id, tag) VALUES (@run, @tag)", tags.Select(tag => new { run, tag }), transaction);
            }
        });
    }

    /// <inheritdoc/>
    public IRunLock Lock(long run, bool isNew = false) => _folders.Lock(run, isNew);

    /// <summary>Closes the file.</summary>
    public void Dispose() => _database.Dispose();

    /// <exception cref="StoreException">It cannot be opened, is none of ours, or has a newer schema.</exception>
    internal static SqliteStore Create(string path, TimeProvider time, TimeSpan patience, Action<string>? waiting = null)
    {
        ArgumentNullException.ThrowIfNull(time);
        return new SqliteStore(path, Database.Open(path, SqliteOpenMode.ReadWriteCreate, patience, Migrations.Known, waiting), time);
    }

    /// <exception cref="StoreException">There is none, it cannot be opened, is none of ours, or has a newer schema.</exception>
    internal static SqliteStore Open(string path, TimeProvider time, TimeSpan patience, Action<string>? waiting = null)
    {
        ArgumentNullException.ThrowIfNull(time);
        CheckThere(path);
        return new SqliteStore(path, Database.Open(path, SqliteOpenMode.ReadWrite, patience, Migrations.Known, waiting), time);
    }

    /// <exception cref="StoreException">Likewise.</exception>
    internal static SqliteStore OpenToRead(string path, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        CheckThere(path);
        return new SqliteStore(path, Database.OpenToRead(path, Migrations.Known), time);
    }

    private static void CheckThere(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists && !Directory.Exists(path))
        {
            throw new StoreException($"there is no database {Path.GetFullPath(path)}: run das search first, or name another file with --db");
        }

        // SQLite takes it for a database that has yet to be made. Not opened: SQLite's locks on a file end when anyone in the process closes it.
        if (file is { Exists: true, Length: 0 })
        {
            throw new StoreException($"{path} is empty, and so is not a database of das: run das search first, or name another file with --db");
        }
    }

    internal static void RemoveRounds(SqliteConnection connection, SqliteTransaction transaction, long run, int from) =>
        connection.Execute("DELETE FROM round WHERE run_id = @run AND round >= @from", new { run, from = (long)from }, transaction);

    internal static void AddEvent(SqliteConnection connection, SqliteTransaction transaction, long run, RunEventKind kind, int rounds, string? problem, string now) =>
        connection.Execute(
            "INSERT INTO run_event (run_id, what, rounds, problem, recorded_at) VALUES (@run, @what, @rounds, @problem, @now)",
            new { run, what = EnumNames.NameOf(kind), rounds, problem, now },
            transaction);

    private long InsertRun(RunDescription run, SqliteTransaction transaction)
    {
        const string Sql = """
            INSERT INTO run (
              name, task, backbone, controller, skip_count, seed, status, started_at, updated_at, config, config_sha256, config_path,
              checkpoint, checkpoint_sha256, tool_version, device, torch_version, torch_backend, threads, machine,
              outside_parameters, outside_trained, outside_multiply_accumulates, worked_milliseconds, planned_rounds)
            VALUES (
              @Name, @Task, @Backbone, @Controller, @Skip, @Seed, @Status, @Now, @Now, @Text, @Sha256, @Path,
              @Checkpoint, @CheckpointSha256, @ToolVersion, @Device, @TorchVersion, @TorchBackend, @Threads, @Machine,
              @OutsideParameters, @OutsideTrained, @OutsideMultiplyAccumulates, 0, @PlannedRounds)
            RETURNING id
            """;
        var (values, environment) = (run.Config.Values, run.Environment);
        return Connection.ExecuteScalar<long>(
            Sql,
            new
            {
                values.Name,
                values.Task,
                values.Backbone,
                Controller = values.Controller.Name,
                Skip = RunWriter.MostSkipped(run),
                values.Seed,
                Status = EnumNames.NameOf(RunStatus.Running),
                Now = Times.Now(_time),
                run.Config.Text,
                run.Config.Sha256,
                run.Config.Path,
                values.Checkpoint,
                run.CheckpointSha256,
                environment.ToolVersion,
                environment.Device,
                environment.TorchVersion,
                environment.TorchBackend,
                environment.Threads,
                environment.Machine,
                run.Costs.OutsideParameters,
                run.Costs.OutsideTrained,
                run.Costs.OutsideMultiplyAccumulates,
                run.PlannedRounds,
            },
            transaction);
    }
}
