using CsvHelper;

namespace DasSearch.Exports.Tests.Support;

/// <summary>CSV files as an independent reader has them.</summary>
internal static class CsvRows
{
    /// <summary>The rows of a file, by column.</summary>
    internal static List<Dictionary<string, string>> Of(string path)
    {
        using var csv = CsvReader.FromFile(path);
        var rows = new List<Dictionary<string, string>>();
        while (csv.Read())
        {
            rows.Add(csv.Headers.ToArray().ToDictionary(column => column, csv.GetString));
        }

        return rows;
    }
}
