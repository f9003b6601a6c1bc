namespace DasSearch.Core.Spaces;

/// <summary>What holds for every subnetwork of a search, whatever its rewards.</summary>
/// <param name="Never">Modules that are never skipped.</param>
/// <param name="KeptPerStream">How many modules of each stream are kept at least.</param>
/// <param name="MostInARow">How many modules of a stream that follow each other are skipped at most; null for any number.</param>
public sealed record SkipConstraints(IReadOnlyList<int> Never, int KeptPerStream = 0, int? MostInARow = null)
{
    /// <summary>Nothing is ruled out.</summary>
    public static readonly SkipConstraints None = new([]);
}
