using System.Text.Json;
using DasSearch.Core;
using DasSearch.Core.Plans;

namespace DasSearch.Formats;

/// <summary>Turns a plan into JSON: one plan, one text, byte for byte.</summary>
internal static class PlanWriter
{
    internal static void Write(SkipPlan plan, Utf8JsonWriter json, string? schemaFile)
    {
        json.WriteStartObject();
        if (schemaFile is not null)
        {
            json.WriteString("$schema", schemaFile);
        }

        json.WriteString("schema", SkipPlan.Schema);
        json.WriteString("backbone", plan.Backbone);
        json.WriteString("task", plan.Task);
        json.WriteNumber("modules", plan.Modules);
        Write(plan.Provenance, json);
        json.WriteStartArray("skip");
        foreach (var module in plan.Skip)
        {
            Write(module, json);
        }

        json.WriteEndArray();
        json.WriteStartArray("adapters");
        foreach (var adapter in plan.Adapters)
        {
            Write(adapter, json);
        }

        json.WriteEndArray();
        Write(plan.Accounting, json);
        Write(plan.Result, json);
        json.WriteEndObject();
    }

    private static void Write(PlanProvenance provenance, Utf8JsonWriter json)
    {
        json.WriteStartObject("provenance");
        Number(json, "run", provenance.Run);
        json.WriteString("run_name", provenance.RunName);
        Number(json, "seed", provenance.Seed);
        json.WriteString("config_sha256", provenance.ConfigSha256);
        json.WriteString("tool_version", provenance.ToolVersion);
        json.WriteString("checkpoint", provenance.Checkpoint);
        json.WriteString("checkpoint_sha256", provenance.CheckpointSha256);
        json.WriteEndObject();
    }

    private static void Write(SkippedModule module, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("index", module.Index);
        json.WriteString("module", module.Module);
        json.WriteString("kind", EnumNames.NameOf(module.Kind));
        if (module.Evidence is { } evidence)
        {
            json.WriteStartObject("evidence");
            json.WriteNumber("gate", evidence.Gate);
            json.WriteNumber("probability", evidence.Probability);
            json.WriteNumber("skipped", evidence.Skipped);
            Number(json, "mean_reward_skipped", evidence.MeanRewardSkipped);
            Number(json, "mean_reward_kept", evidence.MeanRewardKept);
            Number(json, "difference", evidence.Difference);
            Number(json, "standard_error", evidence.StandardError);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("evidence");
        }

        json.WriteEndObject();
    }

    private static void Write(AdapterPlacement adapter, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("module", adapter.Module);
        json.WriteString("placement", EnumNames.NameOf(adapter.Placement));
        json.WriteString("site", adapter.Site);
        json.WriteString("type", adapter.Type);
        json.WriteNumber("bottleneck", adapter.Bottleneck);
        json.WriteString("activation", adapter.Activation);
        json.WriteString("normalisation", adapter.Normalisation);
        json.WriteNumber("scale", adapter.Scale);
        json.WriteEndObject();
    }

    private static void Write(Accounting? accounting, Utf8JsonWriter json)
    {
        if (accounting is null)
        {
            json.WriteNull("accounting");
            return;
        }

        json.WriteStartObject("accounting");
        json.WriteStartObject("parameters");
        json.WriteNumber("total", accounting.TotalParameters);
        json.WriteNumber("trainable", accounting.TrainableParameters);
        json.WriteNumber("trainable_percent", accounting.TrainablePercent);
        json.WriteEndObject();
        json.WriteStartObject("multiply_accumulates");
        json.WriteNumber("full", accounting.FullMultiplyAccumulates);
        json.WriteNumber("plan", accounting.PlanMultiplyAccumulates);
        json.WriteNumber("change_percent", accounting.ChangePercent);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Write(PlanResult? result, Utf8JsonWriter json)
    {
        if (result is null)
        {
            json.WriteNull("result");
            return;
        }

        json.WriteStartObject("result");
        json.WriteString("method", result.Method);
        json.WriteNumber("seed", result.Seed);
        json.WriteNumber("epochs", result.Epochs);
        json.WriteStartObject("metrics");
        foreach (var (name, value) in result.Metrics.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            json.WriteNumber(name, value);
        }

        json.WriteEndObject();
        if (result.Latency is { } latency)
        {
            json.WriteStartObject("latency");
            json.WriteNumber("batch", latency.Batch);
            json.WriteNumber("full_milliseconds", latency.FullMilliseconds);
            json.WriteNumber("plan_milliseconds", latency.PlanMilliseconds);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("latency");
        }

        json.WriteString("weights", result.Weights);
        json.WriteString("weights_sha256", result.WeightsSha256);
        json.WriteEndObject();
    }

    private static void Number(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void Number(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
