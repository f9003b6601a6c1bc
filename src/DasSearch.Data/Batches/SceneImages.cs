using DasSearch.Data.Scenes;
using static TorchSharp.torch;

namespace DasSearch.Data.Batches;

/// <summary>Tensors of scenes: Float32, [batch, 3, 56, 56].</summary>
internal static class SceneImages
{
    public static Tensor Make(int size) =>
        BatchTensors.Make(ScalarType.Float32, size, SceneRenderer.Channels, SceneRenderer.Side, SceneRenderer.Side);

    /// <summary>The image of one sample, to be overwritten.</summary>
    public static Span<float> Row(Tensor images, int row) =>
        BatchTensors.Elements<float>(images).Slice(row * SceneRenderer.Length, SceneRenderer.Length);
}
