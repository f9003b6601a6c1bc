using DasSearch.Core.Plans;

namespace DasSearch.Exports;

/// <summary>What came of an import.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Notes">Sentences that the user must know, such as what the source did not tell.</param>
public sealed record ImportResult(SkipPlan Plan, IReadOnlyList<string> Notes);
