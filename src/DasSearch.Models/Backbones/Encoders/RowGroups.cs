using static TorchSharp.torch;

namespace DasSearch.Models.Backbones.Encoders;

/// <summary>Rows of a batch, encoded in groups of always the same size and shape, so that what one gets never depends on the others.</summary>
/// <remarks>
/// Kernels are chosen by shapes, and numbers of another shape have other last bits. In one shape each row's bits are the same wherever it stands.
/// Encoders read several at a time faster than one by one; more than four would leave many groups half empty.
/// </remarks>
internal static class RowGroups
{
    private const int Size = 4;
    private const long TokenStep = 8; // texts are of as many tokens, or twice as many, and so on

    /// <summary>Images, [1, 3, side, side] each, encoded: [1, tokens, width] each.</summary>
    /// <param name="encode">From [group, 3, side, side] to [group, tokens, width].</param>
    internal static IReadOnlyList<Tensor> OfImages(IReadOnlyList<Tensor> images, Func<Tensor, Tensor> encode) =>
        Encode(images, static _ => 0, group => encode(cat([.. group])));

    /// <summary>Texts, token ids [1, tokens that it has] each, encoded: [1, tokens that it has, width] each.</summary>
    /// <param name="most">Tokens of the longest text that the encoder reads.</param>
    /// <param name="encode">From ids and a mask, [group, tokens] both, to [group, tokens, width].</param>
    internal static IReadOnlyList<Tensor> OfTexts(IReadOnlyList<Tensor> texts, long most, Func<Tensor, Tensor, Tensor> encode)
    {
        var encoded = Encode(texts, Padded, group =>
        {
            var tokens = Padded(group[0]);
            var ids = cat([.. group.Select(text => nn.functional.pad(text, [0, tokens - text.size(1)]))]);
            var lengths = tensor(group.Select(static text => text.size(1)).ToArray(), device: ids.device);
            return encode(ids, arange(tokens, device: ids.device).unsqueeze(0) < lengths.unsqueeze(1));
        });
        return [.. encoded.Select((row, i) => row.narrow(1, 0, texts[i].size(1)))];

        long Padded(Tensor text) => Math.Max(text.size(1), Math.Min((text.size(1) + TokenStep - 1) / TokenStep * TokenStep, most));
    }

    // A group that is not full has its first row in the places that are left.
    private static Tensor[] Encode(IReadOnlyList<Tensor> rows, Func<Tensor, long> shape, Func<IReadOnlyList<Tensor>, Tensor> encode)
    {
        var encoded = new Tensor[rows.Count];
        foreach (var group in Enumerable.Range(0, rows.Count).GroupBy(row => shape(rows[row])).SelectMany(static alike => alike.Chunk(Size)))
        {
            var result = encode([.. group.Concat(Enumerable.Repeat(group[0], Size - group.Length)).Select(row => rows[row])]);
            for (var i = 0; i < group.Length; i++)
            {
                encoded[group[i]] = result.narrow(0, i, 1);
            }
        }

        return encoded;
    }
}
