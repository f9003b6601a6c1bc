using System.Text.Json;
using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Formats;

namespace DasSearch.Store.Results;

// Rows as SQLite gives them: long, double and string alone, filled by name. Columns that may be NULL are set only where
// they are not. Together here, since each is but the list of its columns.

internal sealed class RunRow
{
    internal const string Columns = """
        r.id AS Id, r.name AS Name, r.task AS Task, r.backbone AS Backbone, r.controller AS Controller, r.skip_count AS Skip,
        r.seed AS Seed, r.status AS Status, r.problem AS Problem, r.started_at AS StartedAt, r.updated_at AS UpdatedAt,
        r.finished_at AS FinishedAt,
        coalesce((SELECT max(round) + 1 FROM round WHERE run_id = r.id), 0) AS Rounds,
        (SELECT count(*) FROM evaluation WHERE run_id = r.id) AS Evaluations
        """;

    public long Id { get; init; }

    public string Name { get; init; } = "";

    public string Task { get; init; } = "";

    public string Backbone { get; init; } = "";

    public string Controller { get; init; } = "";

    public long Skip { get; init; }

    public long Seed { get; init; }

    public string Status { get; init; } = "";

    public string? Problem { get; init; }

    public string StartedAt { get; init; } = "";

    public string UpdatedAt { get; init; } = "";

    public string? FinishedAt { get; init; }

    public long Rounds { get; init; }

    public long Evaluations { get; init; }

    internal RunSummary ToSummary() => new(
        Id, Name, Task, Backbone, Controller, (int)Skip, Seed, EnumNames.Parse<RunStatus>(Status), Problem, Times.Parse(StartedAt),
        Times.Parse(UpdatedAt), FinishedAt is null ? null : Times.Parse(FinishedAt), (int)Rounds, Evaluations);
}

internal sealed class LatencyRow
{
    internal const string Columns = "batch AS Batch, full_milliseconds AS FullMilliseconds, kept_milliseconds AS KeptMilliseconds";

    public long Batch { get; init; }

    public double FullMilliseconds { get; init; }

    public double KeptMilliseconds { get; init; }

    internal NetworkLatency ToLatency(IReadOnlyList<double> saved) => new((int)Batch, FullMilliseconds, KeptMilliseconds, saved);
}

internal sealed class AdapterRow
{
    internal const string Columns = """
        module AS Module, placement AS Placement, site AS Site, fixed_parameters AS FixedParameters,
        unit_parameters AS UnitParameters, unit_multiply_accumulates AS UnitMultiplyAccumulates
        """;

    public long Module { get; init; }

    public string Placement { get; init; } = "";

    public string Site { get; init; } = "";

    public long FixedParameters { get; init; }

    public long UnitParameters { get; init; }

    public long UnitMultiplyAccumulates { get; init; }

    internal AdapterEvidence ToEvidence(IReadOnlyList<double> saliency) => new(
        (int)Module, EnumNames.Parse<Placement>(Placement), Site, FixedParameters, UnitParameters, UnitMultiplyAccumulates, saliency);
}

internal sealed class TruthRow
{
    public string Subnetwork { get; init; } = "";

    public double Accuracy { get; init; }

    public long Samples { get; init; }

    public byte[] Losses { get; init; } = [];

    internal ExhaustiveScore ToTruth(int modules) =>
        new(Core.Subnetwork.Parse(Subnetwork, modules), Accuracy * Samples, FloatBlob.Read(Losses));
}

internal sealed class UnitRow
{
    public long Module { get; init; }

    public string Placement { get; init; } = "";

    public string Site { get; init; } = "";

    public double Saliency { get; init; }
}

internal sealed class DetailsRow
{
    internal const string Columns = """
        config AS Config, config_sha256 AS ConfigSha256, config_path AS ConfigPath, checkpoint AS Checkpoint,
        checkpoint_sha256 AS CheckpointSha256, tool_version AS ToolVersion, device AS Device, torch_version AS TorchVersion,
        torch_backend AS TorchBackend, threads AS Threads, machine AS Machine, outside_parameters AS OutsideParameters,
        outside_trained AS OutsideTrained, outside_multiply_accumulates AS OutsideMultiplyAccumulates,
        (SELECT recommended FROM round WHERE run_id = r.id ORDER BY round DESC LIMIT 1) AS Recommended
        """;

    public string Config { get; init; } = "";

    public string ConfigSha256 { get; init; } = "";

