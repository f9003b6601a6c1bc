using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace DasSearch.Exports;

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
    /// <param name="output">Where to.</param>
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
