using CsvHelper;
using DasSearch.Store.Rewards;

namespace DasSearch.Cli.Rewards;

/// <summary>Comma-separated values with a header (RFC 4180, but for line feeds alone): numbers in full, what is not there empty.</summary>
internal sealed class CsvFormat : IRewardFormat
{
    /// <inheritdoc/>
    public void Write(RewardRows rewards, TextWriter output, CancellationToken cancellation)
    {
        using var csv = CsvWriter.Create(output, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true);
        foreach (var column in rewards.Columns)
        {
            csv.WriteField(column.Name);
        }

        csv.EndRecord();
        foreach (var row in rewards.Rows)
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (var value in row)
            {
                csv.WriteField(value);
            }

            csv.EndRecord();
        }
    }
}
