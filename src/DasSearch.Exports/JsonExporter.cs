using System.Text;
using DasSearch.Formats;

namespace DasSearch.Exports;

/// <summary>The plan in its canonical form, naming its JSON Schema, which is written beside it.</summary>
/// <remarks>Its output is a plan like any other: das reads it, too.</remarks>
internal sealed class JsonExporter : IPlanExporter
{
    public string Name => "json";

    public string Summary => "the plan in canonical form, with its JSON Schema beside it";

    public string Suffix => ".canonical.json";

    public void Claim(OutputGuard guard, ExportRequest request)
    {
        var schema = SchemaBeside(request);
        if (schema is not null && Path.GetFullPath(schema) == Path.GetFullPath(request.Output))
        {
            throw new ExportUsageException($"the output cannot be called {PlanFile.SchemaName}, which is the name of the schema beside it");
        }

        guard.Claim(request.Output, PlanFile.Kind);
        if (schema is not null)
        {
            guard.Claim(schema, PlanFile.SchemaKind, "schema");
        }
    }

    public ExportResult Export(ExportRequest request)
    {
        if (SchemaBeside(request) is not { } schema)
        {
            Write(request.Output, PlanFile.Format(request.Plan));
            return new ExportResult([request.Output], []);
        }

        Write(schema, PlanFile.Schema);
        Write(request.Output, PlanFile.Format(request.Plan, PlanFile.SchemaName));
        return new ExportResult([request.Output, schema], []);
    }

    // Nothing lies beside a pipe.
    private static string? SchemaBeside(ExportRequest request) =>
        OutputPlace.Of(request.Output).IsInAFolder ? Path.Combine(Path.GetDirectoryName(request.Output) ?? "", PlanFile.SchemaName) : null;

    private static void Write(string path, string text) => OutputFile.Write(path, file => file.Write(Encoding.UTF8.GetBytes(text)));
}
