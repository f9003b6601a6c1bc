using DasSearch.Core;
using DasSearch.Data.Continuations;
using DasSearch.Data.Emoji;
using DasSearch.Data.EmojiVl;
using DasSearch.Data.FashionMnist;
using DasSearch.Data.WordNet;

namespace DasSearch.Data.Tasks;

/// <summary>Where tasks find their data. Each is read when a task first asks for it, and never if none does.</summary>
/// <param name="variable">Reads an environment variable; null where it is not set.</param>
public sealed class DataSources(Func<string, string?> variable)
{
    private readonly Lazy<FashionPhotos> _photos = new(() => FashionPhotos.Load(FashionMnistFolder.Resolve(variable)));
    private readonly Lazy<WordNetGlosses> _glosses = new(() => WordNetGlosses.Load(WordNetFolder.Resolve(variable)));

    private readonly Lazy<ContinuationFolder> _continuations = new(() => ContinuationFolder.Load(variable(ContinuationFolder.Variable)));

    private readonly Lazy<EmojiBenchmark> _emoji = new(() => new EmojiBenchmark(EmojiPictures.Load(variable(EmojiFolder.Variable))));

    /// <summary>Names and pictures of emoji, and what is said of them.</summary>
    /// <exception cref="DasSearchException">They are missing or broken.</exception>
    internal EmojiBenchmark Emoji
    {
        get => field ?? _emoji.Value;
        init;
    }

    /// <summary>Fashion-MNIST's photos.</summary>
    /// <exception cref="DasSearchException">They are missing or broken.</exception>
    public FashionPhotos Photos
    {
        get => field ?? _photos.Value;
        init;
    }

    /// <summary>Texts with continuations.</summary>
    /// <exception cref="DasSearchException">They are missing or broken.</exception>
    internal ContinuationFolder Continuations => _continuations.Value;

    /// <summary>WordNet's glosses.</summary>
    /// <exception cref="DasSearchException">They are missing or broken.</exception>
    public WordNetGlosses Glosses => _glosses.Value;
}
