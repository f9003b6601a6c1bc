using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace DasSearch.Cli.Commands;

/// <summary><c>--json</c>, the same for every command that prints facts.</summary>
internal static class JsonOption
{
    private static readonly JsonSerializerOptions Written = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        NewLine = "\n",
        // The default escapes + and ' for the sake of browsers.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>A new option; each command needs its own.</summary>
    public static Option<bool> Create() => new("--json") { Description = "Print JSON instead of text." };

    /// <summary>Prints facts, with names in snake_case as in the database.</summary>
    public static void Write(Terminal terminal, object facts) =>
        terminal.Output.WriteLine(JsonSerializer.Serialize(facts, Written));
}
