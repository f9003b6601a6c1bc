namespace DasSearch.Formats;

/// <summary>A value as it is written.</summary>
/// <param name="Text">Its characters; null where there is nothing, or YAML's <c>null</c>.</param>
/// <param name="IsPlain">Whether it is written without quotes, as numbers are.</param>
internal sealed record ConfigValue(string? Text, bool IsPlain);
