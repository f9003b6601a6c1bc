using static TorchSharp.torch;

namespace DasSearch.Models.Layers;

/// <summary>Resizes position tables, so that a model can take images of another size than it was trained on.</summary>
/// <remarks>
/// Gives what torch.nn.functional.interpolate gives (without antialiasing). Interpolation on a grid is linear and
/// separable, so it is two products with a matrix of weights: rows · grid · columnsᵀ.
/// </remarks>
public static class GridResize
{
    private const double CubicA = -0.75; // Keys (1981); the value of PyTorch and OpenCV.

    /// <summary>[batch, channels, height, width] to [batch, channels, newHeight, newWidth], with gradients.</summary>
    /// <param name="grid">The values to resize.</param>
    /// <param name="newHeight">Rows of the result.</param>
    /// <param name="newWidth">Columns of the result.</param>
    /// <param name="method">How values between grid points are made up.</param>
    /// <param name="alignCorners">Whether the corners' centres coincide (as ViLT has it), or their outer edges.</param>
    /// <exception cref="ArgumentException">The grid does not have four dimensions.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A new size is not positive.</exception>
    public static Tensor Resize(Tensor grid, long newHeight, long newWidth, Interpolation method, bool alignCorners = false)
    {
        ArgumentNullException.ThrowIfNull(grid);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(newHeight);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(newWidth);
        if (grid.ndim != 4)
        {
            throw new ArgumentException($"Expected a grid of [batch, channels, height, width], got {grid}.", nameof(grid));
        }

        using var scope = NewDisposeScope();
        var rows = Weights(grid.size(2), newHeight, method, alignCorners, grid); // [newHeight, height]
        var columns = Weights(grid.size(3), newWidth, method, alignCorners, grid); // [newWidth, width]
        return rows.matmul(grid).matmul(columns.t()).MoveToOuterDisposeScope();
    }

    private static Tensor Weights(long size, long newSize, Interpolation method, bool alignCorners, Tensor like)
    {
        var weights = new double[newSize, size];
        var step = alignCorners ? (newSize > 1 ? (size - 1.0) / (newSize - 1) : 0) : (double)size / newSize;
        for (var i = 0L; i < newSize; i++)
        {
            var position = alignCorners ? i * step : ((i + 0.5) * step) - 0.5;
            if (method == Interpolation.Bilinear)
            {
                AddLinear(weights, i, Math.Max(position, 0), size);
            }
            else
            {
                AddCubic(weights, i, position, size);
            }
        }

        return as_tensor(from_array(weights), like.dtype, like.device);
    }

    private static void AddLinear(double[,] weights, long row, double position, long size)
    {
        var below = Math.Min((long)position, size - 1);
        var above = Math.Min(below + 1, size - 1);
        var fraction = position - below;
        weights[row, below] += 1 - fraction;
        weights[row, above] += fraction;
    }

    private static void AddCubic(double[,] weights, long row, double position, long size)
    {
        var start = Math.Floor(position);
        var t = position - start;
        for (var offset = -1; offset <= 2; offset++)
        {
            // Beyond the edge the edge repeats.
            var column = Math.Clamp((long)start + offset, 0, size - 1);
            weights[row, column] += Cubic(Math.Abs(t - offset));
        }
    }

    private static double Cubic(double distance) => distance <= 1
        ? (((CubicA + 2) * distance) - (CubicA + 3)) * distance * distance + 1
        : ((((distance - 5) * distance) + 8) * distance - 4) * CubicA;
}
