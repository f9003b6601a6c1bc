using DasSearch.Data.Scenes;

namespace DasSearch.Data.Tasks.Nlvr2;

/// <summary>A statement about two scenes, true or false; after NLVR2 (Suhr et al., arXiv:1811.00491).</summary>
/// <remarks>A false one's scenes differ from true ones in one attribute of one cell.</remarks>
/// <param name="worlds">What there is in a split.</param>
internal sealed class Nlvr2Source<TItem>(Func<Split, IWorld<TItem>> worlds) : ISampleSource<TItem>
    where TItem : IEquatable<TItem>
{
    public SourceFacts Facts { get; } = new("nlvr2", TaskKind.Classification, ["false", "true"], Images: 2);

    public IEnumerable<string> Longest(LongestNames<TItem> names) => Statement<TItem>.Longest(worlds(Split.Train), names);

    public SampleDraft<TItem> Draw(Split split, Random random)
    {
        var world = worlds(split);
        var statement = Statement<TItem>.Draw(world, random);
        var isTrue = random.Next(2) == 1;
        while (true)
        {
            // A pair without a false neighbour is passed over for either label, so that it cannot tell them apart.
            var pair = ScenePair<TItem>.TrueOf(world, statement, random);
            if (pair.Falsified(world, statement, random) is { } falsified)
            {
                var shown = isTrue ? pair : falsified;
                return new SampleDraft<TItem>([shown.Left, shown.Right], [statement.Text], isTrue ? 1 : 0) { Named = [.. statement.Named] };
            }
        }
    }
}
