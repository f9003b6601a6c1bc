using DasSearch.Core;

namespace DasSearch.Formats;

/// <summary>Holds what files say of their tensors against what they have, before memory is asked for.</summary>
internal static class WeightChecks
{
    internal const int MaximumDimensions = 8;

    // Layers may share their weights, as those of one module used twelve times over in two networks.
    private const int MostUses = 64;

    /// <summary>How many bytes a tensor takes.</summary>
    /// <param name="most">As many as there can be.</param>
    /// <exception cref="DasSearchException">It has a negative size, too many of them, or more numbers than that.</exception>
    internal static long Bytes(string source, string name, string type, IReadOnlyList<long> shape, long most)
    {
        if (!WeightTypes.Has(type))
        {
            throw new DasSearchException($"{source} has tensor {name} of type {type}, expected one of {WeightTypes.Names}");
        }

        if (shape.Count > MaximumDimensions)
        {
            throw new DasSearchException($"{source} has tensor {name} of {shape.Count} dimensions, expected at most {MaximumDimensions}");
        }

        var bytes = (Int128)WeightTypes.Size(type);
        foreach (var size in shape.Contains(0) ? [0] : shape)
        {
            // Held against the file at each step, so that no product overflows.
            bytes *= size;
            if (size < 0 || bytes > most)
            {
                throw new DasSearchException($"{source} has tensor {name} of shape [{string.Join(", ", shape)}], which is more than the file");
            }
        }

        return (long)bytes;
    }

    /// <summary>Refuses files that name the same bytes so often that reading all would take far more memory than they have.</summary>
    internal static void Total(string source, long available, IEnumerable<WeightTensor> tensors)
    {
        var total = tensors.Aggregate((Int128)0, static (sum, tensor) => sum + tensor.Bytes);
        if (total > (Int128)MostUses * available)
        {
            throw new DasSearchException($"{source} has tensors of {total} bytes in a file of {available}: it names the same ones too often");
        }
    }
}
