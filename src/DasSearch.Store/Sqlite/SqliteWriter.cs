using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dapper;
using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Formats;
using Microsoft.Data.Sqlite;

namespace DasSearch.Store.Sqlite;

/// <summary>Writes one run into an SQLite file, each call in one transaction.</summary>
internal sealed class SqliteWriter : RunWriter
{
    private readonly Database _database;
    private readonly TimeProvider _time;
    private readonly Insert _round;
    private readonly Insert _evaluation;
    private readonly Insert _skip;
    private readonly Insert _gate;
    private readonly Insert _metric;
    private readonly Insert _touch;

    internal SqliteWriter(Database database, TimeProvider time, long run, int modules, int nextRound, WorkClock? work)
        : base(run, modules, nextRound, work)
    {
        _database = database;
        _time = time;
        var connection = database.Connection;
        _round = new Insert(
            connection,
            """
            INSERT INTO round (run_id, round, step, epoch, milliseconds, controller, memory, recommended, recorded_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
            """);
        _evaluation = new Insert(
            connection,
            """
            INSERT INTO evaluation (run_id, round, candidate, outcome, subnetwork, loss, reward, milliseconds, mode, batch, problem)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
            """);
        _skip = new Insert(connection, "INSERT INTO evaluation_skip (evaluation_id, module) VALUES (?1, ?2)");
        _gate = new Insert(connection, "INSERT INTO gate (run_id, round, module, gate, probability) VALUES (?1, ?2, ?3, ?4, ?5)");
        _metric = new Insert(connection, "INSERT OR REPLACE INTO metric (run_id, name, step, value, recorded_at) VALUES (?1, ?2, ?3, ?4, ?5)");
        _touch = new Insert(connection, "UPDATE run SET updated_at = ?2, worked_milliseconds = coalesce(?3, worked_milliseconds) WHERE id = ?1");
    }

    /// <inheritdoc/>
    public override void Saved(int rounds)
    {
        const string Again = "UPDATE run_event SET rounds = @rounds, recorded_at = @now WHERE id = (SELECT max(id) FROM run_event WHERE run_id = @Run) AND what = 'saved'";
        var now = Times.Now(_time);
        _database.InTransaction(transaction =>
        {
            ForgetMemoryBefore(rounds - 1, transaction);
            if (_database.Connection.Execute(Again, new { Run, rounds, now }, transaction) == 0)
            {
                SqliteStore.AddEvent(_database.Connection, transaction, Run, RunEventKind.Saved, rounds, null, now);
            }
        });
    }

    /// <summary>Lets go of what was prepared; the store stays open.</summary>
    public override void Dispose()
    {
        foreach (var insert in new[] { _round, _evaluation, _skip, _gate, _metric, _touch })
        {
            insert.Dispose();
        }
    }

    /// <inheritdoc/>
    protected override void Keep(Round round, bool isAgain)
    {
        var now = Times.Now(_time);
        _database.InTransaction(transaction =>
        {
            if (isAgain)
            {
                SqliteStore.RemoveRounds(_database.Connection, transaction, Run, round.Number);
            }

            _round.Run(
                Run, round.Number, round.Step, round.Epoch, round.Milliseconds, round.After.Controller, Memory(round.After), round.Recommended?.ToString(), now);
            for (var candidate = 0; candidate < round.Evaluations.Count; candidate++)
            {
                Write(round.Evaluations[candidate], round.Number, candidate);
            }

            for (var module = 0; module < Modules; module++)
            {
                _gate.Run(Run, round.Number, module, round.After.Gates[module], round.After.Probabilities[module]);
            }

            Touch(now);
        });
    }

    /// <inheritdoc/>
    protected override void Keep(IReadOnlyList<Metric> metrics)
    {
        var now = Times.Now(_time);
        _database.InTransaction(_ =>
        {
            foreach (var metric in metrics)
            {
                _metric.Run(Run, metric.Name, metric.Step, metric.Value, now);
            }

            Touch(now);
        });
    }

