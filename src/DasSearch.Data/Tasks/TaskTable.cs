using DasSearch.Data.Tasks.Nlvr2;
using DasSearch.Data.Tasks.Retrieval;
using DasSearch.Data.Tasks.Vqa;

namespace DasSearch.Data.Tasks;

/// <summary>Every task there is. A new one is one source and one line here.</summary>
public static class TaskTable
{
    /// <summary>The tasks, in the order in which help lists them.</summary>
    public static IReadOnlyList<TaskEntry> All { get; } =
    [
        new("fashionvl-" + VqaSource.Name, "questions about a scene", (photos, settings) => new FashionTask(new VqaSource(), photos, settings)),
        new("fashionvl-" + Nlvr2Source.Name, "statements about two scenes", (photos, settings) => new FashionTask(new Nlvr2Source(), photos, settings)),
        new("fashionvl-" + RetrievalSource.Name, "captions and scenes that find each other", (photos, settings) => new RetrievalTask(photos, settings)),
    ];

    /// <summary>The task of a name.</summary>
    /// <exception cref="UnknownTaskException">There is none; the message lists the names.</exception>
    public static TaskEntry Named(string name) =>
        All.FirstOrDefault(entry => entry.Name == name) ?? throw new UnknownTaskException(name);
}
