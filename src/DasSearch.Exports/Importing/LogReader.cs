namespace DasSearch.Exports;

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

        if ((gates ?? chosen) is not { } last)
        {
            return null;
        }

        var selected = chosen is null ? null : ModuleList.Check(chosen.Numbers, modules, $"{source}:{chosen.Line}");
        return new Finding(gates?.Numbers, selected, null, $"{source}:{last.Line}");
    }
}
