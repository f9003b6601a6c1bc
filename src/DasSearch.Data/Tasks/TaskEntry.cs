using DasSearch.Data.FashionMnist;

namespace DasSearch.Data.Tasks;

/// <summary>A line of the table of tasks.</summary>
/// <param name="Name">What a configuration calls the task.</param>
/// <param name="Summary">What it asks, in a few words.</param>
/// <param name="Open">Makes the task; reads nothing and draws nothing.</param>
public sealed record TaskEntry(string Name, string Summary, Func<FashionPhotos, TaskSettings, IVisionLanguageTask> Open);
