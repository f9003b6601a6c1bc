using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Models.Backbones.Encoders;
using DasSearch.Models.Checkpoints;
using static TorchSharp.torch;

namespace DasSearch.Models.Backbones;

/// <summary>The official checkpoints' names and sizes, and a METER for a task from such a file, or with fresh weights.</summary>
/// <remarks>Sizes are read off the tensors' shapes, heads and dropout as <see cref="ViltCheckpoint"/> does.</remarks>
public static class MeterCheckpoint
{
    internal const string TextPooler = "cross_modal_text_pooler.dense";
    internal const string ImagePooler = "cross_modal_image_pooler.dense";

    private const string Text = "text_transformer.";
    private const string Image = "vit_model.";
    private const string TextTransform = "cross_modal_text_transform";
    private const string ImageTransform = "cross_modal_image_transform";
    private const string FirstToken = "token4classifier";
    private const string Modalities = "token_type_embeddings.weight";

    /// <summary>Beginnings of the names of what every transfer method trains: poolers, modality embeddings, and the token in the place of the text's first.</summary>
    internal static IReadOnlyList<string> AlwaysTrained { get; } = ["cross_modal_text_pooler.", "cross_modal_image_pooler.", Modalities, FirstToken];

    /// <summary>Beginnings of the names of what no method trains: the encoders, and what brings their outputs to the layers' width.</summary>
    internal static IReadOnlyList<string> NeverTrained { get; } = [Text, Image, TextTransform + ".", ImageTransform + "."];

    internal static string LayerName(bool isText, int layer) => $"cross_modal_{(isText ? "text" : "image")}_layers.{layer}";

    /// <summary>What DAS's code calls the adapter in place of a layer.</summary>
    internal static string ReplacementName(bool isText, int layer) => $"adapter_list_{(isText ? "l" : "v")}.{layer}.0";

    /// <summary>The parameters of a Linear or norm.</summary>
    internal static IEnumerable<ParameterShape> ShapesOf(ProjectionPlace place) =>
        [new(place.Name + ".weight", place.Role == ProjectionRole.Norm ? [place.Out] : [place.Out, place.In]), new(place.Name + ".bias", [place.Out])];

    /// <summary>Every parameter outside the layers.</summary>
    internal static IEnumerable<ParameterShape> Outside(MeterConfig config)
    {
        long d = config.Width;
        var (text, image) = (config.Encoders.Text, config.Encoders.Image);
        return
        [
            .. text.Parameters.Select(static shape => shape with { Name = Text + shape.Name }),
            .. image.Parameters.Select(static shape => shape with { Name = Image + shape.Name }),
            .. Linear(TextTransform, text.Width, d),
            .. Linear(ImageTransform, image.Width, d),
            new(FirstToken, [1, 1, d]),
            new(Modalities, [1 + config.ImagesPerSample, d]),
            .. Linear(TextPooler, d, d),
            .. Linear(ImagePooler, d, d),
        ];
    }

    private static IEnumerable<ParameterShape> Linear(string name, long width, long result) =>
        [new(name + ".weight", [result, width]), new(name + ".bias", [result])];
}
