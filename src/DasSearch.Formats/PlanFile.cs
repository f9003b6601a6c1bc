using System.Text;
using System.Text.Json;
using DasSearch.Core;
using DasSearch.Core.Plans;

namespace DasSearch.Formats;

/// <summary>The one place that reads and writes <c>plan.json</c>; <c>plan.schema.json</c> beside it is its JSON Schema.</summary>
public static class PlanFile
{
    private const string Schema1 = "das-search/skip-plan/1";

    /// <summary>The file name of the JSON Schema.</summary>
    public const string SchemaName = "plan.schema.json";

    /// <summary>Plans among other files.</summary>
    public static OutputKind Kind { get; } = OutputKind.Begins("plan", """^\s*\{.*"schema"\s*:\s*"das-search/skip-plan/\d+""");

    /// <summary>The JSON Schema among other files.</summary>
    public static OutputKind SchemaKind { get; } = OutputKind.Begins("schema of plans", """^\s*\{.*"\$id"\s*:\s*"das-search/skip-plan/\d+""");

    /// <summary>The JSON Schema of plans, draft 2020-12.</summary>
    public static string Schema
    {
        get
        {
            using var text = new StreamReader(typeof(PlanFile).Assembly.GetManifestResourceStream(SchemaName)!);
            return text.ReadToEnd();
        }
    }

    /// <summary>A plan as JSON, with a line feed at its end: one plan, one text, byte for byte.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="schemaFile">Where editors find the JSON Schema, as the plan names it; null to name none.</param>
    public static string Format(SkipPlan plan, string? schemaFile = null)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return JsonSerializer.Serialize(PlanJson.Of(plan, schemaFile), JsonShape.Options) + "\n";
    }

    /// <summary>Reads a plan from JSON, of this schema or the one before.</summary>
    /// <param name="json">The text.</param>
    /// <param name="source">What messages call it, such as the file's name.</param>
    /// <exception cref="PlanException">It is no plan: the message names the path within it.</exception>
    public static SkipPlan Parse(string json, string source)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentException.ThrowIfNullOrEmpty(source);
        try
        {
            using var document = JsonDocument.Parse(json);
            return Read(document.RootElement);
        }
        catch (JsonException broken)
        {
            throw new PlanException($"{source} is no JSON: line {broken.LineNumber + 1} cannot be read", broken);
        }
        catch (InvalidOperationException broken)
        {
            throw new PlanException($"{source} is no JSON: it has a text that ends within a letter", broken);
        }
        catch (WrongShapeException wrong)
        {
            throw new PlanException($"{source}: {wrong.Message}", wrong);
        }
    }

    /// <summary>Reads a plan from a file.</summary>
    /// <exception cref="PlanException">The file cannot be read or is no plan.</exception>
    public static SkipPlan Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string json;
        try
        {
            json = InputFile.ReadText(path, InputKind.Plan);
        }
        catch (InputException failure)
        {
            throw new PlanException($"the plan {failure.Message}", failure);
        }

        return Parse(json, path);
    }

    /// <summary>Writes a plan to a file: beside it first, then renamed, so that a failure leaves the old file whole.</summary>
    /// <exception cref="PlanException">The file cannot be written.</exception>
    public static void Write(SkipPlan plan, string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            OutputFile.Write(path, file => file.Write(Encoding.UTF8.GetBytes(Format(plan))));
        }
        catch (OutputException failure)
        {
            throw new PlanException($"the plan {failure.Message}", failure);
        }
    }

    /// <summary>The JSON Schema as the records of <see cref="PlanJson"/> have it, for the file to be compared with.</summary>
    internal static string GenerateSchema() =>
        JsonShape.Schema<PlanJson>(SkipPlan.Schema, "DasSearch skip plan").ToJsonString(JsonShape.Options) + "\n";

    private static SkipPlan Read(JsonElement root)
    {
        var schema = root.ValueKind == JsonValueKind.Object && root.TryGetProperty("schema", out var named) && named.ValueKind == JsonValueKind.String
            ? named.GetString()
            : SkipPlan.Schema;
        return schema switch
        {
            SkipPlan.Schema => JsonShape.Read<PlanJson>(root) is var plan ? Plan(plan, plan.Granularity, plan.Method) : null!,
            Schema1 => JsonShape.Read<PlanJson1>(root) is var plan ? Plan(plan, GuessedGranularity(plan), SkipPlan.DefaultMethod) : null!,
            _ => throw new WrongShapeException($"$.schema must be \"{SkipPlan.Schema}\", not \"{schema}\""),
        };
    }

    private static SkipPlan Plan(PlanJson1 json, Granularity granularity, string method)
    {
        var provenance = json.Provenance.ToPlan();
        var skip = json.Skip.Select((module, i) => At($"$.skip[{i}]", module.ToPlan)).ToList();
        var adapters = json.Adapters.Select((adapter, i) => At($"$.adapters[{i}]", adapter.ToPlan)).ToList();
        var accounting = At("$.accounting", () => json.Accounting?.ToPlan());
        var result = At("$.result", () => json.Result?.ToPlan());
        return At("$", () => new SkipPlan(json.Backbone, json.Task, json.Modules, granularity, provenance, skip, adapters, accounting, result) { Method = method });
    }

    // Plans of schema 1 do not say it, but the names and kinds of what they skip and adapt do; one without any is of layers.
    private static Granularity GuessedGranularity(PlanJson1 plan) =>
        plan.Skip.Any(static module => !module.Kind.IsLayer())
        || plan.Adapters.Any(static adapter =>
            adapter.Module.EndsWith(".attn", StringComparison.Ordinal) || adapter.Module.EndsWith(".mlp", StringComparison.Ordinal))
            ? Granularity.SubLayers
            : Granularity.Layers;

    /// <summary>Makes a part; what its values contradict is told with its path.</summary>
    private static T At<T>(string path, Func<T> make)
    {
        try
        {
            return make();
        }
        catch (ArgumentException contradiction)
        {
            // Only its first sentence: what follows are names of parameters.
            throw new WrongShapeException($"{path}: {contradiction.Message.Split(" (Parameter", 2)[0]}");
        }
    }
}
