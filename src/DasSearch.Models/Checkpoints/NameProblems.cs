namespace DasSearch.Models.Checkpoints;

/// <summary>What does not fit between a checkpoint's names and a network's.</summary>
/// <param name="network">What messages call the network.</param>
/// <param name="missing">Names that the network has alone.</param>
/// <param name="misshapen">Names of other shapes, with both shapes.</param>
/// <param name="twice">Names under which the checkpoint has several tensors.</param>
/// <param name="unexpected">Names that the checkpoint has alone: no problem by themselves, but often a hint at one.</param>
internal sealed class NameProblems(
    string network, IReadOnlyList<string> missing, IReadOnlyList<string> misshapen, IReadOnlyList<string> twice, IReadOnlyList<string> unexpected)
{
    private const int Shown = 4;

    /// <summary>What follows the checkpoint's name in a sentence; null where all fits.</summary>
    internal string? Message
    {
        get
        {
            string[] problems =
            [
                .. Of(missing, "lacks {0}", "lacks {1} names, {0}"),
                .. Of(misshapen, "has {0}", "has {1} of another shape, {0}"),
                .. Of(twice, "has {0} twice, under this name and another one", "has {1} names twice, {0}"),
            ];
            return problems.Length == 0 ? null : string.Join("; ", LeftOut is { } others ? [.. problems, others] : problems);
        }
    }

    /// <summary>The same of unexpected names alone.</summary>
    internal string? LeftOut => Of(unexpected, $"has {{0}}, which no {network} has", $"has {{1}} names that no {network} has, {{0}}").FirstOrDefault();

    private static IEnumerable<string> Of(IReadOnlyList<string> names, string one, string several)
    {
        var list = string.Join(", ", names.Take(Shown)) + (names.Count > Shown ? ", …" : "");
        return names.Count == 0 ? [] : [(names.Count == 1 ? one : several).Replace("{1}", $"{names.Count}", StringComparison.Ordinal).Replace("{0}", list, StringComparison.Ordinal)];
    }
}
