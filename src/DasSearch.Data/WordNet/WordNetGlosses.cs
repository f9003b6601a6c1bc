using System.Globalization;

namespace DasSearch.Data.WordNet;

/// <summary>What WordNet says of its words' senses: a gloss each, and the lexicographers' file that it is from.</summary>
/// <remarks>
/// Every word belongs to one split, drawn by its spelling alone, and a gloss of several words is taken only where all of them belong to the
/// same one: no word is in two splits. Of glosses that read alike the first is taken. Examples of use, which follow in quotes, are left out.
/// </remarks>
public sealed class WordNetGlosses
{
    private const long MostBytes = 256 << 20; // of a file; the largest has 15 MB
    private const int Tenths = 10; // of the words: eight for training, one each for validation and test

    private readonly IReadOnlyList<Gloss>[] _splits;

    private WordNetGlosses(IReadOnlyList<Gloss>[] splits) => _splits = splits;

    /// <summary>The lexicographers' files, the class being the place: <c>lexnames</c> of WordNet 3.0.</summary>
    internal static IReadOnlyList<string> Classes { get; } =
    [
        "adj.all", "adj.pert", "adv.all", "noun.Tops", "noun.act", "noun.animal", "noun.artifact", "noun.attribute", "noun.body", "noun.cognition",
        "noun.communication", "noun.event", "noun.feeling", "noun.food", "noun.group", "noun.location", "noun.motive", "noun.object", "noun.person",
        "noun.phenomenon", "noun.plant", "noun.possession", "noun.process", "noun.quantity", "noun.relation", "noun.shape", "noun.state",
        "noun.substance", "noun.time", "verb.body", "verb.change", "verb.cognition", "verb.communication", "verb.competition", "verb.consumption",
        "verb.contact", "verb.creation", "verb.emotion", "verb.motion", "verb.perception", "verb.possession", "verb.social", "verb.stative",
        "verb.weather", "adj.ppl",
    ];

    /// <summary>Reads the data files of a folder.</summary>
    /// <exception cref="DatasetException">One is missing, or is not WordNet's.</exception>
    public static WordNetGlosses Load(string folder)
    {
        var splits = Enumerable.Range(0, 3).Select(static _ => new List<Gloss>()).ToArray();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var path in WordNetFolder.Files.Select(name => Path.Combine(folder, name)))
        {
            var number = 0;
            foreach (var line in Lines(path))
            {
                number++;
                if (line.StartsWith("  ", StringComparison.Ordinal))
                {
                    continue; // the licence
                }

                var (gloss, split) = Read(line) ?? throw new DatasetException($"{path} is no data file of WordNet: line {number} is no sense; {WordNetFolder.Remedy}.");
                if (split is { } one && gloss.Text.Length > 0 && seen.Add(gloss.Text))
                {
                    splits[(int)one].Add(gloss);
                }
            }
        }

        return Array.TrueForAll(splits, static split => split.Count > 0)
            ? new WordNetGlosses(splits)
            : throw new DatasetException($"{folder} has too few glosses for three splits; {WordNetFolder.Remedy}.");
    }

    /// <summary>The glosses of a split, in WordNet's order.</summary>
    internal IReadOnlyList<Gloss> Of(Split split) => _splits[(int)split];

    /// <summary>The split that a word belongs to.</summary>
    internal static Split SplitOf(string word)
    {
        // FNV-1a (Fowler, Noll, Vo), the higher bits of which depend on all letters.
        var hash = 2_166_136_261u;
        foreach (var letter in word)
        {
            hash = (hash ^ letter) * 16_777_619;
        }

        hash = (hash ^ (hash >> 15)) * 0x85ebca6b;
        return ((hash >> 8) % Tenths) switch { 0 => Split.Test, 1 => Split.Validation, _ => Split.Train };
    }

    // offset, file, type, number of words (hexadecimal), then each word with a digit, …, | and the gloss. No split: its words are of several.
    private static (Gloss Gloss, Split? Split)? Read(string line)
    {
        var bar = line.IndexOf('|', StringComparison.Ordinal);
        var fields = bar < 0 ? [] : line[..bar].Split(' ');
        if (fields.Length < 6
            || !int.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out var file) || file >= Classes.Count
            || !int.TryParse(fields[3], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var count) || count < 1
            || fields.Length < 4 + (2L * count))
        {
            return null;
        }

        var splits = Enumerable.Range(0, count).Select(i => SplitOf(WordOf(fields[4 + (2 * i)]))).Distinct().ToList();
        var text = line[(bar + 1)..];
        var quote = text.IndexOf('"', StringComparison.Ordinal);
        var gloss = new Gloss((quote < 0 ? text : text[..quote]).Trim(' ', ';'), file);
        return (gloss, splits is [var only] ? only : null);
    }

    // Without what an adjective's place in a sentence is marked by, as in "galore(ip)".
    private static string WordOf(string field) => field.Split('(')[0].ToLowerInvariant();

    private static IEnumerable<string> Lines(string path)
    {
        using var reader = Open(path);
        while (true)
        {
            string? line;
            try
            {
                line = reader.ReadLine();
            }
            catch (IOException failure)
            {
                throw Missing(path, failure);
            }

            if (line is null)
            {
                yield break;
            }

            yield return line;
        }
    }

    private static StreamReader Open(string path)
    {
        try
        {
            var file = File.OpenRead(path);
            return file.Length <= MostBytes ? new StreamReader(file) : throw new DatasetException($"{path} has {file.Length} bytes, expected at most {MostBytes}; {WordNetFolder.Remedy}.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Missing(path, failure);
        }
    }

    private static DatasetException Missing(string path, Exception failure) => new($"{path} cannot be read: {failure.Message.TrimEnd('.')}; {WordNetFolder.Remedy}.", failure);
}

/// <summary>What a sense of some words means.</summary>
/// <param name="Text">The gloss, without examples.</param>
/// <param name="Class">The number of the lexicographers' file.</param>
internal sealed record Gloss(string Text, int Class);
