namespace DasSearch.Core;

/// <summary>How a backbone wants its images: square, with three channels, each pixel (value − mean) / deviation.</summary>
/// <param name="Side">Height and width, in pixels; even and positive.</param>
/// <param name="Mean">By channel, red first, of values from 0 for black to 1.</param>
/// <param name="Deviation">By channel, positive.</param>
public sealed record ImageStyle(int Side, IReadOnlyList<float> Mean, IReadOnlyList<float> Deviation)
{
    /// <summary>What stands in a text, in place of a word's number, where a token of its image does.</summary>
    public const long Token = -1;

    /// <summary>Tokens that an image has within a text; 0, by default, where it has none there.</summary>
    public int TokensInText { get; init; }

    /// <summary>The same mean and deviation for every channel.</summary>
    public static ImageStyle Grey(int side, float mean, float deviation) => new(side, [mean, mean, mean], [deviation, deviation, deviation]);
}
