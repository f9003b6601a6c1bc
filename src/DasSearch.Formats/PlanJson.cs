using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using DasSearch.Core;
using DasSearch.Core.Plans;

namespace DasSearch.Formats;

/// <summary>The shape of <c>plan.json</c> in schema 1, whose plans said neither how finely the backbone is cut nor for which method.</summary>
[Description("Which modules of a backbone to skip for a task, and which adapters stand where.")]
internal record PlanJson1
{
    protected const int First = -2;
    protected const int Last = 2;

    [JsonPropertyName("$schema"), JsonPropertyOrder(First), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [Description("Where editors find this schema.")]
    public string? SchemaFile { get; init; }

    [AllowedValues(SkipPlan.Schema), JsonPropertyOrder(First)]
    public required string Schema { get; init; }

    [JsonPropertyOrder(First)]
    public required string Backbone { get; init; }

    [JsonPropertyOrder(First)]
    public required string Task { get; init; }

    [Description("How many modules the backbone has."), Range(1, int.MaxValue), JsonPropertyOrder(First)]
    public required int Modules { get; init; }

    [Description("Where the plan comes from."), JsonPropertyOrder(Last)]
    public required ProvenanceJson Provenance { get; init; }

    [Description("The skipped modules, by ascending index."), JsonPropertyOrder(Last)]
    public required IReadOnlyList<SkippedJson> Skip { get; init; }

    [JsonPropertyOrder(Last)]
    public required IReadOnlyList<AdapterJson> Adapters { get; init; }

    [Description("What the plan costs and saves; null where nobody has counted, as for imported plans."), JsonPropertyOrder(Last)]
    public required AccountingJson? Accounting { get; init; }

    [Description("What the plan was worth once trained; null before."), JsonPropertyOrder(Last)]
    public required ResultJson? Result { get; init; }
}

/// <summary>The shape of <c>plan.json</c>: what is required, of what type, and in which order it is written.</summary>
[Description("Which modules of a backbone to skip for a task, and which adapters stand where.")]
internal sealed record PlanJson : PlanJson1
{
    [Description("How finely the backbone is cut into modules.")]
    public required Granularity Granularity { get; init; }

    [Description("The transfer method that the plan is for, such as das.")]
    public required string Method { get; init; }

    internal static PlanJson Of(SkipPlan plan, string? schemaFile) => new()
    {
        SchemaFile = schemaFile,
        Schema = SkipPlan.Schema,
        Backbone = plan.Backbone,
        Task = plan.Task,
        Modules = plan.Modules,
        Granularity = plan.Granularity,
        Method = plan.Method,
        Provenance = ProvenanceJson.Of(plan.Provenance),
        Skip = [.. plan.Skip.Select(SkippedJson.Of)],
        Adapters = [.. plan.Adapters.Select(AdapterJson.Of)],
        Accounting = plan.Accounting is null ? null : AccountingJson.Of(plan.Accounting),
        Result = plan.Result is null ? null : ResultJson.Of(plan.Result),
    };
}

internal sealed record ProvenanceJson
{
    public required long? Run { get; init; }

    public required string? RunName { get; init; }

    public required long? Seed { get; init; }

    [RegularExpression(Sha256)]
    public required string? ConfigSha256 { get; init; }

    public required string ToolVersion { get; init; }

    public required string? Checkpoint { get; init; }

    [RegularExpression(Sha256)]
    public required string? CheckpointSha256 { get; init; }

    internal const string Sha256 = "^[0-9a-f]{64}$";

    internal static ProvenanceJson Of(PlanProvenance from) => new()
    {
        Run = from.Run,
        RunName = from.RunName,
        Seed = from.Seed,
        ConfigSha256 = from.ConfigSha256,
        ToolVersion = from.ToolVersion,
        Checkpoint = from.Checkpoint,
        CheckpointSha256 = from.CheckpointSha256,
    };

    internal PlanProvenance ToPlan() => new(Run, RunName, Seed, ConfigSha256, ToolVersion, Checkpoint, CheckpointSha256);
}

[Description("A skipped module.")]
internal sealed record SkippedJson
{
    [Range(0, int.MaxValue)]
    public required int Index { get; init; }

    [Description("Its name in the checkpoint.")]
    public required string Module { get; init; }

    public required ModuleKind Kind { get; init; }

    [Description("Why it is skipped; null for a plan that no search has made.")]
    public required EvidenceJson? Evidence { get; init; }

    internal static SkippedJson Of(SkippedModule module) => new()
    {
        Index = module.Index,
        Module = module.Module,
        Kind = module.Kind,
        Evidence = module.Evidence is null ? null : EvidenceJson.Of(module.Evidence),
    };

    internal SkippedModule ToPlan() => new(Index, Module, Kind, Evidence?.ToPlan());
}

internal sealed record EvidenceJson
{
    [Description("The controller's gate at the end; high means redundant.")]
    public required double Gate { get; init; }

    [Description("How likely the module was to be drawn at the end."), Range(0, 1)]
    public required double Probability { get; init; }

    [Description("How many evaluations skipped it."), Range(0L, long.MaxValue)]
    public required long Skipped { get; init; }

    [Description("Their mean reward.")]
    public required double? MeanRewardSkipped { get; init; }

    [Description("The mean reward of the others.")]
    public required double? MeanRewardKept { get; init; }

    [Description("mean_reward_skipped - mean_reward_kept.")]
    public required double? Difference { get; init; }

    [Description("Standard error of the difference.")]
    public required double? StandardError { get; init; }

