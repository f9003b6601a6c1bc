using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Dapper;
using DasSearch.Core;
using DasSearch.Formats;
using DasSearch.Store.Sqlite;
using Microsoft.Data.Sqlite;

namespace DasSearch.Store.Optuna;

/// <summary>Writes runs as studies of Optuna, in a file that <c>optuna.load_study</c> and optuna-dashboard open.</summary>
/// <remarks>
/// One study per run, which maximises the reward, and one trial per evaluation. What a study and a trial hold is told in
/// <see cref="OptunaStudy"/>. Evaluations are passed on row by row, so that a million fit into little memory.
/// </remarks>
public static class OptunaFile
{
    // "DASO" in ASCII: Optuna's own files have no number.
    private const int Application = 0x4441534F;

    /// <summary>Storages of Optuna that das wrote, among other files.</summary>
    public static OutputKind Kind { get; } = new("Optuna storage", static path => OutputGuard.ApplicationOf(path) == Application);

    /// <summary>Writes a file, as a whole or not at all.</summary>
    /// <param name="read">Where the runs are.</param>
    /// <param name="runs">Their numbers, each once; not empty.</param>
    /// <param name="path">The file.</param>
    /// <returns>How many trials there are.</returns>
    /// <exception cref="StoreException">There is no such run, or a database fails.</exception>
    /// <exception cref="OutputException">The file cannot be written.</exception>
    public static long Write(IRunReader read, IReadOnlyList<long> runs, string path)
    {
        ArgumentNullException.ThrowIfNull(read);
        ArgumentNullException.ThrowIfNull(runs);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var trials = 0L;
        OutputFile.Make(path, beside => trials = new Failures(Path.GetFullPath(path)).Guard(() => Fill(read, runs, beside)));
        return trials;
    }

    private static long Fill(IRunReader read, IReadOnlyList<long> runs, string path)
    {
        var address = new SqliteConnectionStringBuilder { DataSource = path, Pooling = false };
        using var connection = new SqliteConnection(address.ConnectionString);
        connection.Open();

        // Nobody else knows the file yet, and if writing ends early it is thrown away: no journal is needed.
        connection.Execute("PRAGMA journal_mode = OFF");
        using var transaction = connection.BeginTransaction();
        connection.Execute(OptunaSchema.Sql, transaction: transaction);
        connection.Execute($"PRAGMA application_id = {Application}", transaction: transaction);
        using var study = new OptunaStudy(connection);
        foreach (var run in runs)
        {
            study.Write(read, run);
        }

        transaction.Commit();
        return study.Trials;
    }
}

/// <summary>Writes runs into the tables of Optuna.</summary>
/// <remarks>
/// A trial's parameters are <c>skip_0</c>, <c>skip_1</c> …, true where the module is skipped; its value is the reward.
/// Evaluations that diverged, failed or were cancelled are failed trials, whose attribute <c>outcome</c> tells which:
/// Optuna leaves them out where das counts the first two as reward 0. Times are in UTC; those of a round's evaluations
/// are counted back from when the round was recorded.
/// </remarks>
internal sealed class OptunaStudy : IDisposable
{
    // Text as in the rest of das: Optuna reads any JSON.
    private static readonly JsonSerializerOptions _json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private const string Distribution = """{"name": "CategoricalDistribution", "attributes": {"choices": [false, true]}}""";

    private readonly Insert _study;
    private readonly Insert _direction;
    private readonly Insert _studyAttribute;
    private readonly Insert _trial;
    private readonly Insert _parameter;
    private readonly Insert _value;
    private readonly Insert _trialAttribute;
    private long _studies;

