using DasSearch.Data.EmojiVl;
using DasSearch.Data.Tasks;

namespace DasSearch.Data.Tests.Support;

/// <summary>The real names and pictures, read once: from where <c>./das test</c> took them, or <c>EMOJI_DATA</c> says.</summary>
internal static class RealEmoji
{
    private static readonly Lazy<EmojiBenchmark> _benchmark = new(static () => new DataSources(Variable).Emoji);

    public static EmojiBenchmark Benchmark => _benchmark.Value;

    public static string Folder => Environment.GetEnvironmentVariable("EMOJI_DATA") is { Length: > 0 } folder ? folder : Path.Combine(Root(), "artifacts/packages/emoji");

    public static string? Variable(string name) => name == "EMOJI_DATA" ? Folder : null;

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "das")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests are outside the repository.");
        }

        return folder.FullName;
    }
}
