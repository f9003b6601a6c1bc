namespace DasSearch.Data.Emoji;

/// <summary>Where the pictures and names lie that EmojiVL is made of: three files out of two npm packages.</summary>
internal static class EmojiFolder
{
    /// <summary>The environment variable that names the folder; the launcher sets it where it has taken the packages.</summary>
    public const string Variable = "EMOJI_DATA";

    /// <summary>Names, categories and places on the sheets: <c>emoji.json</c> of either package.</summary>
    public const string Names = "emoji.json";

    /// <summary>What is seen in training and validation: <c>img/google/sheets-clean/64.png</c> of emoji-datasource-google.</summary>
    public const string Google = "google.png";

    /// <summary>What is seen in the test: <c>img/twitter/sheets-clean/64.png</c> of emoji-datasource-twitter.</summary>
    public const string Twitter = "twitter.png";

    /// <summary>What every message about the files ends in.</summary>
    internal const string Remedy =
        "take them from the npm registry with ./das setup emojivl, "
        + $"or set {Variable} to a folder with {Names}, {Google} and {Twitter}";

    /// <summary>The path of one of the files.</summary>
    /// <exception cref="DatasetException">It is not there.</exception>
    internal static string Find(string? folder, string name)
    {
        if (folder is not { Length: > 0 })
        {
            throw new DatasetException($"EmojiVL's names and pictures are missing: {Variable} is not set; {Remedy}.");
        }

        var path = Path.Combine(folder, name);
        return File.Exists(path) ? path : throw new DatasetException($"EmojiVL's {name} was expected in {folder}, which lacks it; {Remedy}.");
    }
}
