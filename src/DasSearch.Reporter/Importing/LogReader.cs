using System.Globalization;

namespace DasSearch.Reporter.Importing;

/// <summary>Reads what a search of the authors' printed: gates or probabilities, and the modules chosen after each epoch.</summary>
/// <remarks>
/// The last of each counts, since a search goes on printing as it learns. A choice is printed by ascending gate, not by
/// index, so it is a set. METER's and ViLT's tests print the gates in two halves, whose labels are wrong for METER: the
/// halves are told apart by them, but what they say is not believed.
/// </remarks>
internal static class LogReader
{
    private const string FirstHalf = "Fusion Image";
    private const string SecondHalf = "Fusion Text";

    /// <summary>What a log says about a model; null where it prints neither gates nor a choice.</summary>
    /// <param name="text">The log.</param>
    /// <param name="source">What messages call it.</param>
    /// <param name="modules">How many modules the model has.</param>
    /// <exception cref="ImportException">A choice names modules that the model does not have.</exception>
    internal static Finding? Read(string text, string source, int modules)
    {
        PrintedTensor? gates = null, chosen = null, half = null;
        foreach (var tensor in PrintedTensor.ReadAll(text))
        {
            if (tensor.Numbers.Count == 0)
            {
                continue;
            }

            if (tensor.IsInteger)
            {
                chosen = tensor;
            }
            else if (tensor.Numbers.Count == modules)
            {
                gates = tensor;
            }
            else if (half is not null && tensor.Label == SecondHalf && half.Numbers.Count + tensor.Numbers.Count == modules)
            {
                gates = half with { Numbers = [.. half.Numbers, .. tensor.Numbers] };
            }

            half = tensor.Label == FirstHalf ? tensor : null;
        }

        return gates is null && chosen is null
            ? null
            : new Finding(gates?.Numbers, chosen is null ? null : Indices(chosen, source, modules), null, Place(source, (gates ?? chosen)!));
    }

    private static IReadOnlyList<int> Indices(PrintedTensor chosen, string source, int modules) =>
        ModuleList.Check([.. chosen.Numbers], modules, Place(source, chosen));

    private static string Place(string source, PrintedTensor tensor) =>
        string.Create(CultureInfo.InvariantCulture, $"{source}:{tensor.Line}");
}
