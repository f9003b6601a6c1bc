using System.Globalization;

namespace DasSearch.Exports;

/// <summary>The size of the images that a network reads.</summary>
/// <param name="Height">In pixels.</param>
/// <param name="Width">In pixels.</param>
internal readonly record struct ImageSize(int Height, int Width)
{
    private const int Maximum = 100_000;

    /// <summary>The option that names it.</summary>
    internal static ExportOption Option { get; } = new(
        "image", "size of the images, such as 384 or 384x608 (height x width); by default that of the checkpoint's position table");

    /// <summary>Reads it.</summary>
    /// <param name="text">What the user wrote.</param>
    /// <param name="patchSize">Side of a patch, in pixels: a divisor of both.</param>
    /// <exception cref="ExportUsageException">It is no such size.</exception>
    internal static ImageSize Parse(string text, int patchSize)
    {
        var sides = text.Split('x').Select(side => Side(side, patchSize)).ToArray();
        return sides switch
        {
            [{ } side] => new ImageSize(side, side),
            [{ } height, { } width] => new ImageSize(height, width),
            _ => throw new ExportUsageException(
                $"image must be a size such as {12 * patchSize} or {12 * patchSize}x{19 * patchSize}, "
                + $"in multiples of the patches' {patchSize} pixels, not '{text}'"),
        };
    }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Height}×{Width}");

    private static int? Side(string text, int patchSize) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var side)
        && side is > 0 and <= Maximum
        && side % patchSize == 0
            ? side
            : null;
}
