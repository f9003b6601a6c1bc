using System.Globalization;
using DasSearch.Core;

namespace DasSearch.Exports;

/// <summary>Decides which modules a source says to skip.</summary>
internal static class ModuleChoice
{
    /// <summary>The choice of the authors' code if it has the wanted number of modules, else those with the largest gates.</summary>
    /// <param name="notes">Gets a sentence where the gates cannot tell modules apart.</param>
    /// <exception cref="ImportException">The source does not say enough, or contradicts the request.</exception>
    internal static Subnetwork Of(SourceFinding finding, ImportRequest request, int modules, List<string> notes)
    {
        if (request.Skip is { } wanted && (wanted < 0 || wanted >= modules))
        {
            throw new ImportException(
                $"--skip must be from 0 to {modules - 1}, since {request.Model.Name} has {modules} modules, not {wanted}");
        }

        if (finding.Selected is { } selected && (request.Skip ?? selected.Count) == selected.Count)
        {
            Say(finding.ChoiceNote);
            return selected.Count < modules
                ? new Subnetwork(modules, selected)
                : throw new ImportException($"{finding.Place} names all {modules} modules: nothing would be left");
        }

        if (finding.Gates is not { } gates)
        {
            throw new ImportException(
                $"{finding.Place} names {finding.Selected!.Count} modules and has no gates to choose {request.Skip} by");
        }

        CheckGates(gates, finding.Place, modules, request);
        var count = request.Skip
            ?? finding.Count
            ?? throw new ImportException($"{finding.Place} has gates, but does not say how many modules to skip: --skip M does");
        Say(finding.GatesNote);
        return count < modules
            ? Top(gates, count, notes)
            : throw new ImportException($"{finding.Place} is to skip {count} of {modules} modules: nothing would be left");

        void Say(string? note) => notes.AddRange(note is null ? [] : [note]);
    }

    private static void CheckGates(IReadOnlyList<double> gates, string place, int modules, ImportRequest request)
    {
        if (gates.Count != modules)
        {
            throw new ImportException(
                $"{place} has {gates.Count} gates, but {request.Model.Name} has {modules} modules: "
                + "name another --backbone, or the number with --modules");
        }

        for (var i = 0; i < gates.Count; i++)
        {
            if (!double.IsFinite(gates[i]))
            {
                throw new ImportException(string.Create(
                    CultureInfo.InvariantCulture, $"{place}: gate {i} is {gates[i]}, expected a finite number"));
            }
        }
    }

    private static Subnetwork Top(IReadOnlyList<double> gates, int count, List<string> notes)
    {
        var chosen = TopGates.Choose(gates, count);
        var least = count > 0 ? chosen.Skipped.Min(index => gates[index]) : double.PositiveInfinity;
        var left = Enumerable.Range(0, gates.Count).Where(index => !chosen.Contains(index) && gates[index] == least).ToList();
        if (left.Count > 0)
        {
            var taken = chosen.Skipped.Where(index => gates[index] == least);
            notes.Add($"the gates cannot tell {string.Join(", ", left)} from {string.Join(", ", taken)}: the larger index was taken");
        }

        return chosen;
    }
}

/// <summary>What a source says about a model.</summary>
/// <param name="Gates">The gates, or probabilities that rise with them, one per module; null where it has none.</param>
/// <param name="Selected">The modules that the authors' code chose, a set in any order; null where it tells of no choice.</param>
/// <param name="Count">How many modules were to be skipped; null where it does not say.</param>
/// <param name="Place">Where that is, as messages say it.</param>
internal sealed record SourceFinding(IReadOnlyList<double>? Gates, IReadOnlyList<int>? Selected, int? Count, string Place)
{
    /// <summary>Says where the choice was found; null where that is plain.</summary>
    internal string? ChoiceNote { get; init; }

    /// <summary>Says where the gates were found; null where that is plain.</summary>
    internal string? GatesNote { get; init; }
}

/// <summary>A list of modules as somebody wrote or printed it.</summary>
internal static class ModuleList
{
    /// <summary>The indices, if they are those of a set of modules.</summary>
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
