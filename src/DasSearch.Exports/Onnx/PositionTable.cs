namespace DasSearch.Exports;

/// <summary>Positions of patches, for images of another size than the checkpoint's.</summary>
internal static class PositionTable
{
    /// <summary>Resizes a table bilinearly with aligned corners, as ViLT does: to [rows · columns, width], row by row.</summary>
    /// <param name="table">[1 + grid², width]; its first row, which belongs to no patch, is left out.</param>
    internal static float[] Resize(float[] table, int grid, int width, int rows, int columns)
    {
        var resized = new float[checked(rows * columns * width)];
        for (var row = 0; row < rows; row++)
        {
            var (above, below, down) = Between(row, rows, grid);
            for (var column = 0; column < columns; column++)
            {
                var (left, right, across) = Between(column, columns, grid);
                for (var i = 0; i < width; i++)
                {
                    double At(int r, int c) => table[((1 + (r * grid) + c) * width) + i];
                    var upper = ((1 - across) * At(above, left)) + (across * At(above, right));
                    var lower = ((1 - across) * At(below, left)) + (across * At(below, right));
                    resized[(((row * columns) + column) * width) + i] = (float)(((1 - down) * upper) + (down * lower));
                }
            }
        }

        return resized;
    }

    // The two places of the table around a new place, and how far it is from the first.
    private static (int First, int Second, double Fraction) Between(int place, int count, int size)
    {
        var position = count > 1 ? place * (size - 1.0) / (count - 1) : 0;
        var first = Math.Min((int)position, size - 1);
        return (first, Math.Min(first + 1, size - 1), position - first);
    }
}
