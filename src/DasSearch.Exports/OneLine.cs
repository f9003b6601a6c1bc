namespace DasSearch.Exports;

/// <summary>Names from a plan, which somebody may have sent, for a comment that must end with its line.</summary>
internal static class OneLine
{
    /// <summary>The name with spaces for line breaks and other control characters.</summary>
    internal static string Of(string name) => string.Concat(name.Select(letter => char.IsControl(letter) ? ' ' : letter));
}
