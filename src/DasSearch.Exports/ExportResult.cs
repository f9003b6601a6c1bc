namespace DasSearch.Exports;

/// <summary>What came of an export.</summary>
/// <param name="Files">The files written, the one to open first.</param>
/// <param name="Notes">Sentences that the user must know, such as what the target cannot express.</param>
public sealed record ExportResult(IReadOnlyList<string> Files, IReadOnlyList<string> Notes);
