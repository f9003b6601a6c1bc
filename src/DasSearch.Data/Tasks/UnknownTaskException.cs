using DasSearch.Core;

namespace DasSearch.Data.Tasks;

/// <summary>A configuration or command names a task that does not exist.</summary>
/// <param name="name">The name.</param>
public sealed class UnknownTaskException(string name)
    : UsageException($"There is no task '{name}'; the tasks are {string.Join(", ", TaskTable.All.Select(entry => entry.Name))}.");
