using DasSearch.Core.Plans;

namespace DasSearch.Store.Results;

/// <summary>A plan that came of a run.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="RecordedAt">When it was stored.</param>
public sealed record StoredPlan(SkipPlan Plan, DateTimeOffset RecordedAt);
