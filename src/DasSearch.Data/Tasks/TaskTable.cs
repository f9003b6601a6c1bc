using DasSearch.Core.Configuration;
using DasSearch.Core;
using DasSearch.Data.Emoji;
using DasSearch.Data.FashionVl;
using DasSearch.Data.Folders;
using DasSearch.Data.Tasks.Continuations;
using DasSearch.Data.Tasks.Folders;
using DasSearch.Data.Tasks.Glosses;
using DasSearch.Data.Tasks.Nlvr2;
using DasSearch.Data.Tasks.Retrieval;
using DasSearch.Data.Text;

namespace DasSearch.Data.Tasks;

/// <summary>Every task there is. A new one is one source and one line here.</summary>
public static class TaskTable
{
    /// <summary>The tasks, in the order in which help lists them.</summary>
    public static IReadOnlyList<TaskEntry> All { get; } =
    [
        new("fashionvl-vqa", "questions about a scene", static (sources, settings) => Vqa(new VqaSource(), Fashion(sources, settings), settings)) { Kind = TaskKind.Answering },
        new("fashionvl-nlvr2", "statements about two scenes", static (sources, settings) => Nlvr2(Fashion(sources, settings), settings)) { Kind = TaskKind.Classification },
        new("fashionvl-retrieval", "captions and scenes that find each other", static (sources, settings) => Retrieval(Fashion(sources, settings), settings)) { Kind = TaskKind.Ranking },
        new("emojivl-vqa", "questions about a scene of emoji", static (sources, settings) => Vqa(sources.Emoji.Questions, Emoji(sources, settings), settings)) { Kind = TaskKind.Answering },
        new("emojivl-nlvr2", "statements about two scenes of emoji", static (sources, settings) => Nlvr2(Emoji(sources, settings), settings)) { Kind = TaskKind.Classification },
        new("emojivl-retrieval", "captions and scenes of emoji that find each other", static (sources, settings) => Retrieval(Emoji(sources, settings), settings)) { Kind = TaskKind.Ranking },
        new("wordnet-gloss", "what kind of thing a gloss tells of; texts alone", static (sources, settings) => new GlossTask(sources.Glosses, settings)) { Kind = TaskKind.Classification },
        new("continuations", "which of several texts follows, in a decoder's own ids", ContinuationTask.Of) { Kind = TaskKind.Continuation },
        OnDisk("nlvr2", "statements about two photos (NLVR2), in a folder", TaskKind.Classification, new Nlvr2Folder()),
        OnDisk("vqav2", "questions about photos (VQAv2), in a folder", TaskKind.Answering, new Vqa2Folder()),
        OnDisk("flickr30k", "captions and photos that find each other (Flickr30K), in a folder", TaskKind.Ranking, new Flickr30KFolder()),
        OnDisk("photos", "which class a photo shows, in a folder a class", TaskKind.Classification, new PhotoFolder()),
        OnDisk("vtab", "which class a photo shows, by the lists of one of VTAB-1K's tasks, in a folder", TaskKind.Classification, new VtabFolder()),
        OnDisk("scienceqa", "questions with choices and a picture or none (ScienceQA), in a folder", TaskKind.Classification, new ScienceQaFolder()),
        OnDisk("scienceqa-likelihood", "the same for a decoder, with pictures where it is shown them: the likeliest letter answers", TaskKind.Continuation, new ScienceQaFolder()),
    ];

    /// <summary>The task of a name.</summary>
    /// <exception cref="UnknownTaskException">There is none; the message lists the names.</exception>
    public static TaskEntry Named(string name) =>
        All.FirstOrDefault(entry => entry.Name == name) ?? throw new UnknownTaskException(name);

    private static TaskEntry OnDisk(string name, string summary, TaskKind kind, IDataFolder folder) =>
        new(name, summary, (_, settings) => kind switch
        {
            TaskKind.Ranking => new GalleryFolderTask(name, folder, settings),
            TaskKind.Continuation => LikelihoodFolder.Open(name, folder, settings),
            _ => new FolderTask(name, folder, settings),
        }) { Kind = kind, Folder = folder };

    private static Benchmark<Cell> Fashion(DataSources sources, TaskSettings settings) => FashionBenchmark.Of(sources, settings.View);

    private static Benchmark<Thing> Emoji(DataSources sources, TaskSettings settings) => sources.Emoji.Seen(settings.View);

    private static SceneTask<TItem> Vqa<TItem>(ISampleSource<TItem> source, Benchmark<TItem> benchmark, TaskSettings settings)
        where TItem : IEquatable<TItem> =>
        new(source, benchmark, settings);

    private static SceneTask<TItem> Nlvr2<TItem>(Benchmark<TItem> benchmark, TaskSettings settings)
        where TItem : IEquatable<TItem> =>
        new(new Nlvr2Source<TItem>(benchmark.Worlds), benchmark, settings);

    private static RetrievalTask<TItem> Retrieval<TItem>(Benchmark<TItem> benchmark, TaskSettings settings)
        where TItem : IEquatable<TItem> =>
        new(benchmark, settings);
}

/// <summary>A line of the table of tasks.</summary>
/// <param name="Name">What a configuration calls the task.</param>
/// <param name="Summary">What it asks, in a few words.</param>
/// <param name="Open">Makes the task, out of those sources that it needs; draws nothing.</param>
public sealed record TaskEntry(string Name, string Summary, Func<DataSources, TaskSettings, IVisionLanguageTask> Open)
{
    /// <summary>What its samples are answered by, which is known before its data is; answers unless it says so.</summary>
    public TaskKind Kind { get; init; }

    /// <summary>Whether it reads a data set from a folder, <c>data.root</c>.</summary>
    public bool ReadsFolder => Folder is not null;

    /// <summary>The layout of the data set that it reads from a folder; null where it reads none.</summary>
    internal IDataFolder? Folder { get; init; }
}

/// <summary>What a run may choose about a task.</summary>
/// <param name="DataSeed">Which scenes and texts there are. One benchmark has one: runs that differ in it are not comparable.</param>
/// <param name="OrderSeed">In which order an epoch goes through the training split; a run's own seed.</param>
/// <param name="Candidates">Texts that a sample of retrieval ranks, the true one included: from 2 to 32; the papers' 16 by default.</param>
public sealed record TaskSettings(long DataSeed = 0, long OrderSeed = 0, int Candidates = 16)
{
    /// <summary>How the backbone reads texts and images.</summary>
    public BackboneView View { get; init; } = BackboneView.Natural;

    /// <summary>The data set on disk, its folder being a path in full.</summary>
    public DataConfig Data { get; init; } = new();
}

/// <summary>How a backbone reads texts and images.</summary>
/// <param name="Tokenizer">What makes ids of texts; null for the task's own closed list of words.</param>
/// <param name="Style">What images are like; null for the pictures as they are.</param>
public sealed record BackboneView(ITokenizer? Tokenizer, ImageStyle? Style)
{
    /// <summary>The task's own words, and its pictures as they are.</summary>
    public static BackboneView Natural { get; } = new(null, null);

    /// <summary>Whether images are like that at any side, of which the style has the usual one.</summary>
    public bool TakesAnySide { get; init; }

    /// <summary>Whether images of several sizes may be in a batch, with masks of what is padding.</summary>
    public bool TakesPadding { get; init; }
}

/// <summary>A configuration or command names a task that does not exist.</summary>
/// <param name="name">The name.</param>
public sealed class UnknownTaskException(string name)
    : UsageException($"There is no task '{name}'; the tasks are {string.Join(", ", TaskTable.All.Select(entry => entry.Name))}.");