    public string? ConfigPath { get; init; }

    public string? Checkpoint { get; init; }

    public string? CheckpointSha256 { get; init; }

    public string ToolVersion { get; init; } = "";

    public string Device { get; init; } = "";

    public string TorchVersion { get; init; } = "";

    public string TorchBackend { get; init; } = "";

    public long Threads { get; init; }

    public string Machine { get; init; } = "";

    public long OutsideParameters { get; init; }

    public long OutsideTrained { get; init; }

    public long OutsideMultiplyAccumulates { get; init; }

    public string? Recommended { get; init; }

    internal RunDetails ToDetails(RunSummary summary, IReadOnlyList<ModuleCosts> modules) => new(
        summary, Config, ConfigSha256, ConfigPath, Checkpoint, CheckpointSha256,
        new RunEnvironment(ToolVersion, Device, TorchVersion, TorchBackend, (int)Threads, Machine),
        new NetworkCosts(modules, OutsideParameters, OutsideTrained, OutsideMultiplyAccumulates))
    {
        Recommended = Recommended is null ? null : Subnetwork.Parse(Recommended, modules.Count),
    };
}

internal sealed class ModuleRow
{
    internal const string Columns = """
        module AS Module, name AS Name, kind AS Kind, stream AS Stream, parameters AS Parameters, multiply_accumulates AS MultiplyAccumulates,
        replacement_parameters AS ReplacementParameters, replacement_multiply_accumulates AS ReplacementMultiplyAccumulates,
        attached_parameters AS AttachedParameters, attached_multiply_accumulates AS AttachedMultiplyAccumulates
        """;

    public long Module { get; init; }

    public string Name { get; init; } = "";

    public string Kind { get; init; } = "";

    public string Stream { get; init; } = "";

    public long Parameters { get; init; }

    public long MultiplyAccumulates { get; init; }

    public long ReplacementParameters { get; init; }

    public long ReplacementMultiplyAccumulates { get; init; }

    public long AttachedParameters { get; init; }

    public long AttachedMultiplyAccumulates { get; init; }

    internal ModuleCosts ToCosts() => new(
        new ModuleInfo((int)Module, Name, EnumNames.Parse<ModuleKind>(Kind), Stream, Parameters, MultiplyAccumulates),
        ReplacementParameters,
        ReplacementMultiplyAccumulates,
        AttachedParameters,
        AttachedMultiplyAccumulates);
}

internal sealed class RoundRow
{
    internal const string Columns =
        "round AS Round, step AS Step, epoch AS Epoch, milliseconds AS Milliseconds, controller AS Controller, memory AS Memory, recommended AS Recommended";

    public long Round { get; init; }

    public long Step { get; init; }

    public long Epoch { get; init; }

    public double Milliseconds { get; init; }

    public string Controller { get; init; } = "";

    public string? Memory { get; init; }

    public string? Recommended { get; init; }

    internal Round ToRound(IReadOnlyList<Evaluation> evaluations, IReadOnlyList<StoredGate> gates)
    {
        var memory = Memory is null ? null : JsonSerializer.Deserialize<Dictionary<string, double[]>>(Memory);
        return new Round(
            (int)Round,
            Step,
            (int)Epoch,
            evaluations,
            new ControllerState(
                Controller,
                [.. gates.Select(gate => gate.Gate)],
                [.. gates.Select(gate => gate.Probability)],
                memory?.ToDictionary(pair => pair.Key, pair => (IReadOnlyList<double>)pair.Value)),
            Milliseconds,
            Recommended is null ? null : Subnetwork.Parse(Recommended, gates.Count));
    }
}

internal sealed class RoundSummaryRow
{
    internal const string Columns = """
        round AS Round, step AS Step, epoch AS Epoch, evaluations AS Evaluations, coalesce(scored, 0) AS Scored, mean_loss AS MeanLoss,
        mean_reward AS MeanReward, best_reward AS BestReward, milliseconds AS Milliseconds, recorded_at AS RecordedAt
        """;

    public long Round { get; init; }

    public long Step { get; init; }

    public long Epoch { get; init; }

    public long Evaluations { get; init; }

    public long Scored { get; init; }

    public double? MeanLoss { get; init; }

    public double? MeanReward { get; init; }

    public double? BestReward { get; init; }

    public double Milliseconds { get; init; }

    public string RecordedAt { get; init; } = "";

