using DasSearch.Core;
using DasSearch.Data.Folders;
using DasSearch.Formats;

namespace DasSearch.Data.Text;

/// <summary>A folder with a BPE: <c>vocab.json</c>, from pieces to ids, and <c>merges.txt</c>, two pieces a line, which become one in this order.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Vocabulary">Ids of pieces.</param>
internal sealed record PieceFiles(string Folder, Dictionary<string, int> Vocabulary)
{
    private const int MostPieces = 1_000_000; // RoBERTa's are 50,265

    private string VocabularyFile => Path.Combine(Folder, "vocab.json");

    /// <summary>Reads the vocabulary.</summary>
    /// <exception cref="DasSearchException">It is not there, or none.</exception>
    internal static PieceFiles Read(string folder)
    {
        var files = new PieceFiles(folder, []);
        return files with { Vocabulary = JsonTable.Read<Dictionary<string, int>>(files.VocabularyFile, "ids of pieces, {\"<s>\": 0, …}") };
    }

    /// <exception cref="DasSearchException">A special piece is missing, or ids are not those from 0 on.</exception>
    internal void Check(string[] special, string whose)
    {
        if (Array.Find(special, token => !Vocabulary.ContainsKey(token)) is { } missing)
        {
            throw new DasSearchException($"{VocabularyFile} lacks {missing}, expected {whose} vocabulary");
        }

        if (Vocabulary.Count > MostPieces || !Vocabulary.Values.Order().SequenceEqual(Enumerable.Range(0, Vocabulary.Count)))
        {
            throw new DasSearchException($"{VocabularyFile} has {Vocabulary.Count} pieces whose ids are not those from 0 on, each once, expected at most {MostPieces} that are");
        }
    }

    /// <summary>Reads the merges.</summary>
    /// <exception cref="DasSearchException">They are not there, or make what the vocabulary lacks.</exception>
    internal List<string> Merges()
    {
        var (path, merges) = (Path.Combine(Folder, "merges.txt"), new List<string>());
        using var lines = new StringReader(InputFile.ReadText(path, InputKind.Table));
        for (var number = 1; lines.ReadLine() is { } line; number++)
        {
            if (line.Length > 0 && !(number == 1 && line.StartsWith("#version", StringComparison.Ordinal)))
            {
                merges.Add(line.Split(' ') is [{ Length: > 0 } first, { Length: > 0 } second] && Vocabulary.ContainsKey(first + second)
                    ? line
                    : throw new DasSearchException($"{path}, line {number} is '{line}', expected two pieces whose sum is one of the vocabulary's"));
            }
        }

        return merges;
    }
}
