using DasSearch.Core;
using DasSearch.Data.Batches;
using DasSearch.Data.Captions;
using DasSearch.Data.Scenes;
using static TorchSharp.torch;

namespace DasSearch.Data.Tasks.Retrieval;

/// <summary>A ranking task whose result is measured by recall over a gallery.</summary>
public interface IGalleryTask : IVisionLanguageTask
{
    /// <summary>Makes the gallery of a split; the caller disposes it. A smaller one is the beginning of a larger one.</summary>
    /// <param name="split">Where the photos come from.</param>
    /// <param name="size">How many images, from 1 to 100,000; 1,000 for results that are reported. Fewer where the split has no more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is out of its range.</exception>
    Gallery Gallery(Split split, int size);
}

/// <summary>Images and captions among which each is to find its counterparts; owns its captions, which are in no dispose scope.</summary>
/// <param name="Images">How many images there are.</param>
/// <param name="Texts">Captions, [captions, tokens].</param>
/// <param name="Owners">The image that each caption is true of, from 0: at least one caption an image.</param>
/// <param name="Image">Makes an image, which the caller disposes: Float32, normalised, [1, 3, side, side].</param>
public sealed record Gallery(int Images, Texts Texts, IReadOnlyList<int> Owners, Func<int, Tensor> Image) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Texts.Dispose();
}

/// <summary>Retrieval: batches as any task's, and the gallery.</summary>
internal sealed class RetrievalTask<TItem>(Benchmark<TItem> benchmark, TaskSettings settings) : IGalleryTask, INamingTask
    where TItem : IEquatable<TItem>
{
    private const int MostInGallery = 100_000;

    private readonly SceneTask<TItem> _batches = new(new RetrievalSource<TItem>(benchmark.Worlds, settings.Candidates), benchmark, settings);

    public TaskFacts Facts => _batches.Facts;

    public Batch Batch(Split split, long epoch, int index, int size) => _batches.Batch(split, epoch, index, size);

    public Naming NamingOf(Split split, int sample) => _batches.NamingOf(split, sample);

    public Gallery Gallery(Split split, int size)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, MostInGallery);
        var scenes = GalleryScenes.Draw(benchmark.Worlds(split), StreamOf("scenes", split)).Take(size).ToList();
        var texts = Texts.Make(size, Facts.TextLength);
        using var scratch = SceneImages.Make(1, Facts.ImageSide);
        foreach (var (row, scene) in scenes.Index())
        {
            // How a caption is worded is drawn after the photos that it tells of.
            var random = Render(split, row, scene, scratch);
            texts.Write(row, CaptionText.Write(RetrievalSource<TItem>.DrawPlan(random), scene), benchmark.Tokenizer);
        }

        return new Gallery(size, texts, [.. Enumerable.Range(0, size)], row =>
        {
            var image = SceneImages.Make(1, Facts.ImageSide);
            _ = Render(split, row, scenes[row], image);
            return image;
        });
    }

    private SeededRandom Render(Split split, int row, Scene<TItem> scene, Tensor image)
    {
        var random = StreamOf("photos", split, row);
        benchmark.Renderer.Render(scene, split, random, SceneImages.Row(image, 0));
        return random;
    }

    private SeededRandom StreamOf(string what, Split split, int row = 0) =>
        SeededRandom.Derive(settings.DataSeed, $"{benchmark.Name}/gallery/{what}/{split}", row);
}

/// <summary>A scene with its caption and false ones; after retrieval on Flickr30K (Young et al., TACL 2014).</summary>
/// <remarks>
/// Two thirds of the false captions differ from the true one in one attribute, the others describe scenes at random.
/// Scenes are independent draws, so that a changed caption is as likely as a true one and its text betrays nothing.
/// </remarks>
internal sealed class RetrievalSource<TItem> : ISampleSource<TItem>
    where TItem : IEquatable<TItem>
{
    private const int MostCandidates = 32;

    private readonly Func<Split, IWorld<TItem>> _worlds;

    /// <exception cref="ArgumentOutOfRangeException">There are fewer than 2 or more than 32 candidates.</exception>
    public RetrievalSource(Func<Split, IWorld<TItem>> worlds, int candidates)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(candidates, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(candidates, MostCandidates);
        _worlds = worlds;
        Facts = new SourceFacts("retrieval", TaskKind.Ranking, [], Texts: candidates);
    }

    public SourceFacts Facts { get; }

    public IEnumerable<string> Longest(LongestNames<TItem> names) => CaptionText.Longest(names, [CaptionForm.Grid, CaptionForm.Rows]);

    public SampleDraft<TItem> Draw(Split split, Random random)
    {
        var world = _worlds(split);
        var plan = DrawPlan(random);
        var scenes = new List<Scene<TItem>>(Facts.Texts) { world.Independent(random) };
        var near = 1 + (((2 * (Facts.Texts - 1)) + 2) / 3);
        while (scenes.Count < Facts.Texts)
        {
            var scene = scenes.Count < near ? Change<TItem>.Draw(world, scenes[0], random).Twin : world.Independent(random);
            if (!scenes.Contains(scene))
            {
                scenes.Add(scene);
            }
        }

        return new SampleDraft<TItem>(scenes[..1], [.. scenes.Select(scene => CaptionText.Write(plan, scene))], Label: 0)
        {
            Named = [.. Enum.GetValues<Position>().Select(position => scenes[0][position])],
        };
    }

    /// <summary>A plan that describes all of a scene, so that its caption is true of no other.</summary>
    public static CaptionPlan<TItem> DrawPlan(Random random) =>
        new(random.Next(2) == 0 ? CaptionForm.Grid : CaptionForm.Rows, random.Next(2));
}

/// <summary>The scenes of a gallery: families of four, of which three differ from the first in one attribute each.</summary>
internal static class GalleryScenes
{
    private const int Family = 4;

    /// <summary>Draws pairwise different scenes, one after the other.</summary>
    public static IEnumerable<Scene<TItem>> Draw<TItem>(IWorld<TItem> world, Random random)
        where TItem : IEquatable<TItem>
    {
        var seen = new HashSet<Scene<TItem>>();
        var first = default(Scene<TItem>);
        while (true)
        {
            var scene = seen.Count % Family == 0 ? world.Independent(random) : Change<TItem>.Draw(world, first, random).Twin;
            if (seen.Add(scene))
            {
                first = seen.Count % Family == 1 ? scene : first;
                yield return scene;
            }
        }
    }
}
