using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using DasSearch.Store.Rewards;

namespace DasSearch.Cli.Rewards;

/// <summary>A JSON array with an object a row, each on a line of its own: numbers in full, what is not there null.</summary>
internal sealed class JsonFormat : IRewardFormat
{
    private static readonly JsonWriterOptions _written = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <inheritdoc/>
    public void Write(RewardRows rewards, TextWriter output, CancellationToken cancellation)
    {
        var names = rewards.Columns.Select(column => JsonEncodedText.Encode(column.Name)).ToArray();
        var line = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(line, _written);
        var before = "[\n";
        foreach (var row in rewards.Rows)
        {
            cancellation.ThrowIfCancellationRequested();
            line.ResetWrittenCount();
            json.Reset();
            WriteRow(json, names, row);
            json.Flush();
            output.Write(before);
            output.Write(Encoding.UTF8.GetString(line.WrittenSpan));
            before = ",\n";
        }

        output.Write(before == "[\n" ? "[]\n" : "\n]\n");
    }

    private static void WriteRow(Utf8JsonWriter json, JsonEncodedText[] names, IReadOnlyList<object?> row)
    {
        json.WriteStartObject();
        for (var i = 0; i < names.Length; i++)
        {
            switch (row[i])
            {
                case long whole:
                    json.WriteNumber(names[i], whole);
                    break;
                case double number:
                    json.WriteNumber(names[i], number);
                    break;
                case string text:
                    json.WriteString(names[i], text);
                    break;
                default:
                    json.WriteNull(names[i]);
                    break;
            }
        }

        json.WriteEndObject();
    }
}
