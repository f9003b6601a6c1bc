using System.Text.Json;
using System.Text.Json.Serialization;
using DasSearch.Core;
using DasSearch.Formats;

namespace DasSearch.Data.Folders;

/// <summary>Reads tables in JSON into records; what a record does not have is passed over.</summary>
internal static class JsonTable
{
    private static readonly JsonSerializerOptions _options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        NumberHandling = JsonNumberHandling.AllowReadingFromString,
        MaxDepth = 16,
    };

    /// <summary>Reads a file that is one document.</summary>
    /// <param name="path">The file.</param>
    /// <param name="expected">What it should be, as messages say it.</param>
    /// <exception cref="DasSearchException">It cannot be read, or is something else.</exception>
    public static T Read<T>(string path, string expected)
        where T : class
    {
        using var file = InputFile.Open(path, InputKind.Table);
        try
        {
            return JsonSerializer.Deserialize<T>(file, _options) ?? throw new DatasetException($"{path} says nothing, expected {expected}.");
        }
        catch (JsonException failure)
        {
            throw new DatasetException($"{path} cannot be understood in line {failure.LineNumber + 1}{(failure.Path is { Length: > 1 } at ? $", at {at}" : "")}, expected {expected}.", failure);
        }
    }

    /// <summary>Reads a file with a record a line; a line that is none is a fault.</summary>
    /// <exception cref="DasSearchException">It cannot be read.</exception>
    public static IEnumerable<T> ReadLines<T>(string path, Findings findings)
        where T : class
    {
        using var lines = new StreamReader(InputFile.Open(path, InputKind.Table));
        for (var number = 1; lines.ReadLine() is { } line; number++)
        {
            if (line.Length > 0)
            {
                if (Parse<T>(line) is { } row)
                {
                    yield return row;
                }
                else
                {
                    findings.Fault("lines that are no samples", $"{Path.GetFileName(path)}, line {number}");
                }
            }
        }
    }

    private static T? Parse<T>(string line)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(line, _options);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
