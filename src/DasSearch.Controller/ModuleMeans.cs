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
