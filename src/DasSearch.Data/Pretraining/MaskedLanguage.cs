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
    /// Each word is to be predicted with some probability, whole; of its tokens 80 % become [MASK], 10 % one drawn from the
    /// vocabulary, and 10 % stay. A text in which none was drawn gets one, so that no text is idle.
    /// </summary>
    /// <remarks>Whole words as for ViLT (arXiv:2102.03334, section 3.2): the rest of a word gives a piece of it away, whatever the image shows.</remarks>
    /// <param name="ids">[tokens], changed in place; special tokens are left alone.</param>
    /// <param name="labels">[tokens], overwritten: the token where one is to be predicted, −100 elsewhere.</param>
    /// <param name="rate">The probability for a word that begins with a token, in [0, 1].</param>
    /// <param name="tokenizer">Whose words the replacements are.</param>
    /// <param name="random">The stream.</param>
    public static void Apply(Span<long> ids, Span<long> labels, Func<long, double> rate, ITokenizer tokenizer, Random random)
    {
        labels.Fill(Ignored);
        var words = Words(ids, tokenizer);
        var isIdle = true;
        foreach (var word in words)
        {
            if (random.NextDouble() < rate(ids[word.Start.Value]))
            {
                isIdle = false;
                Hide(word, ids, labels, tokenizer, random);
            }
        }

        if (isIdle && words.Count > 0)
        {
            Hide(words[random.Next(words.Count)], ids, labels, tokenizer, random);
        }
    }

    private static List<Range> Words(ReadOnlySpan<long> ids, ITokenizer tokenizer)
    {
        var words = new List<Range>();
        for (var start = 0; start < ids.Length; start++)
        {
            if (ids[start] >= tokenizer.FirstWord)
            {
                var end = start + 1;
                while (end < ids.Length && tokenizer.Continues(ids[end]))
                {
                    end++;
                }

                words.Add(start..end);
                start = end - 1;
            }
        }

        return words;
    }

    private static void Hide(Range word, Span<long> ids, Span<long> labels, ITokenizer tokenizer, Random random)
    {
        for (var i = word.Start.Value; i < word.End.Value; i++)
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
    }
}
