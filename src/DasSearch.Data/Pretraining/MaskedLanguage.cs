using DasSearch.Data.Text;

namespace DasSearch.Data.Pretraining;

/// <summary>Hides words as BERT does (Devlin et al., arXiv:1810.04805, section 3.1).</summary>
internal static class MaskedLanguage
{
    /// <summary>The label of a token that is not to be predicted; what cross-entropy ignores by default.</summary>
    public const long Ignored = -100;

    private const double Masked = 0.8;
    private const double Replaced = 0.9;

    /// <summary>
    /// Each word is to be predicted with some probability; of these, 80 % become [MASK], 10 % a word drawn from the
    /// vocabulary, and 10 % stay. A text in which none was drawn gets one, so that no text is idle.
    /// </summary>
    /// <param name="ids">[tokens], changed in place; special tokens are left alone.</param>
    /// <param name="labels">[tokens], overwritten: the word where one is to be predicted, −100 elsewhere.</param>
    /// <param name="rate">The probability, in [0, 1].</param>
    /// <param name="tokenizer">Whose words the replacements are.</param>
    /// <param name="random">The stream.</param>
    public static void Apply(Span<long> ids, Span<long> labels, double rate, ITokenizer tokenizer, Random random)
    {
        labels.Fill(Ignored);
        var words = 0;
        var hidden = 0;
        for (var i = 0; i < ids.Length; i++)
        {
            if (ids[i] >= tokenizer.FirstWord)
            {
                words++;
                if (random.NextDouble() < rate)
                {
                    hidden++;
                    Hide(i, ids, labels, tokenizer, random);
                }
            }
        }

        if (hidden == 0 && words > 0)
        {
            Hide(PlaceOfWord(ids, tokenizer.FirstWord, random.Next(words)), ids, labels, tokenizer, random);
        }
    }

    private static void Hide(int i, Span<long> ids, Span<long> labels, ITokenizer tokenizer, Random random)
    {
        labels[i] = ids[i];
        var draw = random.NextDouble();
        if (draw < Masked)
        {
            ids[i] = tokenizer.Mask;
        }
        else if (draw < Replaced)
        {
            ids[i] = random.Next(tokenizer.FirstWord, tokenizer.Count);
        }
    }

    private static int PlaceOfWord(ReadOnlySpan<long> ids, int first, int word)
    {
        for (var i = 0; i < ids.Length; i++)
        {
            if (ids[i] >= first && word-- == 0)
            {
                return i;
            }
        }

        throw new ArgumentOutOfRangeException(nameof(word), word, "There are fewer words.");
    }
}
