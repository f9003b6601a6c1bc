using static TorchSharp.torch;

namespace DasSearch.Models.Backbones;

/// <summary>What a vision-language backbone reads: a batch of texts and the images that go with them.</summary>
/// <param name="TokenIds">[batch, tokens], Int64; starts with the classification token.</param>
/// <param name="TextMask">[batch, tokens], Bool; true where there is a token, false where the text is padded.</param>
/// <param name="Images">[batch, 3, height, width], floating, normalised as the backbone expects.</param>
/// <param name="PixelMask">[batch, height, width], Bool; false where an image is padded. Null: nothing is padded.</param>
/// <param name="ImageNumber">Which of a sample's images this is, from 1; NLVR2 shows a second one.</param>
/// <remarks>Owns nothing: the tensors belong to whoever made the batch.</remarks>
public sealed record VisionLanguageInput(
    Tensor TokenIds,
    Tensor TextMask,
    Tensor Images,
    Tensor? PixelMask = null,
    int ImageNumber = 1);
