using System.Globalization;

namespace DasSearch.Core;

/// <summary>A backbone with some of its modules skipped: the set of their indices, by value.</summary>
/// <remarks>
/// Immutable and small: the indices lie sorted in one array. Two are equal when they skip the same modules of the same
/// number. They are ordered by how many they skip, then index by index.
/// </remarks>
public sealed class Subnetwork : IEquatable<Subnetwork>, IComparable<Subnetwork>
{
    // What a set without members looks like in a table, where an empty cell would look like a mistake.
    private const string NothingSkipped = "-";

    private readonly int[] _skipped;
    private readonly int _hash;

    /// <summary>A set of skipped modules.</summary>
    /// <param name="modules">How many modules the backbone has, at least 0.</param>
    /// <param name="skipped">Their indices, in any order, each from 0 to <paramref name="modules"/> − 1 and there once.</param>
    /// <exception cref="ArgumentOutOfRangeException">An index is out of range.</exception>
    /// <exception cref="ArgumentException">An index is there twice.</exception>
    public Subnetwork(int modules, IEnumerable<int> skipped)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(modules);
        ArgumentNullException.ThrowIfNull(skipped);
        _skipped = [.. skipped];
        Array.Sort(_skipped);
        for (var i = 0; i < _skipped.Length; i++)
        {
            if (_skipped[i] < 0 || _skipped[i] >= modules)
            {
                throw new ArgumentOutOfRangeException(nameof(skipped), _skipped[i], $"Modules are numbered from 0 to {modules - 1}.");
            }

            if (i > 0 && _skipped[i] == _skipped[i - 1])
            {
                throw new ArgumentException($"Module {_skipped[i]} is skipped twice.", nameof(skipped));
            }
        }

        Modules = modules;
        Skipped = Array.AsReadOnly(_skipped);
        var hash = new HashCode();
        hash.Add(modules);
        foreach (var index in _skipped)
        {
            hash.Add(index);
        }

        _hash = hash.ToHashCode();
    }

    /// <summary>How many modules the backbone has.</summary>
    public int Modules { get; }

    /// <summary>How many of them are skipped.</summary>
    public int Count => _skipped.Length;

    /// <summary>The indices of the skipped modules, ascending.</summary>
    public IReadOnlyList<int> Skipped { get; }

    /// <summary>The whole backbone: nothing is skipped.</summary>
    /// <param name="modules">How many modules it has, at least 0.</param>
    public static Subnetwork Whole(int modules) => new(modules, []);

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    /// <param name="text">Indices in any order, with commas between them, or <c>-</c> for none.</param>
    /// <param name="modules">How many modules the backbone has.</param>
    /// <exception cref="FormatException"><paramref name="text"/> is something else.</exception>
    /// <exception cref="ArgumentException">An index is out of range or there twice.</exception>
    public static Subnetwork Parse(string text, int modules)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text == NothingSkipped)
        {
            return Whole(modules);
        }

        return new Subnetwork(modules, text.Split(',').Select(part =>
            int.TryParse(part, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var index)
                ? index
                : throw new FormatException($"Expected module indices such as 2,5,7, or {NothingSkipped} for none, got '{text}'.")));
    }

    /// <summary>Whether a module is skipped; an index that no module has is not.</summary>
    public bool Contains(int index) => Array.BinarySearch(_skipped, index) >= 0;

    /// <inheritdoc/>
    public bool Equals(Subnetwork? other) =>
        other is not null && _hash == other._hash && Modules == other.Modules && _skipped.AsSpan().SequenceEqual(other._skipped);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Subnetwork);

    /// <summary>A hash for sets in memory; it differs from one process to the next.</summary>
    public override int GetHashCode() => _hash;

    /// <inheritdoc/>
    public int CompareTo(Subnetwork? other)
    {
        if (other is null)
        {
            return 1;
        }

        var bySize = (Modules, Count).CompareTo((other.Modules, other.Count));
        return bySize != 0 ? bySize : _skipped.AsSpan().SequenceCompareTo(other._skipped);
    }

    /// <summary>The skipped indices, ascending, such as <c>2,5,7</c>; <c>-</c> for none.</summary>
    public override string ToString() => Count == 0 ? NothingSkipped : string.Join(',', _skipped);

    /// <summary>Whether both skip the same.</summary>
    public static bool operator ==(Subnetwork? left, Subnetwork? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Whether they skip something different.</summary>
    public static bool operator !=(Subnetwork? left, Subnetwork? right) => !(left == right);

    /// <summary>Whether the left one comes first.</summary>
    public static bool operator <(Subnetwork? left, Subnetwork? right) => left is null ? right is not null : left.CompareTo(right) < 0;

    /// <summary>Whether the left one does not come last.</summary>
    public static bool operator <=(Subnetwork? left, Subnetwork? right) => left is null || left.CompareTo(right) <= 0;

    /// <summary>Whether the left one comes last.</summary>
    public static bool operator >(Subnetwork? left, Subnetwork? right) => right < left;

    /// <summary>Whether the left one does not come first.</summary>
    public static bool operator >=(Subnetwork? left, Subnetwork? right) => right <= left;
}

/// <summary>Sets of m out of n modules, counted and listed.</summary>
public static class Combinations
{
    /// <summary>The binomial coefficient C(n, m); <see cref="long.MaxValue"/> where it is larger, 0 where m is out of range.</summary>
    /// <param name="modules">n, at least 0.</param>
    /// <param name="skipped">m.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="modules"/> is negative.</exception>
    public static long Count(int modules, int skipped)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(modules);
        if (skipped < 0 || skipped > modules)
        {
            return 0;
        }

        Int128 count = 1;
        for (var i = 1; i <= Math.Min(skipped, modules - skipped); i++)
        {
            count = count * (modules - i + 1) / i;
            if (count > long.MaxValue)
            {
                return long.MaxValue;
            }
        }

        return (long)count;
    }

    /// <summary>Every subnetwork that skips m of n modules, in their canonical order, one at a time.</summary>
    /// <param name="modules">n, at least 0.</param>
    /// <param name="skipped">m; nothing is listed where it is out of range.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="modules"/> is negative.</exception>
    public static IEnumerable<Subnetwork> All(int modules, int skipped)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(modules);
        return skipped < 0 || skipped > modules ? [] : Listed(modules, skipped);
    }

    private static IEnumerable<Subnetwork> Listed(int modules, int skipped)
    {
        var chosen = Enumerable.Range(0, skipped).ToArray();
        while (true)
        {
            yield return new Subnetwork(modules, chosen);

            var place = skipped - 1;
            while (place >= 0 && chosen[place] == modules - skipped + place)
            {
                place--;
            }

            if (place < 0)
            {
                yield break;
            }

            chosen[place]++;
            for (var next = place + 1; next < skipped; next++)
            {
                chosen[next] = chosen[next - 1] + 1;
            }
        }
    }
}
