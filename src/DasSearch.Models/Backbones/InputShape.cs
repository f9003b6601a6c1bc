namespace DasSearch.Models.Backbones;

/// <summary>What a task shows a backbone.</summary>
/// <param name="Vocabulary">Words of its tokenizer, special ones included.</param>
/// <param name="TextLength">Tokens of a text, padding included.</param>
/// <param name="ImageHeight">Height of an image, in pixels.</param>
/// <param name="ImageWidth">Width of an image, in pixels.</param>
/// <param name="Images">Images of a sample.</param>
public sealed record InputShape(int Vocabulary, int TextLength, int ImageHeight, int ImageWidth, int Images = 1);
