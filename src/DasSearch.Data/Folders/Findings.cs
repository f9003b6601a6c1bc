using DasSearch.Core;

namespace DasSearch.Data.Folders;

/// <summary>What was found out about a data set: each thing once, with how often and where first.</summary>
/// <param name="What">What was found, in the plural, such as <c>missing pictures</c>.</param>
/// <param name="Count">How often.</param>
/// <param name="First">Where first: three names at most.</param>
/// <param name="IsFault">Whether nothing can be trained on it.</param>
public sealed record Finding(string What, int Count, IReadOnlyList<string> First, bool IsFault)
{
    /// <inheritdoc/>
    public override string ToString() => $"{What}: {Count} ({string.Join(", ", First)}{(Count > First.Count ? ", …" : "")})";
}

/// <summary>Gathers findings while a data set is read.</summary>
internal sealed class Findings
{
    private const int Shown = 3;
    private const int LongestName = 100;

    private readonly List<Finding> _all = [];

    /// <summary>All of them, in the order in which each was first found.</summary>
    public IReadOnlyList<Finding> All => _all;

    /// <summary>Those that must not be.</summary>
    public IEnumerable<Finding> Faults => _all.Where(static finding => finding.IsFault);

    /// <summary>Something that must not be.</summary>
    public void Fault(string what, string name) => Add(what, name, isFault: true);

    /// <summary>Something to know.</summary>
    public void Note(string what, string name) => Add(what, name, isFault: false);

    // Names are out of files, and may be anything.
    private void Add(string what, string found, bool isFault)
    {
        var name = SingleLine.Of(found.Length > LongestName ? $"{found.AsSpan(0, LongestName)}…" : found);
        var place = _all.FindIndex(finding => finding.What == what);
        if (place < 0)
        {
            _all.Add(new Finding(what, 1, [name], isFault));
            return;
        }

        var known = _all[place];
        _all[place] = known with { Count = known.Count + 1, First = known.First.Count < Shown ? [.. known.First, name] : known.First };
    }
}
