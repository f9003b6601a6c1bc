using System.Buffers.Binary;
using System.Data;
using System.Globalization;
using Dapper;
using DasSearch.Core.Plans;

namespace DasSearch.Store.Sqlite;

/// <summary>Times as they are stored: ISO 8601 in UTC to the millisecond, which sorts as text.</summary>
internal sealed class Times : SqlMapper.TypeHandler<DateTimeOffset>
{
    private const string Pattern = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    /// <inheritdoc/>
    public override DateTimeOffset Parse(object value) =>
        DateTimeOffset.ParseExact((string)value, Pattern, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    /// <inheritdoc/>
    public override void SetValue(IDbDataParameter parameter, DateTimeOffset value) => parameter.Value = Format(value);

    internal static string Now(TimeProvider time) => Format(time.GetUtcNow());

    internal static string Format(DateTimeOffset time) => time.UtcDateTime.ToString(Pattern, CultureInfo.InvariantCulture);
}

/// <summary>Numbers as a blob: 32-bit floats, little-endian.</summary>
internal static class FloatBlob
{
    internal static byte[] Of(IReadOnlyList<float> numbers)
    {
        var blob = new byte[numbers.Count * sizeof(float)];
        for (var i = 0; i < numbers.Count; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(blob.AsSpan(i * sizeof(float)), numbers[i]);
        }

        return blob;
    }

    internal static float[] Read(byte[] blob)
    {
        var numbers = new float[blob.Length / sizeof(float)];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = BinaryPrimitives.ReadSingleLittleEndian(blob.AsSpan(i * sizeof(float)));
        }

        return numbers;
    }
}

/// <summary>Turns of a measurement of latency as a blob: of each the full model, nothing skipped, and without each module.</summary>
internal static class LatencyBlob
{
    internal static byte[]? Of(IReadOnlyList<LatencyTurn> turns) => turns.Count == 0
        ? null
        : FloatBlob.Of([.. turns.SelectMany(turn => (float[])[turn.FullMilliseconds, turn.KeptMilliseconds, .. turn.WithoutMilliseconds])]);

    internal static IReadOnlyList<LatencyTurn> Read(byte[] blob, int modules) =>
        [.. FloatBlob.Read(blob).Chunk(2 + modules).Select(times => new LatencyTurn(times[0], times[1], times[2..]))];
}