    internal OptunaStudy(SqliteConnection connection)
    {
        _study = new Insert(connection, "INSERT INTO studies (study_id, study_name) VALUES (?1, ?2)");
        _direction = new Insert(connection, "INSERT INTO study_directions (direction, study_id, objective) VALUES ('MAXIMIZE', ?1, 0)");
        _studyAttribute = new Insert(connection, "INSERT INTO study_user_attributes (study_id, \"key\", value_json) VALUES (?1, ?2, ?3)");
        _trial = new Insert(
            connection,
            "INSERT INTO trials (trial_id, number, study_id, state, datetime_start, datetime_complete) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
        _parameter = new Insert(
            connection, "INSERT INTO trial_params (trial_id, param_name, param_value, distribution_json) VALUES (?1, ?2, ?3, ?4)");
        _value = new Insert(connection, "INSERT INTO trial_values (trial_id, objective, value, value_type) VALUES (?1, 0, ?2, 'FINITE')");
        _trialAttribute = new Insert(connection, "INSERT INTO trial_user_attributes (trial_id, \"key\", value_json) VALUES (?1, ?2, ?3)");
    }

    /// <summary>How many trials there are by now.</summary>
    internal long Trials { get; private set; }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var insert in new[] { _study, _direction, _studyAttribute, _trial, _parameter, _value, _trialAttribute })
        {
            insert.Dispose();
        }
    }

    /// <summary>Writes a run as a study.</summary>
    /// <exception cref="StoreException">There is no such run, or its database fails.</exception>
    internal void Write(IRunReader read, long run)
    {
        var details = read.Run(run);
        _studies++;
        _study.Run(_studies, $"{details.Summary.Name}-{run}");
        _direction.Run(_studies);
        WriteAttributes(details);
        var names = details.Costs.Modules.Select(costs => $"skip_{costs.Module.Index}").ToList();
        var number = 0L;

        // Both lists are in the rounds' order, so each is walked once.
        using var evaluations = read.Evaluations(run).GetEnumerator();
        var hasEvaluation = evaluations.MoveNext();
        foreach (var round in read.RoundSummaries(run))
        {
            var ofRound = new List<StoredEvaluation>();
            for (; hasEvaluation && evaluations.Current.Round == round.Round; hasEvaluation = evaluations.MoveNext())
            {
                ofRound.Add(evaluations.Current);
            }

            var end = round.RecordedAt - TimeSpan.FromMilliseconds(ofRound.Sum(stored => stored.Evaluation.Milliseconds));
            foreach (var stored in ofRound)
            {
                var start = end;
                end += TimeSpan.FromMilliseconds(stored.Evaluation.Milliseconds);
                WriteTrial(stored, number++, names, start, end);
            }
        }
    }

    private void WriteAttributes(RunDetails run)
    {
        var summary = run.Summary;
        Attribute("task", summary.Task);
        Attribute("backbone", summary.Backbone);
        Attribute("controller", summary.Controller);
        Attribute("skip", summary.Skip);
        Attribute("seed", summary.Seed);
        Attribute("status", EnumNames.NameOf(summary.Status));
        Attribute("modules", run.Costs.Modules.Select(costs => costs.Module.Name));
        Attribute("config", run.ConfigText);
        Attribute("checkpoint_sha256", run.CheckpointSha256);
        Attribute("tool_version", run.Environment.ToolVersion);

        void Attribute(string key, object? value) => _studyAttribute.Run(_studies, key, JsonSerializer.Serialize(value, _json));
    }

    private void WriteTrial(StoredEvaluation stored, long number, List<string> names, DateTimeOffset start, DateTimeOffset end)
    {
        var evaluation = stored.Evaluation;
        var trial = ++Trials;
        _trial.Run(trial, number, _studies, evaluation.Reward is null ? "FAIL" : "COMPLETE", Time(start), Time(end));
        for (var i = 0; i < names.Count; i++)
        {
            _parameter.Run(trial, names[i], evaluation.Subnetwork.Contains(i) ? 1.0 : 0.0, Distribution);
        }

        if (evaluation.Reward is { } reward)
        {
            _value.Run(trial, reward);
        }

        Attribute("round", stored.Round);
        Attribute("candidate", stored.Candidate);
        Attribute("skipped", evaluation.Subnetwork.ToString());
        Attribute("outcome", EnumNames.NameOf(evaluation.Outcome));
        Attribute("loss", evaluation.Loss);
        Attribute("mode", EnumNames.NameOf(evaluation.Mode));
        Attribute("batch", evaluation.Batch);
        Attribute("problem", evaluation.Problem);

        void Attribute(string key, object? value)
        {
            if (value is not null)
            {
                _trialAttribute.Run(trial, key, JsonSerializer.Serialize(value, _json));
            }
        }
    }

    private static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture);
}
