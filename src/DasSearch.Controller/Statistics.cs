using DasSearch.Core;

namespace DasSearch.Controller;

/// <summary>The mean advantage of the subnetworks that skip each module.</summary>
internal sealed class ModuleMeans(int modules)
{
    private double[] _counts = new double[modules];
    private double[] _sums = new double[modules];

    /// <summary>How many of the evaluations skipped each.</summary>
    internal IReadOnlyList<double> Counts => _counts;

    /// <summary>The means; 0 of a module that was never skipped.</summary>
    internal IReadOnlyList<double> Values => [.. _sums.Select((sum, i) => _counts[i] > 0 ? sum / _counts[i] : 0)];

    internal void Learn(Advantage advantage)
    {
        foreach (var i in advantage.Subnetwork.Skipped)
        {
            _counts[i]++;
            _sums[i] += advantage.Value;
        }
    }

    internal IReadOnlyList<double> Save() => [.. _counts, .. _sums];

    internal void Load(IReadOnlyList<double> numbers) =>
        (_counts, _sums) = ([.. numbers.Take(_counts.Length)], [.. numbers.Skip(_counts.Length)]);
}

/// <summary>What a set was worth so far.</summary>
/// <param name="Subnetwork">The set.</param>
/// <param name="Count">How many times it was scored.</param>
/// <param name="Sum">The sum of its advantages.</param>
internal sealed record SetStatistics(Subnetwork Subnetwork, double Count, double Sum)
{
    /// <summary>Its mean advantage, drawn towards 0 as if by one evaluation of average worth.</summary>
    internal double Worth => Sum / (Count + 1);

    internal SetStatistics With(double advantage) => new(Subnetwork, Count + 1, Sum + advantage);

    /// <summary>Records as numbers: for each its modules, as many as any set has, with −1 for none; count and sum.</summary>
    internal static IReadOnlyList<double> Save(IEnumerable<SetStatistics> records, ControllerSettings settings) =>
    [
        .. records.SelectMany(record => Enumerable.Range(0, settings.Space.MostSkipped)
            .Select(place => place < record.Subnetwork.Count ? record.Subnetwork.Skipped[place] : -1.0)
            .Append(record.Count)
            .Append(record.Sum)),
    ];

    /// <summary>The records of numbers.</summary>
    /// <exception cref="ArgumentException">They are none.</exception>
    internal static List<SetStatistics> Load(IReadOnlyList<double> numbers, ControllerSettings settings)
    {
        var size = settings.Space.MostSkipped + 2;
        return numbers.Count % size == 0
            ? [.. numbers.Chunk(size).Select(part => new SetStatistics(
                new Subnetwork(settings.Modules, part[..^2].Where(i => i >= 0).Select(i => (int)i)), part[^2], part[^1]))]
            : throw new ArgumentException($"{numbers.Count} numbers are no records of up to {settings.Space.MostSkipped} modules each.", nameof(numbers));
    }
}
