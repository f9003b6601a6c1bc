namespace DasSearch.Exports;

/// <summary>A planned ViLT as a graph: text and images in, logits out.</summary>
/// <remarks>Kim et al., arXiv:2102.03334, with the adapters of DAS, arXiv:2309.01479, as in the authors' code.</remarks>
internal sealed class ViltGraph
{
    private const string Batch = "batch";
    private const string Tokens = "tokens";
    private const string Pooler = "pooler";

    private readonly PlannedVilt _network;
    private readonly ImageSize _image;
    private readonly NetworkGraph _graph = new();
    private readonly GraphLayers _layers;
    private readonly EmbeddingGraph _embedding;
    private readonly BlockGraph _blocks;

    private ViltGraph(PlannedVilt network, ImageSize image)
    {
        (_network, _image) = (network, image);
        _layers = new GraphLayers(_graph, network.Weights);
        _embedding = new EmbeddingGraph(_graph, _layers, network, image);
        _blocks = new BlockGraph(_graph, _layers, network.Sizes);
    }

    /// <summary>Builds it.</summary>
    /// <param name="network">The network.</param>
    /// <param name="image">The size of its images, a multiple of the patches'.</param>
    internal static NetworkGraph Build(PlannedVilt network, ImageSize image)
    {
        var vilt = new ViltGraph(network, image);
        vilt.Add();
        return vilt._graph;
    }

    private void Add()
    {
        var images = Enumerable.Range(1, _network.Head.Images).Select(Image).ToList();
        var ids = _graph.Input(new OnnxValue(
            "text_ids", OnnxType.Int64, [Batch, Tokens], "Ids of tokens, the classification token first."));
        var mask = _graph.Input(new OnnxValue(
            "text_mask", OnnxType.Bool, [Batch, Tokens], "True where there is a token, false at padding."));
        var text = _embedding.Text(ids);
        var summaries = images.Select((image, i) => Summary(text, mask, image, number: i + 1)).ToArray();
        _graph.Output(
            new OnnxValue("logits", OnnxType.Float, [Batch, _network.Head.Outputs], "One score an answer or class, or for the pair."),
            Head(summaries));
    }

    private string Image(int number) => _graph.Input(new OnnxValue(
        _network.Head.Images == 1 ? "image" : FormattableString.Invariant($"image_{number}"),
        OnnxType.Float,
        [Batch, 3, _image.Height, _image.Width],
        "Red, green and blue, normalised as in training."));

    // To [batch, width].
    private string Summary(string text, string mask, string image, int number)
    {
        var keyBias = _embedding.KeyBias(mask, image);
        var embedded = _embedding.Join(text, _embedding.Image(image, number));
        var last = _network.Blocks.Aggregate(embedded, (x, block) => _blocks.Block(block, x, keyBias));
        var normalised = _layers.Norm("transformer.norm", last, BlockGraph.Epsilon);
        var first = _layers.Pick(Pooler, normalised, axis: 1, index: 0);
        return _graph.Add(Pooler, "Tanh", [_layers.Linear(Pooler + ".dense", first)]);
    }

    private string Head(string[] summaries)
    {
        var (name, hidden) = (_network.Head.Name, _network.Head.Hidden);
        var joined = summaries.Length == 1 ? summaries[0] : _layers.Concat(name, 1, summaries);
        if (hidden is null)
        {
            return _layers.Linear(name, joined);
        }

        var inner = _layers.Norm(name + ".1", _layers.Linear(name + ".0", joined), BlockGraph.AdapterEpsilon);
        return _layers.Linear(name + ".3", _layers.Gelu(name, inner));
    }
}
