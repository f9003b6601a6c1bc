using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Formats;
using DasSearch.Store;

namespace DasSearch.Exports;

/// <summary>A Jupyter notebook that opens the reward database and draws the report's figures again.</summary>
/// <remarks>
/// The notebook is <c>notebook.py</c> beside this file, with the plan's own names and numbers put in as literals of Python:
/// none of them is ever code.
/// </remarks>
internal sealed class NotebookExporter : IPlanExporter
{
    private const string Template = "notebook.py";

    // Its first cell says so, however it was run since.
    private static readonly OutputKind _kind = OutputKind.Begins("notebook", "^\\{.*`das export PLAN --to notebook` wrote this");
    private static readonly JsonSerializerOptions _literal = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public string Name => "notebook";

    public string Summary => "a Jupyter notebook that opens the reward database with sqlite3 and pandas and draws the report's figures";

    public string Suffix => ".ipynb";

    public void Claim(OutputGuard guard, ExportRequest request) => guard.Claim(request.Output, _kind);

    public ExportResult Export(ExportRequest request)
    {
        if (request.Database is not { } path)
        {
            throw new ExportException("notebook needs the database with the plan's run: name it with --db");
        }

        using var store = request.Open(path);
        var run = PlanRun.Get(store.Read, request.Plan, request.PlanPath, path).Summary;
        if (run.Rounds == 0)
        {
            throw new ExportException($"run {run.Run} {run.NoRounds}");
        }

        var script = Script(request, path, run);
        OutputFile.Write(request.Output, file => NotebookFile.Write(script, file));
        return new ExportResult([request.Output], [$"to run it: {ShellLine.Of("jupyter", "nbconvert", "--execute", "--inplace", "--to", "notebook", ShellLine.File(request.Output))}"]);
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
        SingleLine.Of($"{run.Name}, run {run.Run.ToString(CultureInfo.InvariantCulture)}").Replace("<", "&lt;", StringComparison.Ordinal);

    private static string Answer(SkipPlan plan) => plan.Skip.Count == 0
        ? "skip nothing"
        : $"skip {string.Join(", ", plan.Subnetwork.Skipped)} of {plan.Modules}";

    // Strings of JSON are strings of Python, too.
    private static string Literal(string text) => JsonSerializer.Serialize(text, _literal);
}

/// <summary>Writes a script in the percent format as a Jupyter notebook.</summary>
/// <remarks>
/// Version 4.5 of the format, laid out as Jupyter itself does, so that saving it there changes no line:
/// https://nbformat.readthedocs.io/en/latest/format_description.html.
/// </remarks>
internal static class NotebookFile
{
    private const string Cell = "# %%";
    private const string Markdown = "# %% [markdown]";
    private const string Comment = "# ";

    private static readonly JsonWriterOptions _written = new()
    {
        Indented = true, IndentSize = 1, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Writes the notebook, with a line feed at its end.</summary>
    /// <param name="script">Cells that each begin with a line <c># %%</c>; the lines of <c># %% [markdown]</c> ones are comments.</param>
    internal static void Write(string script, Stream output)
    {
        using (var json = new Utf8JsonWriter(output, _written))
        {
            json.WriteStartObject();
            json.WriteStartArray("cells");
            foreach (var (cell, number) in Cells(script).Select((cell, i) => (cell, i + 1)))
            {
                Write(cell, string.Create(CultureInfo.InvariantCulture, $"cell-{number}"), json);
            }

            json.WriteEndArray();
            json.WriteStartObject("metadata");
            json.WriteStartObject("kernelspec");
            json.WriteString("display_name", "Python 3");
            json.WriteString("language", "python");
            json.WriteString("name", "python3");
            json.WriteEndObject();
            json.WriteStartObject("language_info");
            json.WriteString("name", "python");
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteNumber("nbformat", 4);
            json.WriteNumber("nbformat_minor", 5);
            json.WriteEndObject();
        }

        output.WriteByte((byte)'\n');
    }

    private static List<List<string>> Cells(string script)
    {
        var cells = new List<List<string>>();
        foreach (var line in script.ReplaceLineEndings("\n").Split('\n'))
        {
            if (line.StartsWith(Cell, StringComparison.Ordinal))
            {
                cells.Add([]);
            }

            cells[^1].Add(line);
        }

        return cells;
    }

    private static void Write(List<string> cell, string id, Utf8JsonWriter json)
    {
        var isMarkdown = cell[0] == Markdown;
        var lines = cell.Skip(1).Select(line => !isMarkdown ? line : line.Length > Comment.Length ? line[Comment.Length..] : "").ToList();
        while (lines is [.., ""])
        {
            lines.RemoveAt(lines.Count - 1);
        }

        json.WriteStartObject();
        json.WriteString("cell_type", isMarkdown ? "markdown" : "code");
        if (!isMarkdown)
        {
            json.WriteNull("execution_count");
        }

        json.WriteString("id", id);
        json.WriteStartObject("metadata");
        json.WriteEndObject();
        if (!isMarkdown)
        {
            json.WriteStartArray("outputs");
            json.WriteEndArray();
        }

        json.WriteStartArray("source");
        foreach (var (line, i) in lines.Select((line, i) => (line, i)))
        {
            json.WriteStringValue(i < lines.Count - 1 ? line + "\n" : line);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
