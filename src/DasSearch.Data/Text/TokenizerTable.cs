using DasSearch.Core;
using DasSearch.Formats;

namespace DasSearch.Data.Text;

/// <summary>Tokenizers by name: a backbone names the one that its words are numbered by.</summary>
public static class TokenizerTable
{
    private static readonly Lazy<ITokenizer> _miniLm = new(static () => ReadMiniLm(PackagedWeights.PathOf(PackagedWeights.MiniLm)));

    private static readonly (string Name, Func<ITokenizer?> Open)[] _all = [("words", static () => null), ("minilm", static () => _miniLm.Value)];

    /// <summary>FashionVL's closed list of words.</summary>
    public static ITokenizer FashionVl { get; } = new WordTokenizer(Vocabulary.FashionVl);

    /// <summary>The tokenizer of a name: null for <c>words</c>, each task's own closed list; or <c>minilm</c>, that of BERT in lower case, whose list lies beside MiniLM's weights.</summary>
    /// <exception cref="DasSearchException">There is none, or what it reads is missing.</exception>
    public static ITokenizer? Named(string name) => Array.Find(_all, entry => entry.Name == name).Open is { } open
        ? open()
        : throw new DasSearchException($"there is no tokenizer '{name}'; there are {string.Join(", ", _all.Select(static entry => entry.Name))}");

    /// <summary>The tokenizer in files: in a folder a RoBERTa's or CLIP's <c>vocab.json</c> and <c>merges.txt</c>, CLIP's <c>bpe_simple_vocab_16e6.txt.gz</c>, a LLaMA's <c>tokenizer.model</c>, or else a BERT's <c>vocab.txt</c>.</summary>
    /// <exception cref="DasSearchException">They cannot be read, or are none.</exception>
    public static ITokenizer Open(string path)
    {
        if (Directory.Exists(path))
        {
            var files = PieceFiles.Read(path);
            return files.Vocabulary.ContainsKey(ClipTokenizer.Start) ? ClipTokenizer.Of(files) : ByteLevelTokenizer.Of(files);
        }

        if (Path.GetFileName(path).Contains("bpe_simple_vocab", StringComparison.Ordinal))
        {
            return ClipTokenizer.Read(path);
        }

        if (Path.GetExtension(path) == ".model")
        {
            return SentencePieceTokens.Read(path);
        }

        using var list = InputFile.Open(path, InputKind.Table);
        return WordPieceTokenizer.Read(list, path);
    }

    private static WordPieceTokenizer ReadMiniLm(string assembly)
    {
        using var list = EmbeddedResource.Find(assembly, ".vocab.txt").Open();
        return WordPieceTokenizer.Read(list, assembly);
    }
}
