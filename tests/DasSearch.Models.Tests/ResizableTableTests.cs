using DasSearch.Models.Checkpoints;
using static TorchSharp.torch;

namespace DasSearch.Models.Tests;

/// <summary>Position tables of other sizes, against PyTorch (Fixtures/make_positions.py).</summary>
public sealed class ResizableTableTests
{
    private readonly ResizableTable _positions = ResizableTable.Positions("positions");

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(6)]
    public void Positions_OfAnotherSide_AreResizedAsByPyTorch(int side)
    {
        using var scope = NewDisposeScope();
        var file = CheckpointFile.Read(Path.Combine(AppContext.BaseDirectory, "Fixtures", "positions.npz")).Tensors;
        var resized = _positions.Resize(file["in"], [1 + (side * side), 4]);
        Assert.Equal([1L + (side * side), 4], resized.shape);
        Assert.True(allclose(file[$"out.{side}"], resized, atol: 1e-5));
        Assert.Equal(file["in"][0].bytes.ToArray(), resized[0].bytes.ToArray());
    }

    [Theory]
    [InlineData(10, 4, 17, 4, true)]
    [InlineData(10, 4, 18, 4, false)]
    [InlineData(9, 4, 17, 4, false)]
    [InlineData(10, 4, 17, 5, false)]
    [InlineData(1, 4, 17, 4, false)]
    public void Positions_ThatAreNoSquareOrOfAnotherWidth_DoNotFit(long rows, long width, long expectedRows, long expectedWidth, bool fits) =>
        Assert.Equal(fits, _positions.Fits([rows, width], [expectedRows, expectedWidth]));
}
