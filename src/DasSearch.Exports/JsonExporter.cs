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

    public ExportResult Export(ExportRequest request)
    {
        var schema = Path.Combine(Path.GetDirectoryName(request.Output) ?? "", PlanFile.SchemaName);
        if (Path.GetFullPath(schema) == Path.GetFullPath(request.Output))
        {
            throw new ExportUsageException($"the output cannot be called {PlanFile.SchemaName}, which is the name of the schema beside it");
        }

        Write(schema, PlanFile.Schema);
        Write(request.Output, PlanFile.Format(request.Plan, PlanFile.SchemaName));
        return new ExportResult([request.Output, schema], []);
    }

    private static void Write(string path, string text) => OutputFile.Write(path, file => file.Write(Encoding.UTF8.GetBytes(text)));
}
