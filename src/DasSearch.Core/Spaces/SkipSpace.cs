namespace DasSearch.Core.Spaces;

/// <summary>The subnetworks that a search may propose: those that skip as much as is asked for, within hard constraints.</summary>
/// <remarks>
/// A decision diagram (Bryant, Graph-Based Algorithms for Boolean Function Manipulation, IEEE Transactions on Computers C-35, 1986):
/// module by module, each is kept or skipped, and partial choices from which the same may follow are one node. It is small where
/// modules have few different costs. Every question is a walk through it, so that nothing is drawn only to be thrown away.
/// </remarks>
public sealed class SkipSpace
{
    private readonly Node _root;
    private readonly int? _plain; // how many of the modules are skipped, where nothing is ruled out

    /// <summary>A space; it may turn out to be empty.</summary>
    /// <param name="streams">The stream of each module, in order of computation.</param>
    /// <param name="target">How much is skipped.</param>
    /// <param name="constraints">What is ruled out.</param>
    /// <exception cref="ArgumentException">Savings are of another number of modules.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A constraint names a module that there is not, or is negative.</exception>
    public SkipSpace(IReadOnlyList<string> streams, SkipTarget target, SkipConstraints constraints)
    {
        ArgumentNullException.ThrowIfNull(streams);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(constraints);
        ArgumentOutOfRangeException.ThrowIfNegative(constraints.KeptPerStream);
        if (constraints.Never.FirstOrDefault(i => i < 0 || i >= streams.Count, -1) is >= 0 and var missing)
        {
            throw new ArgumentOutOfRangeException(nameof(constraints), missing, $"Modules are numbered from 0 to {streams.Count - 1}.");
        }

        if (target.Savings is { } savings && savings.Count != streams.Count)
        {
            throw new ArgumentException($"There are savings of {savings.Count} modules, but {streams.Count} modules.", nameof(target));
        }

        Modules = streams.Count;
        _root = new SpaceBuilder(streams, target, constraints).Build();
        _plain = target.Count is { } count && count <= Modules && constraints is { Never.Count: 0, KeptPerStream: 0, MostInARow: null } ? count : null;
    }

    /// <summary>How many modules there are.</summary>
    public int Modules { get; }

    /// <summary>How many subnetworks there are; <see cref="long.MaxValue"/> where there are more.</summary>
    public long Count => _root.Ways >= long.MaxValue ? long.MaxValue : (long)_root.Ways;

    /// <summary>The most modules that one of them skips.</summary>
    public int MostSkipped => _root.MostSkipped;

    /// <summary>All that skip m of n modules.</summary>
    /// <param name="modules">n, at least 0.</param>
    /// <param name="skipped">m, from 0 to n.</param>
    public static SkipSpace Of(int modules, int skipped) =>
        new([.. Enumerable.Repeat("", modules)], SkipTarget.Modules(skipped), SkipConstraints.None);

    /// <summary>Whether a subnetwork is one of them.</summary>
    public bool Contains(Subnetwork subnetwork)
    {
        ArgumentNullException.ThrowIfNull(subnetwork);
        var node = subnetwork.Modules == Modules ? _root : null;
        for (var i = 0; i < Modules && node is not null; i++)
        {
            node = subnetwork.Contains(i) ? node.Skip : node.Keep;
        }

        return node is { Ways: > 0 };
    }

    /// <summary>Which modules can be skipped beside some others: one of the space's subnetworks skips both, and maybe more.</summary>
    /// <param name="skipped">For each module whether it is one of the others: [n].</param>
    /// <returns>For each module whether it can come to them; never for one that is there already: [n].</returns>
    public IReadOnlyList<bool> Growable(IReadOnlyList<bool> skipped)
    {
        ArgumentNullException.ThrowIfNull(skipped);
        if (_plain is { } count)
        {
            var isFull = skipped.Count(static one => one) >= count;
            return [.. skipped.Select(one => !one && !isFull)];
        }

        // The nodes that are reached with all of them skipped, and of these, from the end, those from which the end is reached.
        var reached = new List<List<Node>> { new() { _root } };
        for (var i = 0; i < Modules; i++)
        {
            reached.Add([.. reached[i].SelectMany(node => skipped[i] ? [node.Skip] : new[] { node.Keep, node.Skip }).OfType<Node>().Distinct()]);
        }

        var (grows, ends) = (new bool[Modules], reached[Modules].Where(static node => node.Ways > 0).ToHashSet());
        for (var i = Modules - 1; i >= 0; i--)
        {
            grows[i] = !skipped[i] && reached[i].Exists(node => node.Skip is { } skip && ends.Contains(skip));
            ends = [.. reached[i].Where(node => (node.Skip is { } skip && ends.Contains(skip)) || (!skipped[i] && node.Keep is { } keep && ends.Contains(keep)))];
        }

        return grows;
    }

    /// <summary>In which share of them each module is skipped: [n]; 0 where there are none.</summary>
    public IReadOnlyList<double> Shares()
    {
        var shares = new double[Modules];
        var reached = new Dictionary<Node, double> { [_root] = 1 }; // in so many ways
        for (var i = 0; i < Modules && _root.Ways > 0; i++)
        {
            var next = new Dictionary<Node, double>();
            foreach (var (node, ways) in reached)
            {
                shares[i] += ways * (node.Skip?.Ways ?? 0) / _root.Ways;
                foreach (var after in new[] { node.Keep, node.Skip }.OfType<Node>())
                {
                    next[after] = next.GetValueOrDefault(after) + ways;
                }
            }

            reached = next;
        }

        return shares;
    }