    /// <inheritdoc/>
    protected override void Keep(SkipPlan plan)
    {
        var json = PlanFile.Format(plan);
        var now = Times.Now(_time);
        _database.InTransaction(transaction =>
        {
            const string Sql = """
                INSERT INTO plan (run_id, subnetwork, trained, json, sha256, recorded_at)
                VALUES (@Run, @Subnetwork, @Trained, @Json, @Sha256, @Now)
                ON CONFLICT (run_id, sha256) DO UPDATE SET recorded_at = excluded.recorded_at
                """;
            _database.Connection.Execute(
                Sql,
                new
                {
                    Run,
                    Subnetwork = plan.Subnetwork.ToString(),
                    Trained = plan.Result is null ? 0L : 1L,
                    Json = json,
                    Sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json))),
                    Now = now,
                },
                transaction);
            Touch(now);
        });
    }

    /// <inheritdoc/>
    protected override void Keep(NetworkLatency latency)
    {
        var now = Times.Now(_time);
        _database.InTransaction(transaction =>
        {
            var connection = _database.Connection;
            connection.Execute("DELETE FROM latency WHERE run_id = @Run", new { Run }, transaction);
            connection.Execute(
                "INSERT INTO latency (run_id, batch, full_milliseconds, kept_milliseconds, turns) VALUES (@Run, @Batch, @FullMilliseconds, @KeptMilliseconds, @Turns)",
                new { Run, latency.Batch, latency.FullMilliseconds, latency.KeptMilliseconds, Turns = LatencyBlob.Of(latency.Turns) },
                transaction);
            connection.Execute(
                """
                INSERT INTO module_latency (run_id, module, saved_milliseconds, lower_milliseconds, upper_milliseconds)
                VALUES (@Run, @Module, @Saved, @Lower, @Upper)
                """,
                latency.SavedMilliseconds.Select((saved, module) => (saved, module, interval: latency.SavedInterval(module)))
                    .Select(row => new { Run, Module = row.module, Saved = row.saved, row.interval?.Lower, row.interval?.Upper }),
                transaction);
            Touch(now);
        });
    }

    /// <inheritdoc/>
    protected override void Keep(IReadOnlyList<AdapterEvidence> adapters)
    {
        var now = Times.Now(_time);
        _database.InTransaction(transaction =>
        {
            var connection = _database.Connection;
            connection.Execute("DELETE FROM adapter WHERE run_id = @Run", new { Run }, transaction);
            connection.Execute(
                """
                INSERT INTO adapter (run_id, module, placement, site, fixed_parameters, unit_parameters, unit_multiply_accumulates)
                VALUES (@Run, @Module, @Placement, @Site, @FixedParameters, @UnitParameters, @UnitMultiplyAccumulates)
                """,
                adapters.Select(adapter => new
                {
                    Run,
                    adapter.Module,
                    Placement = EnumNames.NameOf(adapter.Placement),
                    adapter.Site,
                    adapter.FixedParameters,
                    adapter.UnitParameters,
                    adapter.UnitMultiplyAccumulates,
                }),
                transaction);
            connection.Execute(
                "INSERT INTO adapter_unit (run_id, module, placement, site, unit, saliency) VALUES (@Run, @Module, @Placement, @Site, @Unit, @Saliency)",
                adapters.SelectMany(adapter => adapter.Saliency.Select((saliency, unit) => new
                {
                    Run, adapter.Module, Placement = EnumNames.NameOf(adapter.Placement), adapter.Site, Unit = unit, Saliency = saliency,
                })),
                transaction);
            Touch(now);
        });
    }

    /// <inheritdoc/>
    protected override void Keep(string split, IReadOnlyList<ExhaustiveScore> scores)
    {
        const string Sql = """
            INSERT OR REPLACE INTO truth (run_id, split, subnetwork, loss, accuracy, samples, losses)
            VALUES (@Run, @Split, @Subnetwork, @Loss, @Accuracy, @Samples, @Losses)
            """;
        var now = Times.Now(_time);
        _database.InTransaction(transaction =>
        {
            _database.Connection.Execute(
                Sql,
                scores.Select(score => new
                {
                    Run,
                    Split = split,
                    Subnetwork = score.Subnetwork.ToString(),
                    score.Loss,
                    score.Accuracy,
                    Samples = score.Losses.Count,
                    Losses = FloatBlob.Of(score.Losses),
                }),
                transaction);
            Touch(now);
        });
    }

    /// <inheritdoc/>
    protected override void Keep(RunStatus status, string? problem, int forgetBefore)
    {
        const string Sql = "UPDATE run SET status = @Status, problem = @Problem, finished_at = @Finished WHERE id = @Run";
        var now = Times.Now(_time);
        _database.InTransaction(transaction =>
        {
            _database.Connection.Execute(
                Sql,
                new { Run, Status = EnumNames.NameOf(status), Problem = problem, Finished = status == RunStatus.Running ? null : now },
                transaction);
            ForgetMemoryBefore(forgetBefore, transaction);
            SqliteStore.AddEvent(_database.Connection, transaction, Run, EventOf(status), Rounds, problem, now);
            Touch(now);
        });
    }

    private void ForgetMemoryBefore(int round, SqliteTransaction transaction) => _database.Connection.Execute(
        "UPDATE round SET memory = NULL WHERE run_id = @Run AND round < @round AND memory IS NOT NULL", new { Run, round }, transaction);

    private void Touch(string now) => _touch.Run(Run, now, WorkedMilliseconds);

    private static string? Memory(ControllerState state) =>
        state.Memory.Count == 0 ? null : JsonSerializer.Serialize(state.Memory);

    private void Write(Evaluation evaluation, int round, int candidate)
    {
        _evaluation.Run(
            Run,
            round,
            candidate,
            EnumNames.NameOf(evaluation.Outcome),
            evaluation.Subnetwork.ToString(),
            evaluation.Loss,
            evaluation.Reward,
            evaluation.Milliseconds,
            EnumNames.NameOf(evaluation.Mode),
            evaluation.Batch,
            evaluation.Problem);
        var id = SQLitePCL.raw.sqlite3_last_insert_rowid(_database.Connection.Handle);
        foreach (var module in evaluation.Subnetwork.Skipped)
        {
            _skip.Run(id, module);
        }
    }
}
