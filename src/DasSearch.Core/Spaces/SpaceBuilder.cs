using static DasSearch.Core.Spaces.SkipSpace;

namespace DasSearch.Core.Spaces;

/// <summary>Builds the decision diagram of a <see cref="SkipSpace"/>.</summary>
internal sealed class SpaceBuilder
{
    // Modules of a stream are counted in eight bits each.
    private const int MostStreams = 7;
    private const int CountBits = 8;

    private readonly IReadOnlyList<int> _streams; // numbered
    private readonly int[] _mostSkipped; // of each stream
    private readonly SkipTarget _target;
    private readonly bool[] _never;
    private readonly int _mostInARow;
    private readonly bool _countsStreams;
    private readonly Dictionary<(int Depth, State State), Node?> _nodes = [];

    internal SpaceBuilder(IReadOnlyList<string> streams, SkipTarget target, SkipConstraints constraints)
    {
        var names = streams.Distinct().ToList();
        if (names.Count > MostStreams || streams.Count >= 1 << CountBits)
        {
            throw new ArgumentException($"At most {MostStreams} streams of {(1 << CountBits) - 1} modules together are known.", nameof(streams));
        }

        _streams = [.. streams.Select(name => names.IndexOf(name))];
        _mostSkipped = [.. names.Select(name => streams.Count(stream => stream == name) - constraints.KeptPerStream)];
        _target = target;
        _never = [.. Enumerable.Range(0, streams.Count).Select(i => constraints.Never.Contains(i) || target.Savings?[i] <= 0)];
        _mostInARow = constraints.MostInARow ?? streams.Count;
        _countsStreams = constraints.KeptPerStream > 0;
    }

    internal Node Build() =>
        _mostSkipped.All(most => most >= 0) && NodeAt(0, default) is { } root ? root : new Node(null, null, 0, 0);

    // Null where nothing can follow, so that no node is a dead end.
    private Node? NodeAt(int depth, State state)
    {
        if (depth == _streams.Count)
        {
            return IsDone(state) ? new Node(null, null, 1, 0) : null;
        }

        if (_nodes.TryGetValue((depth, state), out var known))
        {
            return known;
        }

        var keep = NodeAt(depth + 1, state.Keep(_streams[depth]));
        var skip = MaySkip(depth, state) ? NodeAt(depth + 1, state.Skip(_streams[depth], _target.Savings?[depth] ?? 1, _countsStreams, Caps)) : null;
        var node = keep is null && skip is null
            ? null
            : new Node(keep, skip, (keep?.Ways ?? 0) + (skip?.Ways ?? 0), Math.Max(keep?.MostSkipped ?? 0, skip is null ? 0 : skip.MostSkipped + 1));
        _nodes.Add((depth, state), node);
        return node;
    }

    private bool Caps => _mostInARow < _streams.Count;

    private long Needed => _target.Count ?? _target.Needed;

    // Whoever has saved enough and saves more has one module too many, as has whoever skips more modules than asked for.
    private bool MaySkip(int depth, State state) =>
        !_never[depth]
        && state.Saved < Needed
        && state.InARow(_streams[depth]) < _mostInARow
        && (!_countsStreams || state.SkippedOf(_streams[depth]) < _mostSkipped[_streams[depth]]);

    private bool IsDone(State state) =>
        _target.Count is { } count ? state.Saved == count : state.Saved >= _target.Needed && state.Saved - state.Least < _target.Needed;

    /// <summary>All that counts of the modules so far.</summary>
    /// <param name="Saved">What is saved, or how many are skipped.</param>
    /// <param name="Least">The least that one of them saves; 0 for none.</param>
    /// <param name="Skipped">How many of each stream are skipped, where that counts.</param>
    /// <param name="Rows">How many of each stream were skipped last, one after the other, where that counts.</param>
    private readonly record struct State(long Saved, long Least, ulong Skipped, ulong Rows)
    {
        internal int SkippedOf(int stream) => Field(Skipped, stream);

        internal int InARow(int stream) => Field(Rows, stream);

        internal State Keep(int stream) => this with { Rows = Rows & ~(0xFFUL << (stream * CountBits)) };

        internal State Skip(int stream, long saving, bool countsStreams, bool countsRows) => new(
            Saved + saving,
            Least == 0 ? saving : Math.Min(Least, saving),
            countsStreams ? Skipped + (1UL << (stream * CountBits)) : 0,
            countsRows ? Rows + (1UL << (stream * CountBits)) : 0);

        private static int Field(ulong fields, int stream) => (int)(fields >> (stream * CountBits)) & 0xFF;
    }
}