    internal static EvidenceJson Of(SkipEvidence from) => new()
    {
        Gate = from.Gate,
        Probability = from.Probability,
        Skipped = from.Skipped,
        MeanRewardSkipped = from.MeanRewardSkipped,
        MeanRewardKept = from.MeanRewardKept,
        Difference = from.Difference,
        StandardError = from.StandardError,
    };

    internal SkipEvidence ToPlan() => new(Gate, Probability, Skipped, MeanRewardSkipped, MeanRewardKept, StandardError);
}

[Description("An adapter.")]
internal sealed record AdapterJson
{
    [Description("The module's name in the checkpoint.")]
    public required string Module { get; init; }

    public required Placement Placement { get; init; }

    [Description("Which part of the module: module, attention, feed-forward, ...")]
    public required string Site { get; init; }

    public required string Type { get; init; }

    [Range(1, int.MaxValue)]
    public required int Bottleneck { get; init; }

    public required string Activation { get; init; }

    public required string Normalisation { get; init; }

    public required double Scale { get; init; }

    internal static AdapterJson Of(AdapterPlacement adapter) => new()
    {
        Module = adapter.Module,
        Placement = adapter.Placement,
        Site = adapter.Site,
        Type = adapter.Type,
        Bottleneck = adapter.Bottleneck,
        Activation = adapter.Activation,
        Normalisation = adapter.Normalisation,
        Scale = adapter.Scale,
    };

    internal AdapterPlacement ToPlan() => new(Module, Placement, Site, Type, Bottleneck, Activation, Normalisation, Scale);
}

internal sealed record AccountingJson
{
    [Description("Parameters of the planned network.")]
    public required ParametersJson Parameters { get; init; }

    [Description("Multiply-accumulates for one sample.")]
    public required MultiplyAccumulatesJson MultiplyAccumulates { get; init; }

    internal static AccountingJson Of(Accounting from) => new()
    {
        Parameters = new() { Total = from.TotalParameters, Trainable = from.TrainableParameters, TrainablePercent = from.TrainablePercent },
        MultiplyAccumulates = new() { Full = from.FullMultiplyAccumulates, Plan = from.PlanMultiplyAccumulates, ChangePercent = from.ChangePercent },
    };

    internal Accounting ToPlan() => new(Parameters.Total, Parameters.Trainable, MultiplyAccumulates.Full, MultiplyAccumulates.Plan);
}

internal sealed record ParametersJson
{
    [Range(0L, long.MaxValue)]
    public required long Total { get; init; }

    [Range(0L, long.MaxValue)]
    public required long Trainable { get; init; }

    public required double TrainablePercent { get; init; }
}

internal sealed record MultiplyAccumulatesJson
{
    [Range(0L, long.MaxValue)]
    public required long Full { get; init; }

    [Range(0L, long.MaxValue)]
    public required long Plan { get; init; }

    public required double ChangePercent { get; init; }
}

internal sealed record ResultJson
{
    [Description("The transfer method that it was trained with, such as das.")]
    public required string Method { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [Description("The method's settings that were given; not there where none were.")]
    public SortedDictionary<string, string>? Options { get; init; }

    public required long Seed { get; init; }

    public required int Epochs { get; init; }

    [Description("Figures on the test data.")]
    public required SortedDictionary<string, double> Metrics { get; init; }

    [Description("Measured latency; null where it was not measured.")]
    public required LatencyJson? Latency { get; init; }

    [Description("File of the trained parts, relative to the plan's folder.")]
    public required string? Weights { get; init; }

    [RegularExpression(ProvenanceJson.Sha256)]
    public required string? WeightsSha256 { get; init; }

    internal static ResultJson Of(PlanResult from) => new()
    {
        Method = from.Method,
        Options = from.Options.Count > 0 ? new(from.Options.ToDictionary(), StringComparer.Ordinal) : null,
        Seed = from.Seed,
        Epochs = from.Epochs,
        Metrics = new(from.Metrics.ToDictionary(), StringComparer.Ordinal),
        Latency = from.Latency is not { } latency
            ? null
            : LatencyJson.Of(latency),
        Weights = from.Weights,
        WeightsSha256 = from.WeightsSha256,
    };

    internal PlanResult ToPlan() => new(Method, Seed, Epochs, Metrics, Latency?.ToPlan(), Weights, WeightsSha256)
    {
        Options = Options ?? new(StringComparer.Ordinal),
    };
}

internal sealed record LatencyJson
{
    [Range(1, int.MaxValue)]
    public required int Batch { get; init; }

    public required double FullMilliseconds { get; init; }

    public required double PlanMilliseconds { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [Description("The change against the full model in percent, with its 95 % interval; not there where that was not measured.")]
    public LatencyChangeJson? Change { get; init; }

    internal static LatencyJson Of(PlanLatency from) => new()
    {
        Batch = from.Batch,
        FullMilliseconds = from.FullMilliseconds,
        PlanMilliseconds = from.PlanMilliseconds,
        Change = from.Change is not { } change
            ? null
            : new() { Percent = change.Percent, LowerPercent = change.LowerPercent, UpperPercent = change.UpperPercent, Pairs = change.Pairs },
    };

    internal PlanLatency ToPlan() => new(Batch, FullMilliseconds, PlanMilliseconds, Change?.ToPlan());
}

internal sealed record LatencyChangeJson
{
    [Description("The median of paired measurements.")]
    public required double Percent { get; init; }

    public required double LowerPercent { get; init; }

    public required double UpperPercent { get; init; }

    [Range(1, int.MaxValue)]
    public required int Pairs { get; init; }

    internal LatencyChange ToPlan() => new(Percent, LowerPercent, UpperPercent, Pairs);
}
