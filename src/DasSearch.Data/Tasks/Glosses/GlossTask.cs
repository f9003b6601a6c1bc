using DasSearch.Core;
using DasSearch.Data.Batches;
using DasSearch.Data.Text;
using DasSearch.Data.WordNet;
using static TorchSharp.torch;

namespace DasSearch.Data.Tasks.Glosses;

/// <summary>Which of WordNet's 45 lexicographers' files is a gloss from? A task of texts alone.</summary>
/// <remarks>Samples are drawn once from each split by the data's seed; texts of more than 32 tokens are cut.</remarks>
internal sealed class GlossTask : IVisionLanguageTask
{
    private const string Name = "wordnet-gloss";
    private const int Tokens = 32;

    private static readonly int[] _sizes = [10_000, 2_000, 4_000];

    private readonly IReadOnlyList<Gloss>[] _samples;
    private readonly ITokenizer _tokenizer;
    private readonly EpochOrder _order;

    /// <exception cref="DasSearchException">The backbone brings no tokenizer, since real sentences are of no closed list of words.</exception>
    public GlossTask(WordNetGlosses glosses, TaskSettings settings)
    {
        _tokenizer = settings.View.Tokenizer
            ?? throw new DasSearchException($"{Name} is made of real sentences, and so for a backbone that brings a tokenizer, such as minilm");
        _samples = [.. Enum.GetValues<Split>().Select(split => Draw(glosses.Of(split), settings.DataSeed, split))];
        Facts = new TaskFacts(
            Name, TaskKind.Classification, WordNetGlosses.Classes, Images: 0, Texts: 1, _tokenizer.Count, Tokens, ImageSide: 0, [.. _samples.Select(static split => split.Count)]);
        _order = new EpochOrder(Name, settings.OrderSeed, Facts.SizeOf(Split.Train));
    }

    public TaskFacts Facts { get; }

    public Batch Batch(Split split, long epoch, int index, int size)
    {
        var rows = _order.Rows(Facts, split, epoch, index, size);
        var count = rows.Length;
        var batch = new Batch([], Texts.Make(count, Tokens), BatchTensors.Make(ScalarType.Int64, count), Targets: null, rows);
        for (var row = 0; row < count; row++)
        {
            var gloss = _samples[(int)split][rows[row]];
            batch.Texts.Write(row, gloss.Text, _tokenizer, cut: true);
            BatchTensors.Elements<long>(batch.Labels)[row] = gloss.Class;
        }

        return batch;
    }

    private static Gloss[] Draw(IReadOnlyList<Gloss> glosses, long seed, Split split)
    {
        var all = glosses.ToArray();
        Shuffler.Shuffle(all.AsSpan(), SeededRandom.Derive(seed, $"{Name}/{split}"));
        return all[..Math.Min(all.Length, _sizes[(int)split])];
    }
}
