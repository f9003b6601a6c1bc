namespace DasSearch.Exports;

/// <summary>A key of <c>--option KEY=VALUE</c> that an exporter knows.</summary>
/// <param name="Key">The key.</param>
/// <param name="Summary">What it means, and its default.</param>
public sealed record ExportOption(string Key, string Summary);
