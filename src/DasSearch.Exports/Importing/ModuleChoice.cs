using System.Globalization;
using DasSearch.Core;

namespace DasSearch.Exports;

/// <summary>Decides which modules a source says to skip.</summary>
internal static class ModuleChoice
{
    /// <summary>The choice of the authors' code if it has the wanted number of modules, else those with the largest gates.</summary>
    /// <param name="finding">What the source says.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="modules">How many modules there are.</param>
    /// <param name="notes">Gets a sentence where the gates cannot tell modules apart.</param>
    /// <exception cref="ImportException">The source does not say enough, or contradicts the request.</exception>
    internal static Subnetwork Of(Finding finding, ImportRequest request, int modules, List<string> notes)
    {
        if (request.Skip is { } wanted && (wanted < 0 || wanted >= modules))
        {
            throw new ImportException(
                $"--skip must be from 0 to {modules - 1}, since {request.Model.Name} has {modules} modules, not {wanted}");
        }

        if (finding.Selected is { } selected && (request.Skip ?? selected.Count) == selected.Count)
        {
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
        return count < modules
            ? Top(gates, count, notes)
            : throw new ImportException($"{finding.Place} is to skip {count} of {modules} modules: nothing would be left");
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
