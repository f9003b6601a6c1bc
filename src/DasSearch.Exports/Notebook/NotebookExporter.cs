using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using DasSearch.Core.Files;
using DasSearch.Core.Plans;
using DasSearch.Store;
using DasSearch.Store.Results;

namespace DasSearch.Exports;

/// <summary>A Jupyter notebook that opens the reward database and draws the report's figures again.</summary>
/// <remarks>
/// The notebook is <c>notebook.py</c> beside this file, with the plan's own names and numbers put in as literals of Python:
/// none of them is ever code.
/// </remarks>
internal sealed class NotebookExporter : IPlanExporter
{
    private const string Template = "notebook.py";

    private static readonly JsonSerializerOptions _literal = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <inheritdoc/>
    public string Name => "notebook";

    /// <inheritdoc/>
    public string Summary => "a Jupyter notebook that opens the reward database with sqlite3 and pandas and draws the report's figures";

    /// <inheritdoc/>
    public string Suffix => ".ipynb";

    /// <inheritdoc/>
    public ExportResult Export(ExportRequest request)
    {
        if (request.Database is not { } path)
        {
            throw new ExportException("notebook needs the database with the plan's run: name it with --db");
        }

        using var store = RunStore.Open(path, TimeProvider.System);
        var run = PlanRun.Get(store.Read, request.Plan, request.PlanPath, path).Summary;
        if (run.Rounds == 0)
        {
            throw new ExportException($"run {run.Run} has no rounds yet: das resume {run.Run} goes on with it");
        }

        var script = Script(request, path, run);
        OutputFile.Write(request.Output, file => NotebookFile.Write(script, file));
        return new ExportResult([request.Output], [$"to run it: jupyter nbconvert --execute --inplace --to notebook {request.Output}"]);
    }

    private static string Script(ExportRequest request, string database, RunSummary run)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(request.Output))!;
        var relative = Path.GetRelativePath(folder, Path.GetFullPath(database)).Replace(Path.DirectorySeparatorChar, '/');
        using var text = new StreamReader(typeof(NotebookExporter).Assembly.GetManifestResourceStream(Template)!);
        return text.ReadToEnd()
            .Replace("{{title}}", Title(run), StringComparison.Ordinal)
            .Replace("{{answer}}", Answer(request.Plan), StringComparison.Ordinal)
            .Replace("{{database}}", Literal(relative), StringComparison.Ordinal)
            .Replace("{{run}}", run.Run.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{{skip}}", $"[{string.Join(", ", request.Plan.Subnetwork.Skipped)}]", StringComparison.Ordinal);
    }

    private static string Title(RunSummary run) =>
        OneLine.Of($"{run.Name}, run {run.Run.ToString(CultureInfo.InvariantCulture)}").Replace("<", "&lt;", StringComparison.Ordinal);

    private static string Answer(SkipPlan plan) => plan.Skip.Count == 0
        ? "skip nothing"
        : $"skip {string.Join(", ", plan.Subnetwork.Skipped)} of {plan.Modules}";

    // Strings of JSON are strings of Python, too.
    private static string Literal(string text) => JsonSerializer.Serialize(text, _literal);
}
