using DasSearch.Core;
using DasSearch.Data.Tasks.Nlvr2;
using DasSearch.Data.Tasks.Retrieval;
using DasSearch.Data.Tasks.Vqa;
using DasSearch.Data.Text;

namespace DasSearch.Data.Tasks;

/// <summary>Every task there is. A new one is one source and one line here.</summary>
public static class TaskTable
{
    /// <summary>The tasks, in the order in which help lists them.</summary>
    public static IReadOnlyList<TaskEntry> All { get; } =
    [
        new("fashionvl-" + VqaSource.Name, "questions about a scene", (sources, settings) => new FashionTask(new VqaSource(), sources.Photos, settings)),
        new("fashionvl-" + Nlvr2Source.Name, "statements about two scenes", (sources, settings) => new FashionTask(new Nlvr2Source(), sources.Photos, settings)),
        new("fashionvl-" + RetrievalSource.Name, "captions and scenes that find each other", (sources, settings) => new RetrievalTask(sources.Photos, settings)),
    ];

    /// <summary>The task of a name.</summary>
    /// <exception cref="UnknownTaskException">There is none; the message lists the names.</exception>
    public static TaskEntry Named(string name) =>
        All.FirstOrDefault(entry => entry.Name == name) ?? throw new UnknownTaskException(name);
}

/// <summary>A line of the table of tasks.</summary>
/// <param name="Name">What a configuration calls the task.</param>
/// <param name="Summary">What it asks, in a few words.</param>
/// <param name="Open">Makes the task, out of those sources that it needs; draws nothing.</param>
public sealed record TaskEntry(string Name, string Summary, Func<DataSources, TaskSettings, IVisionLanguageTask> Open);

/// <summary>What a run may choose about a task.</summary>
/// <param name="DataSeed">Which scenes and texts there are. One benchmark has one: runs that differ in it are not comparable.</param>
/// <param name="OrderSeed">In which order an epoch goes through the training split; a run's own seed.</param>
/// <param name="Candidates">Texts that a sample of retrieval ranks, the true one included: from 2 to 32; the papers' 16 by default.</param>
public sealed record TaskSettings(long DataSeed = 0, long OrderSeed = 0, int Candidates = 16)
{
    /// <summary>What makes ids of texts: the backbone's own; <see cref="TokenizerTable.Words"/> by default.</summary>
    public ITokenizer Tokenizer { get; init; } = TokenizerTable.Words;
}

/// <summary>A configuration or command names a task that does not exist.</summary>
/// <param name="name">The name.</param>
public sealed class UnknownTaskException(string name)
    : UsageException($"There is no task '{name}'; the tasks are {string.Join(", ", TaskTable.All.Select(entry => entry.Name))}.");
