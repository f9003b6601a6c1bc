using DasSearch.Formats;

namespace DasSearch.Exports;

/// <summary>A matrix put together of weights; 0 where none is put.</summary>
internal sealed class WeightMatrix(int rows, int columns)
{
    /// <summary>Row by row.</summary>
    internal float[] Numbers { get; } = new float[rows * columns];

    /// <summary>Puts some rows of a weight somewhere, transposed.</summary>
    /// <param name="row">The row here at which they begin.</param>
    /// <param name="column">Likewise.</param>
    /// <param name="weight">[out, in].</param>
    /// <param name="from">The first of its rows.</param>
    /// <param name="count">How many of them; null for all.</param>
    internal WeightMatrix PutTransposed(long row, long column, WeightTensor weight, long from = 0, long? count = null)
    {
        var (numbers, width) = (weight.Floats(), weight.Shape[1]);
        for (var i = 0L; i < (count ?? weight.Shape[0]); i++)
        {
            for (var j = 0L; j < width; j++)
            {
                Numbers[((row + j) * columns) + column + i] = numbers[((from + i) * width) + j];
            }
        }

        return this;
    }

    /// <summary>Puts each row of a weight, [places] or [places, in], into a column, transposed.</summary>
    internal WeightMatrix PutTransposed(IReadOnlyList<long> places, WeightTensor weight)
    {
        var (numbers, width) = (weight.Floats(), rows);
        for (var i = 0; i < places.Count; i++)
        {
            for (var j = 0; j < width; j++)
            {
                Numbers[(j * columns) + places[i]] = numbers[(i * width) + j];
            }
        }

        return this;
    }
}
