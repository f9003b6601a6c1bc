namespace DasSearch.Formats;

/// <summary>How YAML says "nothing".</summary>
internal static class YamlNothing
{
    /// <summary>Whether characters without quotes mean it.</summary>
    internal static bool Is(string text) => text is "" or "~" or "null" or "Null" or "NULL";
}
