using DasSearch.Formats;
using static TorchSharp.torch;

namespace DasSearch.Models.Checkpoints;

/// <summary>What checkpoints of a backbone are like.</summary>
/// <param name="Name">What messages call the backbone.</param>
/// <param name="Names">The names under which its weights may come.</param>
internal sealed record CheckpointKind(string Name, NameTable Names)
{
    /// <summary>Beginnings of names that a checkpoint may have besides, such as those of heads.</summary>
    internal IReadOnlyList<string> Others { get; init; } = [];

    /// <summary>Brings files of another layout to one that the names are for; by default it leaves each as it is.</summary>
    internal Func<WeightFile, WeightFile> Convert { get; init; } = static file => file;

    /// <summary>The tables that may come in another size than is needed.</summary>
    internal IReadOnlyList<ResizableTable> Tables { get; init; } = [];

    /// <summary>A file's tensors under official names.</summary>
    internal WeightFile Official(WeightFile own) => Names.Translate(Convert(own));

    internal bool MayHave(string name) => Others.Any(beginning => name.StartsWith(beginning, StringComparison.Ordinal));

    internal ResizableTable? TableOf(string name) => Tables.FirstOrDefault(table => table.Name == name);
}

/// <summary>A table that can be brought to another size.</summary>
/// <param name="Name">Its official name.</param>
/// <param name="Fits">Whether one of the first shape can become one of the second.</param>
/// <param name="Resize">What one becomes in another shape; it belongs to the current scope.</param>
internal sealed record ResizableTable(string Name, Func<IReadOnlyList<long>, IReadOnlyList<long>, bool> Fits, Func<Tensor, IReadOnlyList<long>, Tensor> Resize)
{
    /// <summary>Positions of first tokens and a square of patches, [first + side², width] or [1, first + side², width], for a square of another side.</summary>
    /// <remarks>
    /// First ones, of which there are none, one or two, stay; the others are a picture that is resized as METER's code (arXiv:2111.02387) and ViT's do:
    /// bicubic, corners not aligned.
    /// </remarks>
    internal static ResizableTable Positions(string name) => new(
        name,
        static (found, expected) => found.Count is 2 or 3 && found.Count == expected.Count && found.Count(static size => size > 1) <= 2
            && found[^1] == expected[^1] && PositionsOf(found[^2]) is { } own && PositionsOf(expected[^2]) is { } other && own.First == other.First,
        static (table, expected) =>
        {
            using var scope = NewDisposeScope();
            var (first, side, to) = (PositionsOf(table.shape[^2])!.First, PositionsOf(table.shape[^2])!.Side, PositionsOf(expected[^2])!.Side);
            var rows = table.flatten(0, -2); // [first + side², width]
            var patches = rows.narrow(0, first, side * side).to(ScalarType.Float32).t().reshape(1, rows.size(1), side, side);
            var resized = nn.functional.interpolate(patches, [to, to], mode: InterpolationMode.Bicubic, align_corners: false);
            return cat([rows.narrow(0, 0, first), resized.flatten(2).squeeze(0).t()]).reshape([.. expected]).MoveToOuterDisposeScope();
        });

    /// <summary>Rows for texts and for an image: a second image (NLVR2) gets one of its own, which starts as the first image's.</summary>
    internal static ResizableTable SecondImage(string name) => new(
        name,
        static (found, expected) => found.Count == 2 && found[0] == 2 && expected[0] == 3 && found[1] == expected[1],
        static (table, _) => cat([table, table.narrow(0, 1, 1)]));

    // No number of rows is a square and one or two more at once, but for 1 and 2.
    private static SquarePositions? PositionsOf(long rows) => Enumerable.Range(0, 3)
        .Select(first => new SquarePositions(first, (long)Math.Sqrt(Math.Max(rows - first, 0))))
        .FirstOrDefault(square => square.Side > 0 && square.First + (square.Side * square.Side) == rows);

    private sealed record SquarePositions(long First, long Side);
}
