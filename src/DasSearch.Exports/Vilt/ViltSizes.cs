namespace DasSearch.Exports;

/// <summary>The sizes of a ViLT (Kim et al., arXiv:2102.03334), as its weights show them.</summary>
/// <param name="Vocabulary">Words of the tokenizer.</param>
/// <param name="TextLength">Tokens of the longest text.</param>
/// <param name="Width">Width of a token's vector.</param>
/// <param name="Heads">Attention heads.</param>
/// <param name="FeedForward">Width of the feed-forward part.</param>
/// <param name="PatchSize">Side of a patch, in pixels.</param>
/// <param name="Grid">Rows and columns of the position table.</param>
internal sealed record ViltSizes(int Vocabulary, int TextLength, int Width, int Heads, int FeedForward, int PatchSize, int Grid);
