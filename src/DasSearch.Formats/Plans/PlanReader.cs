using System.Text.Json;
using DasSearch.Core;
using DasSearch.Core.Plans;

namespace DasSearch.Formats;

/// <summary>Turns JSON into a plan; every field is expected, and may be null only where the plan may.</summary>
internal static class PlanReader
{
    internal static SkipPlan Read(JsonElement root) => JsonFields.Read(root, "$", Plan);

    private static SkipPlan Plan(JsonFields fields)
    {
        fields.Ignore("$schema"); // for editors
        var schema = fields.Text("schema");
        if (schema != SkipPlan.Schema)
        {
            throw new PlanException($"$.schema must be \"{SkipPlan.Schema}\", not \"{schema}\"");
        }

        return new SkipPlan(
            fields.Text("backbone"),
            fields.Text("task"),
            fields.Integer("modules"),
            fields.Section("provenance", Provenance),
            fields.List("skip", Skipped),
            fields.List("adapters", Adapter),
            fields.OptionalSection("accounting", Counts),
            fields.OptionalSection("result", Result));
    }

    private static PlanProvenance Provenance(JsonFields fields) => new(
        fields.OptionalLong("run"),
        fields.OptionalText("run_name"),
        fields.OptionalLong("seed"),
        fields.OptionalText("config_sha256"),
        fields.Text("tool_version"),
        fields.OptionalText("checkpoint"),
        fields.OptionalText("checkpoint_sha256"));

    private static SkippedModule Skipped(JsonFields fields) => new(
        fields.Integer("index"),
        fields.Text("module"),
        fields.Name<ModuleKind>("kind"),
        fields.OptionalSection("evidence", Evidence));

    private static SkipEvidence Evidence(JsonFields fields)
    {
        var evidence = new SkipEvidence(
            fields.Number("gate"),
            fields.Number("probability"),
            fields.Long("skipped"),
            fields.OptionalNumber("mean_reward_skipped"),
            fields.OptionalNumber("mean_reward_kept"),
            fields.OptionalNumber("standard_error"));
        _ = fields.OptionalNumber("difference"); // follows from the means
        return evidence;
    }

    private static AdapterPlacement Adapter(JsonFields fields) => new(
        fields.Text("module"),
        fields.Name<Placement>("placement"),
        fields.Text("site"),
        fields.Text("type"),
        fields.Integer("bottleneck"),
        fields.Text("activation"),
        fields.Text("normalisation"),
        fields.Number("scale"));

    private static Accounting Counts(JsonFields fields)
    {
        var (total, trainable) = fields.Section("parameters", part =>
        {
            _ = part.Number("trainable_percent"); // follows from the counts
            return Tuple.Create(part.Long("total"), part.Long("trainable"));
        });
        var (full, plan) = fields.Section("multiply_accumulates", part =>
        {
            _ = part.Number("change_percent"); // follows from the counts
            return Tuple.Create(part.Long("full"), part.Long("plan"));
        });
        return new Accounting(total, trainable, full, plan);
    }

    private static PlanResult Result(JsonFields fields) => new(
        fields.Text("method"),
        fields.Long("seed"),
        fields.Integer("epochs"),
        fields.Numbers("metrics"),
        fields.OptionalSection("latency", part =>
            new PlanLatency(part.Integer("batch"), part.Number("full_milliseconds"), part.Number("plan_milliseconds"))),
        fields.OptionalText("weights"),
        fields.OptionalText("weights_sha256"));
}
