using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using DasSearch.Core.Plans;

namespace DasSearch.Formats;

/// <summary>The one place that reads and writes <c>plan.json</c>; <c>plan.schema.json</c> beside it is its JSON Schema.</summary>
public static class PlanFile
{
    private static readonly JsonWriterOptions Written = new()
    {
        Indented = true,
        NewLine = "\n",
        // The default escapes + and ' for the sake of browsers.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The file name of the JSON Schema.</summary>
    public const string SchemaName = "plan.schema.json";

    /// <summary>The JSON Schema of plans, draft 2020-12.</summary>
    public static string Schema
    {
        get
        {
            using var text = new StreamReader(typeof(PlanFile).Assembly.GetManifestResourceStream(SchemaName)!);
            return text.ReadToEnd();
        }
    }

    /// <summary>A plan as JSON, with a line feed at its end.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="schemaFile">Where editors find the JSON Schema, as the plan names it; null to name none.</param>
    public static string Format(SkipPlan plan, string? schemaFile = null)
    {
        ArgumentNullException.ThrowIfNull(plan);
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, Written))
        {
            PlanWriter.Write(plan, json, schemaFile);
        }

        text.WriteByte((byte)'\n');
        return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
    }

    /// <summary>Reads a plan from JSON.</summary>
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
            return PlanReader.Read(document.RootElement);
        }
        catch (JsonException broken)
        {
            throw new PlanException($"{source} is no JSON: line {broken.LineNumber + 1} cannot be read", broken);
        }
        catch (PlanException wrong)
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
            json = File.ReadAllText(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new PlanException($"the plan {path} cannot be read: {failure.Message}", failure);
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
}
