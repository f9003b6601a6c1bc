namespace DasSearch.Data.Text;

/// <summary>A text's tokens between a start and an end, and padding behind: [start, tokens…, end, padding…].</summary>
internal readonly record struct TokenFrame(int Start, int End, int Padding)
{
    /// <summary>Writes it over all ids.</summary>
    /// <param name="tokens">The text's own.</param>
    /// <param name="ids">[tokens], overwritten; has room for start and end at least.</param>
    /// <param name="cut">Whether a text that does not fit loses its last tokens; else it is refused.</param>
    /// <returns>How many ids precede the padding.</returns>
    /// <exception cref="ArgumentException">The text does not fit, and is not to be cut.</exception>
    internal int Write(IReadOnlyList<int> tokens, Span<long> ids, bool cut)
    {
        var fitting = Math.Min(tokens.Count, ids.Length - 2);
        if (fitting < tokens.Count && !cut)
        {
            throw new ArgumentException($"The text has {tokens.Count + 2} tokens, expected at most {ids.Length}.", nameof(ids));
        }

        ids[0] = Start;
        for (var i = 0; i < fitting; i++)
        {
            ids[i + 1] = tokens[i];
        }

        ids[fitting + 1] = End;
        ids[(fitting + 2)..].Fill(Padding);
        return fitting + 2;
    }

    /// <summary>The text's own tokens.</summary>
    /// <param name="ids">[tokens].</param>
    /// <param name="count">How many tokens there are to be known.</param>
    /// <exception cref="ArgumentOutOfRangeException">An id is none of these.</exception>
    internal List<int> Read(ReadOnlySpan<long> ids, int count)
    {
        var tokens = new List<int>(ids.Length);
        foreach (var id in ids)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(id, nameof(ids));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(id, count, nameof(ids));
            if (id != Start && id != End && id != Padding)
            {
                tokens.Add((int)id);
            }
        }

        return tokens;
    }
}