    /// <summary>The one with the largest sum of its skipped modules' scores; of equal ones the one that skips later modules.</summary>
    /// <param name="scores">A score for each module, finite.</param>
    /// <exception cref="InvalidOperationException">There are none.</exception>
    public Subnetwork Best(IReadOnlyList<double> scores)
    {
        CheckAny();
        return _plain is { } count ? TopGates.Choose(scores, count) : ByScore(scores).First();
    }

    /// <summary>One of them, each being equally likely.</summary>
    /// <exception cref="InvalidOperationException">There are none.</exception>
    public Subnetwork Draw(Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        CheckAny();
        var (node, skipped) = (_root, new List<int>());
        for (var i = 0; i < Modules; i++)
        {
            var skips = random.NextDouble() * node.Ways < (node.Skip?.Ways ?? 0);
            if (skips)
            {
                skipped.Add(i);
            }

            node = skips || node.Keep is null ? node.Skip! : node.Keep;
        }

        return new Subnetwork(Modules, skipped);
    }

    /// <summary>All of them, one at a time; those of one size come in their canonical order.</summary>
    public IEnumerable<Subnetwork> All() => Listed(_root, 0, []);

    /// <summary>All of them by the sum of their skipped modules' scores, the largest first, as far as they are asked for.</summary>
    /// <remarks>
    /// A best-first search (Hart, Nilsson and Raphael, IEEE Transactions on Systems Science and Cybernetics 4, 1968) whose estimate is
    /// the exact sum of the best that can follow, so that no step is wasted. Of equal sums, those that skip later modules come first.
    /// </remarks>
    /// <param name="scores">A score for each module, finite.</param>
    public IEnumerable<Subnetwork> ByScore(IReadOnlyList<double> scores)
    {
        ArgumentNullException.ThrowIfNull(scores);
        var (most, heap, number) = (new Dictionary<Node, double>(), new PriorityQueue<Partial, (double, long)>(), 0L);
        if (_root.Ways > 0)
        {
            Add(new Partial(_root, 0, 0, null));
        }

        while (heap.TryDequeue(out var partial, out _))
        {
            // Down to the end along the best, leaving what branches off in the heap.
            while (partial.Depth < Modules)
            {
                var i = partial.Depth;
                var keep = partial.Node.Keep is { Ways: > 0 } kept ? new Partial(kept, i + 1, partial.Sum, partial.Skips) : null;
                var skip = partial.Node.Skip is { Ways: > 0 } gone ? new Partial(gone, i + 1, partial.Sum + scores[i], new Skips(i, partial.Skips)) : null;
                var takesSkip = keep is null || (skip is not null && Reach(skip) > Reach(keep));
                if (keep is not null && skip is not null)
                {
                    Add(takesSkip ? keep : skip);
                }

                partial = takesSkip ? skip! : keep!;
            }

            yield return new Subnetwork(Modules, Skips.List(partial.Skips));
        }

        void Add(Partial partial) => heap.Enqueue(partial, (-Reach(partial), number++));

        double Reach(Partial partial) => partial.Sum + Most(partial.Node, partial.Depth);

        double Most(Node node, int depth)
        {
            if (depth == Modules)
            {
                return 0;
            }

            if (!most.TryGetValue(node, out var sum))
            {
                sum = Math.Max(
                    node.Keep is { Ways: > 0 } keep ? Most(keep, depth + 1) : double.NegativeInfinity,
                    node.Skip is { Ways: > 0 } skip ? scores[depth] + Most(skip, depth + 1) : double.NegativeInfinity);
                most.Add(node, sum);
            }

            return sum;
        }
    }

    private IEnumerable<Subnetwork> Listed(Node node, int depth, List<int> skipped)
    {
        if (node.Ways == 0)
        {
            yield break;
        }

        if (depth == Modules)
        {
            yield return new Subnetwork(Modules, skipped);
            yield break;
        }

        if (node.Skip is { } skip)
        {
            skipped.Add(depth);
            foreach (var one in Listed(skip, depth + 1, skipped))
            {
                yield return one;
            }

            skipped.RemoveAt(skipped.Count - 1);
        }

        if (node.Keep is { } keep)
        {
            foreach (var one in Listed(keep, depth + 1, skipped))
            {
                yield return one;
            }
        }
    }

    private void CheckAny()
    {
        if (_root.Ways == 0)
        {
            throw new InvalidOperationException("The space is empty.");
        }
    }

    /// <summary>What may follow a partial choice.</summary>
    /// <param name="keep">Once the next module is kept; null where nothing can follow.</param>
    /// <param name="skip">Once it is skipped; null likewise.</param>
    /// <param name="ways">How many subnetworks; 1 behind the last module.</param>
    /// <param name="mostSkipped">The most modules that are skipped from here on.</param>
    internal sealed class Node(Node? keep, Node? skip, double ways, int mostSkipped)
    {
        internal Node? Keep => keep;

        internal Node? Skip => skip;

        internal double Ways => ways;

        internal int MostSkipped => mostSkipped;
    }

    private sealed record Partial(Node Node, int Depth, double Sum, Skips? Skips);

    /// <summary>Modules that were chosen, the last one first.</summary>
    private sealed record Skips(int Module, Skips? Before)
    {
        internal static IEnumerable<int> List(Skips? last)
        {
            for (var skips = last; skips is not null; skips = skips.Before)
            {
                yield return skips.Module;
            }
        }
    }
}
