using System.Text.Json;
using Dapper;
using DasSearch.Core;
using DasSearch.Core.Plans;

namespace DasSearch.Store.Sqlite;

// What Dapper maps rows to where the noun itself cannot be made of them: columns come in the parameters' order. Names with a hyphen in them,
// as of kinds of modules, lose it on the way in , so that they are the names of an enum's members.

[method: ExplicitConstructor]
internal sealed record RunRow(
    string Config,
    string ConfigSha256,
    string? ConfigPath,
    string? Checkpoint,
    string? CheckpointSha256,
    string ToolVersion,
    string Device,
    string TorchVersion,
    string TorchBackend,
    int Threads,
    string Machine,
    long OutsideParameters,
    long OutsideTrained,
    long OutsideMultiplyAccumulates,
    string? Recommended)
{
    internal const string Select = """
        SELECT config, config_sha256, config_path, checkpoint, checkpoint_sha256, tool_version, device, torch_version, torch_backend, threads,
               machine, outside_parameters, outside_trained, outside_multiply_accumulates,
               (SELECT recommended FROM round WHERE run_id = r.id ORDER BY round DESC LIMIT 1) AS recommended
        FROM run AS r WHERE id = @run
        """;

    internal RunDetails ToDetails(RunSummary summary, IReadOnlyList<ModuleCosts> modules) => new(
        summary,
        Config,
        ConfigSha256,
        ConfigPath,
        Checkpoint,
        CheckpointSha256,
        new RunEnvironment(ToolVersion, Device, TorchVersion, TorchBackend, Threads, Machine),
        new NetworkCosts(modules, OutsideParameters, OutsideTrained, OutsideMultiplyAccumulates))
    {
        Recommended = Recommended is null ? null : Subnetwork.Parse(Recommended, modules.Count),
    };
}

[method: ExplicitConstructor]
internal sealed record ModuleRow(
    int Module,
    string Name,
    ModuleKind Kind,
    string Stream,
    long Parameters,
    long MultiplyAccumulates,
    long ReplacementParameters,
    long ReplacementMultiplyAccumulates,
    long AttachedParameters,
    long AttachedMultiplyAccumulates,
    long TrainedParameters)
{
    internal const string Select = """
        SELECT module, name, replace(kind, '-', '') AS kind, stream, parameters, multiply_accumulates, replacement_parameters,
               replacement_multiply_accumulates, attached_parameters, attached_multiply_accumulates, trained_parameters
        FROM module WHERE run_id = @run ORDER BY module
        """;

    internal ModuleCosts ToCosts() => new(
        new ModuleInfo(Module, Name, Kind, Stream, Parameters, MultiplyAccumulates),
        ReplacementParameters,
        ReplacementMultiplyAccumulates,
        AttachedParameters,
        AttachedMultiplyAccumulates)
    { TrainedParameters = TrainedParameters };
}

[method: ExplicitConstructor]
internal sealed record RoundRow(int Round, long Step, int Epoch, double Milliseconds, string Controller, string? Memory, string? Recommended)
{
    internal const string Select =
        "SELECT round, step, epoch, milliseconds, controller, memory, recommended FROM round WHERE run_id = @run AND round >= @number ORDER BY round";

    internal Round ToRound(IReadOnlyList<Evaluation> evaluations, IReadOnlyList<StoredGate> gates)
    {
        var memory = Memory is null ? null : JsonSerializer.Deserialize<Dictionary<string, double[]>>(Memory);
        return new Round(
            Round,
            Step,
            Epoch,
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

[method: ExplicitConstructor]
internal sealed record EvaluationRow(
    int Round,
    int Candidate,
    EvaluationOutcome Outcome,
    string Subnetwork,
    double? Loss,
    double? Reward,
    double Milliseconds,
    ValidationMode Mode,
    string Batch,
    string? Problem)
{
    internal const string Select = """
        SELECT round, candidate, outcome, subnetwork, loss, reward, milliseconds, mode, batch, problem
        FROM evaluation WHERE run_id = @run AND round >= @number ORDER BY round, candidate
        """;

    internal StoredEvaluation ToEvaluation(int modules)
    {
        var subnetwork = Core.Subnetwork.Parse(Subnetwork, modules);
        return new StoredEvaluation(
            Round,
            Candidate,
            Outcome == EvaluationOutcome.Scored
                ? Evaluation.Scored(subnetwork, Loss!.Value, Reward!.Value, Milliseconds, Mode, Batch)
                : Evaluation.Unscored(subnetwork, Outcome, Milliseconds, Mode, Batch, Problem));
    }
}

[method: ExplicitConstructor]
internal sealed record AdapterRow(
    int Module, Placement Placement, string Site, long FixedParameters, long UnitParameters, long UnitMultiplyAccumulates)
{
    internal const string Select = """
        SELECT module, placement, site, fixed_parameters, unit_parameters, unit_multiply_accumulates
        FROM adapter WHERE run_id = @run ORDER BY module, placement, site
        """;

    internal AdapterEvidence ToEvidence(IEnumerable<double> saliency) =>
        new(Module, Placement, Site, FixedParameters, UnitParameters, UnitMultiplyAccumulates, [.. saliency]);
}
