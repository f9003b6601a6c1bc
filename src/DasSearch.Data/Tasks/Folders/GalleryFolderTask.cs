using DasSearch.Core;
using DasSearch.Data.Batches;
using DasSearch.Data.Folders;
using DasSearch.Data.Tasks.Retrieval;

namespace DasSearch.Data.Tasks.Folders;

/// <summary>A data set on disk whose photos and captions find each other.</summary>
internal sealed class GalleryFolderTask : IGalleryTask
{
    private readonly FolderTask _batches;

    /// <exception cref="DasSearchException">As <see cref="FolderTask"/>.</exception>
    public GalleryFolderTask(string name, IDataFolder folder, TaskSettings settings) => _batches = new FolderTask(name, folder, settings);

    public TaskFacts Facts => _batches.Facts;

    public IVisionLanguageTask Unvaried => _batches.Unvaried;

    public Batch Batch(Split split, long epoch, int index, int size) => _batches.Batch(split, epoch, index, size);

    /// <inheritdoc/>
    /// <remarks>The first photos of the split, all of them where there are no more, with all their captions; a photo is decoded when it is asked for.</remarks>
    public Gallery Gallery(Split split, int size)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        var photos = _batches.SamplesOf(split).GroupBy(static sample => sample.Pictures[0], StringComparer.Ordinal).Take(size).Select(static photo => photo.ToList()).ToList();
        var texts = Texts.Make(photos.Sum(static photo => photo.Count), Facts.TextLength);
        var owners = photos.SelectMany(static (photo, i) => Enumerable.Repeat(i, photo.Count)).ToList();
        foreach (var (row, sample) in photos.SelectMany(static photo => photo).Index())
        {
            _batches.WriteText(texts, row, sample.Text);
        }

        return new Gallery(photos.Count, texts, owners, place => _batches.ImageOf(photos[place][0]));
    }
}
