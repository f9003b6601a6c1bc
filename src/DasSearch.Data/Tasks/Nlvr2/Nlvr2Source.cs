using DasSearch.Data.Scenes;
using DasSearch.Data.Text;

namespace DasSearch.Data.Tasks.Nlvr2;

/// <summary>A statement about two scenes, true or false; after NLVR2 (Suhr et al., arXiv:1811.00491).</summary>
/// <remarks>A false one's scenes differ from true ones in one attribute of one cell.</remarks>
internal sealed class Nlvr2Source : ISampleSource
{
    public const string Name = "nlvr2";

    public TaskFacts Facts { get; } = new(
        Name,
        TaskKind.Classification,
        ["false", "true"],
        Images: 2,
        Texts: 1,
        Vocabulary.FashionVl.Count,
        Statement.MostTokens,
        SceneRenderer.Side,
        [20_000, 4_000, 4_000]);

    public SampleDraft Draw(Random random)
    {
        var statement = Statement.Draw(random);
        var isTrue = random.Next(2) == 1;
        while (true)
        {
            // A pair without a false neighbour is passed over for either label, so that it cannot tell them apart.
            var pair = ScenePair.TrueOf(statement, random);
            if (pair.Falsified(statement, random) is { } falsified)
            {
                var shown = isTrue ? pair : falsified;
                return new SampleDraft([shown.Left, shown.Right], [statement.Text], isTrue ? 1 : 0);
            }
        }
    }
}
