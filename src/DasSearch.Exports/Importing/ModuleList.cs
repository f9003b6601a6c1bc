using System.Globalization;

namespace DasSearch.Exports;

/// <summary>A list of modules as somebody wrote or printed it.</summary>
internal static class ModuleList
{
    /// <summary>The indices, if they are those of a set of modules.</summary>
    /// <param name="numbers">What was listed.</param>
    /// <param name="modules">How many modules there are.</param>
    /// <param name="place">Where, as messages say it.</param>
    /// <exception cref="ImportException">A number is no module's index, or is there twice.</exception>
    internal static IReadOnlyList<int> Check(IReadOnlyList<double> numbers, int modules, string place)
    {
        var seen = new HashSet<double>();
        foreach (var number in numbers)
        {
            if (!double.IsInteger(number) || number < 0 || number >= modules)
            {
                throw new ImportException(string.Create(
                    CultureInfo.InvariantCulture, $"{place}: the list names module {number}, expected indices from 0 to {modules - 1}"));
            }

            if (!seen.Add(number))
            {
                throw new ImportException(string.Create(CultureInfo.InvariantCulture, $"{place}: the list names module {number} twice"));
            }
        }

        return [.. numbers.Select(number => (int)number)];
    }
}
