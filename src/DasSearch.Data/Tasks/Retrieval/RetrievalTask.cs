using DasSearch.Core;
using DasSearch.Data.Batches;
using DasSearch.Data.Captions;
using DasSearch.Data.FashionMnist;
using DasSearch.Data.Scenes;
using DasSearch.Data.Text;

namespace DasSearch.Data.Tasks.Retrieval;

/// <summary>Retrieval: batches as any task's, and the gallery.</summary>
internal sealed class RetrievalTask(FashionPhotos photos, TaskSettings settings) : IGalleryTask
{
    private const int MostInGallery = 100_000;

    private readonly FashionTask _batches = new(new RetrievalSource(settings.Candidates), photos, settings);

    public TaskFacts Facts => _batches.Facts;

    public Batch Batch(Split split, long epoch, int index, int size) => _batches.Batch(split, epoch, index, size);

    public Gallery Gallery(Split split, int size)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, MostInGallery);
        var gallery = new Gallery(SceneImages.Make(size), Texts.Make(size, Facts.TextLength));
        var tokenizer = new Tokenizer(Vocabulary.FashionVl);
        var row = 0;
        foreach (var scene in GalleryScenes.Draw(StreamOf("scenes", split)).Take(size))
        {
            var random = StreamOf("photos", split, row);
            SceneRenderer.Render(scene, photos.Of(split), random, SceneImages.Row(gallery.Images, row));
            gallery.Texts.Write(row, CaptionText.Write(RetrievalSource.DrawPlan(random), scene), tokenizer);
            row++;
        }

        return gallery;
    }

    private SeededRandom StreamOf(string what, Split split, int row = 0) =>
        SeededRandom.Derive(settings.DataSeed, $"fashionvl/gallery/{what}/{split}", row);
}
