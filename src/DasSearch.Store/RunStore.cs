using Dapper;
using DasSearch.Core;
using DasSearch.Core.Spaces;
using DasSearch.Store.Connections;
using Microsoft.Data.Sqlite;

namespace DasSearch.Store;

/// <summary>The database of runs: one SQLite file, in WAL mode, with the schema that Schema/*.sql documents.</summary>
/// <remarks>
/// Several programs may have one file open: readers never wait, and writers wait for each other as long as the patience
/// lasts. Not thread-safe: each thread opens its own.
/// </remarks>
public sealed class RunStore : IDisposable
{
    /// <summary>How long a writer waits for another one unless told otherwise.</summary>
    public static readonly TimeSpan DefaultPatience = TimeSpan.FromSeconds(30);

    private readonly Database _database;
    private readonly TimeProvider _time;

    private RunStore(Database database, TimeProvider time)
    {
        _database = database;
        _time = time;
        Read = new RunReader(database);
    }

    /// <summary>What is in the database.</summary>
    public RunReader Read { get; }

    /// <summary>The connection, for tests that make it fail.</summary>
    internal SqliteConnection Connection => _database.Connection;

    /// <summary>Opens a database to write, and creates it where there is none.</summary>
    /// <param name="path">The file.</param>
    /// <param name="time">The clock that recorded times come from.</param>
    /// <param name="patience">How long to wait for another writer; <see cref="DefaultPatience"/> by default.</param>
    /// <exception cref="StoreException">It cannot be opened, is none of ours, or has a newer schema.</exception>
    public static RunStore Create(string path, TimeProvider time, TimeSpan? patience = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(time);
        return new RunStore(Database.Open(path, SqliteOpenMode.ReadWriteCreate, patience ?? DefaultPatience, Migrations.Known), time);
    }

    /// <summary>Opens a database that is there, to read or to go on with; a file that may not be written can be read.</summary>
    /// <param name="path">The file.</param>
    /// <param name="time">The clock that recorded times come from.</param>
    /// <param name="patience">How long to wait for another writer; <see cref="DefaultPatience"/> by default.</param>
    /// <exception cref="StoreException">There is none, it cannot be opened, is none of ours, or has a newer schema.</exception>
    public static RunStore Open(string path, TimeProvider time, TimeSpan? patience = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(time);
        if (!File.Exists(path))
        {
            throw new StoreException($"there is no database {Path.GetFullPath(path)}: run das search first, or name another file with --db");
        }

        return new RunStore(Database.Open(path, SqliteOpenMode.ReadWrite, patience ?? DefaultPatience, Migrations.Known), time);
    }

    /// <summary>Starts a run.</summary>
    /// <returns>Where it is recorded; its <see cref="RunRecorder.Run"/> is the new run's number.</returns>
    /// <exception cref="StoreException">It cannot be stored.</exception>
    public RunRecorder Begin(RunDescription run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var id = 0L;
        _database.InTransaction(transaction =>
        {
            id = InsertRun(run, transaction);
            const string Sql = """
                INSERT INTO module (
                  run_id, module, name, kind, stream, parameters, multiply_accumulates,
                  replacement_parameters, replacement_multiply_accumulates, attached_parameters, attached_multiply_accumulates)
                VALUES (
                  @Id, @Index, @Name, @Kind, @Stream, @Parameters, @MultiplyAccumulates,
                  @ReplacementParameters, @ReplacementMultiplyAccumulates, @AttachedParameters, @AttachedMultiplyAccumulates)
                """;
            foreach (var costs in run.Costs.Modules)
            {
                var module = costs.Module;
                var row = new
                {
                    Id = id,
                    module.Index,
                    module.Name,
                    Kind = EnumNames.NameOf(module.Kind),
                    module.Stream,
                    module.Parameters,
                    module.MultiplyAccumulates,
                    costs.ReplacementParameters,
                    costs.ReplacementMultiplyAccumulates,
                    costs.AttachedParameters,
                    costs.AttachedMultiplyAccumulates,
                };
                Connection.Execute(Sql, row, transaction);
            }
        });
        return new RunRecorder(_database, _time, id, run.Costs.Modules.Count, nextRound: 0);
    }

    /// <summary>Goes on with a run: rounds after those that are kept are forgotten, and its status is running again.</summary>
    /// <param name="run">The run's number.</param>
    /// <param name="rounds">How many of its rounds are kept, from 0 to as many as there are.</param>
    /// <exception cref="StoreException">There is no such run, or it cannot be stored.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The run has fewer rounds.</exception>
    public RunRecorder Continue(long run, int rounds)
    {
        var details = Read.Run(run);
        ArgumentOutOfRangeException.ThrowIfNegative(rounds);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rounds, details.Summary.Rounds);
        _database.InTransaction(transaction => RemoveRounds(Connection, transaction, run, rounds));
        var recorder = new RunRecorder(_database, _time, run, details.Costs.Modules.Count, rounds);
        recorder.Finish(RunStatus.Running);
        return recorder;
    }

    /// <summary>Adds to a run what came of it afterwards, such as a trained plan; its status stays as it is.</summary>
    /// <param name="run">The run's number.</param>
    /// <exception cref="StoreException">There is no such run.</exception>
    public RunRecorder Append(long run)
    {
        var details = Read.Run(run);
        return new RunRecorder(_database, _time, run, details.Costs.Modules.Count, details.Summary.Rounds);
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _database.Dispose();

    internal static void RemoveRounds(SqliteConnection connection, SqliteTransaction transaction, long run, int from) =>
        connection.Execute("DELETE FROM round WHERE run_id = @run AND round >= @from", new { run, from = (long)from }, transaction);

    private long InsertRun(RunDescription run, SqliteTransaction transaction)
    {
        const string Sql = """
            INSERT INTO run (
              name, task, backbone, controller, skip_count, seed, status, started_at, updated_at, config, config_sha256, config_path,
              checkpoint, checkpoint_sha256, tool_version, device, torch_version, torch_backend, threads, machine,
              outside_parameters, outside_trained, outside_multiply_accumulates)
            VALUES (
              @Name, @Task, @Backbone, @Controller, @Skip, @Seed, @Status, @Now, @Now, @Text, @Sha256, @Path,
              @Checkpoint, @CheckpointSha256, @ToolVersion, @Device, @TorchVersion, @TorchBackend, @Threads, @Machine,
              @OutsideParameters, @OutsideTrained, @OutsideMultiplyAccumulates)
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
                Skip = values.Budget.Macs is null ? values.Skip : SearchSpace.Of(values, run.Costs).MostSkipped,
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
            },
            transaction);
    }
}
