using DasSearch.Core;

namespace DasSearch.Controller;

/// <summary>What a set was worth so far.</summary>
/// <param name="Subnetwork">The set.</param>
/// <param name="Count">How many times it was scored.</param>
/// <param name="Sum">The sum of its advantages.</param>
internal sealed record SetRecord(Subnetwork Subnetwork, double Count, double Sum)
{
    /// <summary>Its mean advantage, drawn towards 0 as if by one evaluation of average worth.</summary>
    internal double Worth => Sum / (Count + 1);

    internal SetRecord With(double advantage) => new(Subnetwork, Count + 1, Sum + advantage);

    /// <summary>Records as numbers: for each its modules, as many as any set has, with −1 for none; count and sum.</summary>
    internal static IReadOnlyList<double> Save(IEnumerable<SetRecord> records, ControllerSettings settings) =>
    [
        .. records.SelectMany(record => Enumerable.Range(0, settings.Space.MostSkipped)
            .Select(place => place < record.Subnetwork.Count ? record.Subnetwork.Skipped[place] : -1.0)
            .Append(record.Count)
            .Append(record.Sum)),
    ];

    /// <summary>The records of numbers.</summary>
    /// <exception cref="ArgumentException">They are none.</exception>
    internal static List<SetRecord> Load(IReadOnlyList<double> numbers, ControllerSettings settings)
    {
        var size = settings.Space.MostSkipped + 2;
        return numbers.Count % size == 0
            ? [.. numbers.Chunk(size).Select(part => new SetRecord(
                new Subnetwork(settings.Modules, part[..^2].Where(i => i >= 0).Select(i => (int)i)), part[^2], part[^1]))]
            : throw new ArgumentException($"{numbers.Count} numbers are no records of up to {settings.Space.MostSkipped} modules each.", nameof(numbers));
    }
}
