using DasSearch.Core;

namespace DasSearch.Store.Results;

/// <summary>A run in one line.</summary>
/// <param name="Run">Its number.</param>
/// <param name="Name">Its name, which others may have, too.</param>
/// <param name="Task">The task.</param>
/// <param name="Backbone">The backbone.</param>
/// <param name="Controller">The controller.</param>
/// <param name="Skip">How many modules a subnetwork skips.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Problem">Why it failed; null where it did not.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="UpdatedAt">When something of it was last stored.</param>
/// <param name="FinishedAt">When it ended; null while it has not.</param>
/// <param name="Rounds">How many rounds are stored.</param>
/// <param name="Evaluations">How many evaluations are stored.</param>
public sealed record RunSummary(
    long Run,
    string Name,
    string Task,
    string Backbone,
    string Controller,
    int Skip,
    long Seed,
    RunStatus Status,
    string? Problem,
    DateTimeOffset StartedAt,
    DateTimeOffset UpdatedAt,
    DateTimeOffset? FinishedAt,
    int Rounds,
    long Evaluations);
