using System.Globalization;
using System.Text.Json;
using Dapper;
using DasSearch.Core;
using DasSearch.Formats;
using DasSearch.Store.Optuna;
using Microsoft.Data.Sqlite;

namespace DasSearch.Store.Tests.Optuna;

/// <summary>The file, read by SQL as Optuna's storage reads it.</summary>
public sealed class OptunaFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly IRunStore _store;

    public OptunaFileTests() => _store = RunStore.Create(_folder.Database, new Clock());

    private string File => _folder.PathOf("optuna.db");

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Write_Runs_AreStudiesThatMaximise()
    {
        Record("first", Sample.Round(0, Sample.Scored("0,1", 0.5)));
        Record("second", Sample.Round(0, Sample.Scored("0,2", 0.25)));

        Assert.Equal(2, OptunaFile.Write(_store.Read, [1, 2], File));
        Assert.Equal(["first-1 MAXIMIZE 0", "second-2 MAXIMIZE 0"], Query<string>(
            "SELECT study_name || ' ' || direction || ' ' || objective FROM studies JOIN study_directions USING (study_id) ORDER BY 1"));
        Assert.Equal(["v3.2.0.a"], Query<string>("SELECT version_num FROM alembic_version"));
        Assert.Equal([12L], Query<long>("SELECT schema_version FROM version_info"));
        Assert.Equal(
            "[\"transformer.blocks.0\",\"transformer.blocks.1\",\"transformer.blocks.2\"]",
            Query<string>("SELECT value_json FROM study_user_attributes WHERE study_id = 2 AND \"key\" = 'modules'").Single());
    }

    [Fact]
    public void Write_Evaluations_AreTrialsWithParametersAndValues()
    {
        Record(
            "vqa",
            Sample.Round(0, Sample.Scored("0,1", 0.5), Sample.Unscored("1,2", EvaluationOutcome.Diverged, "the loss is ∞")),
            Sample.Round(
                1,
                Sample.Unscored("0,2", EvaluationOutcome.Failed),
                Sample.Scored("1,2", 0.25),
                Sample.Unscored("0,1", EvaluationOutcome.Cancelled)));
        OptunaFile.Write(_store.Read, [1], File);

        Assert.Equal(
            ["0 COMPLETE", "1 FAIL", "2 FAIL", "3 COMPLETE", "4 FAIL"],
            Query<string>("SELECT number || ' ' || state FROM trials ORDER BY trial_id"));
        Assert.Equal(["0 0.5 FINITE", "3 0.25 FINITE"], Query<string>(
            "SELECT number || ' ' || value || ' ' || value_type FROM trial_values JOIN trials USING (trial_id) ORDER BY number"));
        Assert.Equal(["skip_0 1.0", "skip_1 1.0", "skip_2 0.0"], Query<string>(
            "SELECT param_name || ' ' || param_value FROM trial_params WHERE trial_id = 1 ORDER BY param_id"));
        var distribution = JsonDocument.Parse(Query<string>("SELECT DISTINCT distribution_json FROM trial_params").Single()).RootElement;
        Assert.Equal("CategoricalDistribution", distribution.GetProperty("name").GetString());
        Assert.Equal("[false, true]", distribution.GetProperty("attributes").GetProperty("choices").GetRawText());
        Assert.Equal(["0 0", "0 1", "1 0", "1 1", "1 2"], Query<string>("""
            SELECT r.value_json || ' ' || c.value_json FROM trial_user_attributes AS r JOIN trial_user_attributes AS c USING (trial_id)
            WHERE r."key" = 'round' AND c."key" = 'candidate' ORDER BY trial_id
            """));
        Assert.Equal("\"the loss is ∞\"", Attribute(2, "problem"));
        Assert.Equal(("\"diverged\"", "\"1,2\"", "\"train\""), (Attribute(2, "outcome"), Attribute(2, "skipped"), Attribute(2, "mode")));
        Assert.Equal(-Math.Log(0.5), double.Parse(Attribute(1, "loss")!, CultureInfo.InvariantCulture));
        Assert.Null(Attribute(2, "loss"));
    }

    [Fact]
    public void Write_Times_FollowOneAnotherUpToTheRoundsEnd()
    {
        Record("vqa", Sample.Round(0, Sample.Scored("0,1", 0.5), Sample.Scored("1,2", 0.25)));
        OptunaFile.Write(_store.Read, [1], File);
        Assert.Equal(
            ["2026-01-02 03:04:05.675000 2026-01-02 03:04:05.676500", "2026-01-02 03:04:05.676500 2026-01-02 03:04:05.678000"],
            Query<string>("SELECT datetime_start || ' ' || datetime_complete FROM trials ORDER BY trial_id"));
    }

    [Fact]
    public void Write_RunWithoutRounds_IsAStudyWithoutTrials()
    {
        Record("empty");
        Assert.Equal(0, OptunaFile.Write(_store.Read, [1], File));
        Assert.Equal(["empty-1"], Query<string>("SELECT study_name FROM studies"));
    }

    [Fact]
    public void Write_Again_ReplacesTheFileAsAWhole()
    {
        Record("first", Sample.Round(0, Sample.Scored("0,1", 0.5)));
        OptunaFile.Write(_store.Read, [1], File);
        var before = System.IO.File.ReadAllBytes(File);
        Assert.Throws<StoreException>(() => OptunaFile.Write(_store.Read, [1, 9], File));
        Assert.Equal(before, System.IO.File.ReadAllBytes(File));
        OptunaFile.Write(_store.Read, [1], File);
        Assert.Equal(before, System.IO.File.ReadAllBytes(File));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(File)!, "optuna.db*"));
    }

    [Fact]
    public void Write_WhereItCannot_SaysSo()
    {
        Record("first", Sample.Round(0, Sample.Scored("0,1", 0.5)));
        Directory.CreateDirectory(File);
        var failure = Assert.Throws<OutputException>(() => OptunaFile.Write(_store.Read, [1], File));
        Assert.StartsWith($"{File} cannot be written: ", failure.Message, StringComparison.Ordinal);
        var nowhere = _folder.PathOf("none/optuna.db");
        Assert.ThrowsAny<DasSearchException>(() => OptunaFile.Write(_store.Read, [1], nowhere));
    }

    [OptunaFact]
    public void Write_OpenedByOptuna_IsTheSameStudy()
    {
        Record(
            "vqa",
            Sample.Round(0, Sample.Scored("0,1", 0.5), Sample.Scored("1,2", 0.75)),
            Sample.Round(1, Sample.Unscored("0,2", EvaluationOutcome.Diverged), Sample.Scored("0,2", 0.25)));
        OptunaFile.Write(_store.Read, [1], File);

        // Its storage compares the tables of a file of its own with ours; an older Optuna would refuse the newer revision.
        var facts = JsonDocument.Parse(OptunaFactAttribute.Run(
            """
            import json, sqlite3, sys
            import optuna
            optuna.logging.set_verbosity(optuna.logging.WARNING)
            ours, theirs = sys.argv[1], sys.argv[2]
            storage = optuna.storages.RDBStorage("sqlite:///" + ours, skip_compatibility_check=True)
            study = optuna.load_study(study_name="vqa-1", storage=storage)
            optuna.create_study(storage="sqlite:///" + theirs)
            def columns(path):
                connection = sqlite3.connect(path)
                tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1")]
                return {table: [row[1:4] + row[5:] for row in connection.execute(f"PRAGMA table_info({table})")] for table in tables}
            print(json.dumps({
                "direction": study.direction.name, "best": study.best_value, "best_params": study.best_params,
                "states": [trial.state.name for trial in study.trials],
                "losses": [trial.user_attrs.get("loss") for trial in study.trials],
                "same_tables": columns(ours) == columns(theirs)}))
            """,
            File,
            _folder.PathOf("theirs.db"))).RootElement;

        Assert.Equal(("MAXIMIZE", 0.75), (facts.GetProperty("direction").GetString(), facts.GetProperty("best").GetDouble()));
        Assert.Equal("""{"skip_0": false, "skip_1": true, "skip_2": true}""", facts.GetProperty("best_params").GetRawText());
        var states = facts.GetProperty("states").EnumerateArray().Select(state => state.GetString());
        Assert.Equal(["COMPLETE", "COMPLETE", "FAIL", "COMPLETE"], states);
        Assert.Equal(-Math.Log(0.5), facts.GetProperty("losses")[0].GetDouble());
        Assert.True(facts.GetProperty("same_tables").GetBoolean());
    }

    private void Record(string name, params Round[] rounds)
    {
        using var recorder = _store.Begin(Sample.Run(name: name));
        foreach (var round in rounds)
        {
            recorder.Record(round);
        }
    }

    private string? Attribute(long trial, string key) =>
        Query<string?>($"SELECT value_json FROM trial_user_attributes WHERE trial_id = {trial} AND \"key\" = '{key}'").SingleOrDefault();

    private List<T> Query<T>(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={File};Mode=ReadOnly;Pooling=False");
        connection.Open();
        return [.. connection.Query<T>(sql)];
    }
}