    internal RoundSummary ToSummary() => new(
        (int)Round, Step, (int)Epoch, Evaluations, Scored, MeanLoss, MeanReward, BestReward, Milliseconds, Times.Parse(RecordedAt));
}

internal sealed class EvaluationRow
{
    internal const string Columns = """
        round AS Round, candidate AS Candidate, outcome AS Outcome, subnetwork AS Subnetwork, loss AS Loss, reward AS Reward,
        milliseconds AS Milliseconds, mode AS Mode, batch AS Batch, problem AS Problem
        """;

    public long Round { get; init; }

    public long Candidate { get; init; }

    public string Outcome { get; init; } = "";

    public string Subnetwork { get; init; } = "";

    public double? Loss { get; init; }

    public double? Reward { get; init; }

    public double Milliseconds { get; init; }

    public string Mode { get; init; } = "";

    public string Batch { get; init; } = "";

    public string? Problem { get; init; }

    internal StoredEvaluation ToEvaluation(int modules)
    {
        var subnetwork = Core.Subnetwork.Parse(Subnetwork, modules);
        var mode = EnumNames.Parse<ValidationMode>(Mode);
        var outcome = EnumNames.Parse<EvaluationOutcome>(Outcome);
        return new StoredEvaluation(
            (int)Round,
            (int)Candidate,
            outcome == EvaluationOutcome.Scored
                ? Evaluation.Scored(subnetwork, Loss!.Value, Reward!.Value, Milliseconds, mode, Batch)
                : Evaluation.Unscored(subnetwork, outcome, Milliseconds, mode, Batch, Problem));
    }
}

internal sealed class GateRow
{
    internal const string Columns = "round AS Round, module AS Module, gate AS Gate, probability AS Probability";

    public long Round { get; init; }

    public long Module { get; init; }

    public double Gate { get; init; }

    public double Probability { get; init; }

    internal StoredGate ToGate() => new((int)Round, (int)Module, Gate, Probability);
}

internal sealed class LayerRewardRow
{
    internal const string Columns = """
        module AS Module, name AS Name, kind AS Kind, stream AS Stream, n_skipped AS Skipped, n_kept AS Kept,
        mean_reward_skipped AS MeanRewardSkipped, mean_reward_kept AS MeanRewardKept, difference AS Difference,
        standard_error AS StandardError, gate AS Gate, probability AS Probability
        """;

    public long Module { get; init; }

    public string Name { get; init; } = "";

    public string Kind { get; init; } = "";

    public string Stream { get; init; } = "";

    public long Skipped { get; init; }

    public long Kept { get; init; }

    public double? MeanRewardSkipped { get; init; }

    public double? MeanRewardKept { get; init; }

    public double? Difference { get; init; }

    public double? StandardError { get; init; }

    public double? Gate { get; init; }

    public double? Probability { get; init; }

    internal LayerReward ToReward() => new(
        (int)Module, Name, EnumNames.Parse<ModuleKind>(Kind), Stream, Skipped, Kept, MeanRewardSkipped, MeanRewardKept, Difference,
        StandardError, Gate, Probability);
}

internal sealed class SubnetworkRow
{
    internal const string Columns = """
        subnetwork AS Subnetwork, n AS Evaluations, mean_reward AS MeanReward, best_reward AS BestReward,
        first_round AS FirstRound, last_round AS LastRound
        """;

    public string Subnetwork { get; init; } = "";

    public long Evaluations { get; init; }

    public double MeanReward { get; init; }

    public double BestReward { get; init; }

    public long FirstRound { get; init; }

    public long LastRound { get; init; }

    internal SubnetworkReward ToReward(int modules) => new(
        Core.Subnetwork.Parse(Subnetwork, modules), Evaluations, MeanReward, BestReward, (int)FirstRound, (int)LastRound);
}

internal sealed class MetricRow
{
    internal const string Columns = "name AS Name, step AS Step, value AS Value";

    public string Name { get; init; } = "";

    public long Step { get; init; }

    public double? Value { get; init; }

    internal Metric ToMetric() => new(Name, Step, Value);
}

internal sealed class PlanRow
{
    internal const string Columns = "json AS Json, recorded_at AS RecordedAt";

    public string Json { get; init; } = "";

    public string RecordedAt { get; init; } = "";

    internal StoredPlan ToPlan(string source) => new(PlanFile.Parse(Json, source), Times.Parse(RecordedAt));
}
