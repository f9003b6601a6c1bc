namespace DasSearch.Data.Tasks.Retrieval;

/// <summary>A ranking task whose result is measured by recall over a gallery.</summary>
public interface IGalleryTask : IVisionLanguageTask
{
    /// <summary>Makes the gallery of a split; the caller disposes it. A smaller one is the beginning of a larger one.</summary>
    /// <param name="split">Where the photos come from.</param>
    /// <param name="size">How many images and captions, from 1 to 100,000; 1,000 for results that are reported.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is out of its range.</exception>
    Gallery Gallery(Split split, int size);
}
