using static TorchSharp.torch;

namespace DasSearch.Data.Batches;

/// <summary>Tensors of scenes: Float32, [batch, 3, side, side].</summary>
internal static class SceneImages
{
    /// <summary>Red, green and blue.</summary>
    public const int Channels = 3;

    public static Tensor Make(int size, int side) => BatchTensors.Make(ScalarType.Float32, size, Channels, side, side);

    /// <summary>The image of one sample, to be overwritten.</summary>
    public static Span<float> Row(Tensor images, int row)
    {
        var length = (int)(images.shape[1] * images.shape[2] * images.shape[3]);
        return BatchTensors.Elements<float>(images).Slice(row * length, length);
    }
}
