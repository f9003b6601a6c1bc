namespace DasSearch.Core.Configuration;

/// <summary>A setting as it stands.</summary>
/// <param name="Name">With its section, such as <c>search.epochs</c>.</param>
/// <param name="Expected">What a value must be, as messages say it.</param>
/// <param name="Value">As files and <c>--set</c> have it; null where it is left open.</param>
public sealed record SettingValue(string Name, string Expected, string? Value);
