namespace DasSearch.Exports;

/// <summary>What a ViLT does before its blocks, in a graph.</summary>
/// <param name="graph">Where it is added.</param>
/// <param name="layers">Its layers.</param>
/// <param name="network">The network.</param>
/// <param name="image">The size of its images.</param>
internal sealed class EmbeddingGraph(NetworkGraph graph, GraphLayers layers, PlannedVilt network, ImageSize image)
{
    private const float TextEpsilon = 1e-12f;
    private const string Place = "embedding";
    private const string TextPlace = "text_embeddings";
    private const string ImagePlace = "transformer.patch_embed";
    private const string Modalities = "token_type_embeddings.weight";
    private const string PositionWeight = "transformer.pos_embed";

    private readonly int _width = network.Sizes.Width;
    private readonly int _patchSize = network.Sizes.PatchSize;
    private readonly int _rows = image.Height / network.Sizes.PatchSize;
    private readonly int _columns = image.Width / network.Sizes.PatchSize;

    private long Patches => (long)_rows * _columns;

    /// <summary>Word, position and segment, normalised, then the modality: [batch, tokens] to [batch, tokens, width].</summary>
    internal string Text(string ids)
    {
        var words = graph.Add(TextPlace, "Gather", [layers.Weight(TextPlace + ".word_embeddings.weight"), ids]);
        var table = layers.Weight(TextPlace + ".position_embeddings.weight");
        var positions = graph.Add(TextPlace, "Slice", [table, layers.Integers(0), layers.Size(TextPlace, ids, 1)]); // [tokens, width]
        var segment = layers.Row(TextPlace + ".token_type_embeddings.weight", 0);
        var sum = layers.Add(TextPlace, layers.Add(TextPlace, words, positions), segment);
        return layers.Add(TextPlace, layers.Norm(TextPlace + ".LayerNorm", sum, TextEpsilon), layers.Row(Modalities, 0));
    }

    /// <summary>Patches behind a token of their own: [batch, 3, height, width] to [batch, 1 + patches, width].</summary>
    /// <param name="pixels">The image.</param>
    /// <param name="number">Which of a sample's images it is, from 1.</param>
    internal string Image(string pixels, int number)
    {
        var patches = graph.Add(
            ImagePlace,
            "Conv",
            [pixels, layers.Weight(ImagePlace + ".proj.weight"), layers.Weight(ImagePlace + ".proj.bias")],
            new OnnxAttribute("kernel_shape", Integers: [_patchSize, _patchSize]),
            new OnnxAttribute("strides", Integers: [_patchSize, _patchSize])); // [batch, width, rows, columns]
        var tokens = layers.Transpose(ImagePlace, layers.Reshape(ImagePlace, patches, 0, _width, Patches), 0, 2, 1);
        var first = layers.Add(ImagePlace, layers.Weight("transformer.cls_token"), FirstPosition());
        var shape = layers.Concat(ImagePlace, 0, layers.Size(ImagePlace, pixels, 0), layers.Integers(1, _width));
        var all = layers.Concat(
            ImagePlace, 1, graph.Add(ImagePlace, "Expand", [first, shape]), layers.Add(ImagePlace, tokens, PatchPositions()));
        return layers.Add(ImagePlace, all, layers.Row(Modalities, number));
    }

    /// <summary>Text and image as one sequence: text first.</summary>
    internal string Join(string text, string patches) => layers.Concat(Place, 1, text, patches);

    /// <summary>What is added to attention's scores: 0, or −∞ at padding, which images have none of; [batch, 1, 1, tokens].</summary>
    internal string KeyBias(string mask, string pixels)
    {
        var shape = layers.Concat(Place, 0, layers.Size(Place, pixels, 0), layers.Integers(1 + Patches));
        var patches = graph.Add(Place, "Expand", [graph.Tensor(OnnxTensor.Of("true", truth: true)), shape]);
        var keys = layers.Concat(Place, 1, mask, patches); // [batch, tokens]
        var bias = graph.Add(Place, "Where", [keys, layers.Constant(0), layers.Constant(float.NegativeInfinity)]);
        return graph.Add(Place, "Unsqueeze", [bias, layers.Integers(1, 2)]);
    }

    private string FirstPosition() => graph.Tensor(OnnxTensor.Of(PositionWeight + "[0]", [_width], () => Table()[.._width]));

    private string PatchPositions() => graph.Tensor(OnnxTensor.Of(
        $"{PositionWeight} of {_rows}×{_columns} patches",
        [Patches, _width],
        () => PositionTable.Resize(Table(), network.Sizes.Grid, _width, _rows, _columns)));

    private float[] Table() => network.Weights[PositionWeight].Floats();
}
