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

    /// <summary>The tables that may come in another size than is needed.</summary>
    internal IReadOnlyList<ResizableTable> Tables { get; init; } = [];

    internal bool MayHave(string name) => Others.Any(beginning => name.StartsWith(beginning, StringComparison.Ordinal));

    internal ResizableTable? TableOf(string name) => Tables.FirstOrDefault(table => table.Name == name);
}

/// <summary>A table that can be brought to another size.</summary>
/// <param name="Name">Its official name.</param>
/// <param name="Fits">Whether one of the first shape can become one of the second.</param>
/// <param name="Resize">What one becomes in another shape; it belongs to the current scope.</param>
internal sealed record ResizableTable(string Name, Func<IReadOnlyList<long>, IReadOnlyList<long>, bool> Fits, Func<Tensor, IReadOnlyList<long>, Tensor> Resize)
{
    /// <summary>Positions of a class token and a square of patches, [1 + side², width], for a square of another side.</summary>
    /// <remarks>The class token's stays; the others are a picture that is resized as METER's code (arXiv:2111.02387) and ViT's do: bicubic, corners not aligned.</remarks>
    internal static ResizableTable Positions(string name) => new(
        name,
        static (found, expected) => found.Count == 2 && expected.Count == 2 && found[1] == expected[1] && Side(found[0]) > 0 && Side(expected[0]) > 0,
        static (table, expected) =>
        {
            using var scope = NewDisposeScope();
            var (side, to) = (Side(table.size(0)), Side(expected[0]));
            var patches = table.narrow(0, 1, side * side).to(ScalarType.Float32).t().reshape(1, table.size(1), side, side);
            var resized = nn.functional.interpolate(patches, [to, to], mode: InterpolationMode.Bicubic, align_corners: false);
            return cat([table.narrow(0, 0, 1), resized.flatten(2).squeeze(0).t()]).MoveToOuterDisposeScope();
        });

    /// <summary>Rows for texts and for an image: a second image (NLVR2) gets one of its own, which starts as the first image's.</summary>
    internal static ResizableTable SecondImage(string name) => new(
        name,
        static (found, expected) => found.Count == 2 && found[0] == 2 && expected[0] == 3 && found[1] == expected[1],
        static (table, _) => cat([table, table.narrow(0, 1, 1)]));

    /// <summary>The side of a square of so many rows but one; 0 where they are none.</summary>
    private static long Side(long rows)
    {
        var side = (long)Math.Sqrt(Math.Max(rows - 1, 0));
        return (side * side) + 1 == rows ? side : 0;
    }
}
